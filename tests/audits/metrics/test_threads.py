"""Work side by side gives what one thread gives."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from audits.metrics.threads import side_by_side


def blas_threads():
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


@pytest.mark.parametrize("allowed", [1, 2])
def test_results_come_in_order_and_do_not_depend_on_threads(allowed):
    rows = np.random.default_rng(0).normal(size=(200, 90))
    with threadpool_limits(allowed):
        found = side_by_side(lambda at: rows[at:].T @ rows[at:], range(4))
    with threadpool_limits(1):
        alone = [rows[at:].T @ rows[at:] for at in range(4)]
    assert all(np.array_equal(one, other) for one, other in zip(found, alone, strict=True))


def test_no_thread_starts_threads_of_its_own_and_the_limit_comes_back():
    with threadpool_limits(2):
        before = blas_threads()
        seen = side_by_side(lambda _: max(blas_threads()), range(3))
        assert (seen, blas_threads()) == ([1, 1, 1], before)


def test_it_raises_what_the_first_item_that_fails_raises():
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda at: 1 / at, [1, 0, 2])
