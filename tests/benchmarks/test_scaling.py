"""The slopes are those of planted lines, and the design can separate them."""

import numpy as np
import pytest

from benchmarks.scaling import DESIGN, line, per_unit


def test_a_planted_line_is_found_with_no_error():
    given = [[1, *row] for row in per_unit(DESIGN)]
    found = line(given, [0.5 + 2 * m + 0.25 * a + 0.125 * w for _, m, a, w in given])
    for (value, error), truth in zip(found, [0.5, 2, 0.25, 0.125], strict=True):
        assert value == pytest.approx(truth)
        assert error == pytest.approx(0, abs=1e-9)


def test_noise_shows_in_the_standard_errors():
    random = np.random.default_rng(1)
    x = [[1, n] for n in range(200)]
    ((_, _), (slope, error)) = line(x, [3 * n + random.normal(0, 2) for _, n in x])
    assert error == pytest.approx(2 / np.sqrt(200 * 199 * 201 / 12), rel=0.2)
    assert abs(slope - 3) < 4 * error
