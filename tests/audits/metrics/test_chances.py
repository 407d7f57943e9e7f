import numpy as np
import pytest

from audits.metrics.chances import Use, uniforms
from audits.metrics.refusals import CannotMeasure

VIEWERS = np.arange(400)  # neighbouring seeds are the hardest to tell apart


def of(use=Use.FOLDS, seeds=VIEWERS, **how):
    return uniforms(seeds=seeds, use=use, **({"count": 500} | how))


def test_a_viewers_numbers_depend_on_their_seed_alone():
    some = np.array([7, 3, 250])
    assert (of(seeds=some) == of()[:, some]).all()
    assert (of(first=20, count=30) == of()[20:50]).all()


def test_numbers_are_even_between_0_and_1():
    made = of()
    assert ((made >= 0) & (made < 1)).all()
    counts = np.bincount((made * 20).astype(int).ravel(), minlength=20)
    assert counts == pytest.approx(made.size / 20, rel=0.05)


def _correlation(left, right):
    return np.corrcoef(left.ravel(), right.ravel())[0, 1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(of()[:-1], of()[1:], id="one number and the next"),
        pytest.param(of()[:, :-1], of()[:, 1:], id="one viewer and the next"),
        pytest.param(of(Use.LABELS), of(Use.FOLDS), id="two uses"),
        pytest.param(of()[:-1, 1:], of()[1:, :-1], id="the next number of the viewer before"),
    ],
)
def test_numbers_are_independent(left, right):
    assert _correlation(left, right) == pytest.approx(0, abs=0.01)
    assert not (left == right).any()


def test_it_refuses_a_negative_seed_by_name():
    with pytest.raises(CannotMeasure) as caught:
        of(seeds=np.array([1, -1]))
    assert caught.value.field == "seeds"
