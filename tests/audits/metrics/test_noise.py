import numpy as np
import pytest

from audits.metrics.groups import Viewers
from audits.metrics.noise import Noise, signed_root
from audits.metrics.refusals import CannotMeasure

# One direction only: the estimate is (distance + error)² less the error's variance.
ERRORS = np.random.default_rng(1).normal(size=20_000) * 0.01


def noise(errors=ERRORS, viewers=1_000):
    squares = errors**2
    around = squares - squares.mean()
    return Noise(errors, errors, around, float(squares.mean()), Viewers(viewers, viewers, 0))


def test_roots_keep_the_sign():
    assert signed_root([4.0, -9.0, 0.0]).tolist() == [2.0, -3.0, 0.0]


def test_the_interval_of_one_direction_is_the_usual_one():
    """At a distance of 10 standard errors, 1.96 of them on each side."""
    found = noise().interval(0.1**2, confidence=0.95)
    assert found.low == pytest.approx(0.1 - 0.0196, abs=0.001)
    assert found.high == pytest.approx(0.1 + 0.0196, abs=0.001)


def test_a_wider_confidence_gives_a_wider_interval():
    narrow, wide = (noise().interval(0.02**2, confidence=each) for each in (0.8, 0.95))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_smallest_distance_shown_is_that_of_the_normal_test():
    """|error| stays below 1.96 times in 20; 1.96 + .84 standard errors pass it four times in 5."""
    assert noise().detectable() == pytest.approx(0.028, abs=0.0005)


def test_four_times_as_many_viewers_halve_the_margin():
    more, fewer = (noise().viewers_needed(margin=margin) for margin in (0.02, 0.04))
    assert more.group == pytest.approx(4 * fewer.group, rel=0.02)
    assert more.group == more.rest


def test_the_viewers_it_computes_have_the_power_it_names():
    needed = noise().viewers_needed(margin=0.02)
    errors = np.random.default_rng(2).normal(size=2_000) * 0.01 * np.sqrt(1_000 / needed.group)
    shown = noise(errors, needed.group)
    squares = errors[:150] ** 2 - shown.offset
    within = [shown.interval(each, confidence=0.9).high < 0.02 for each in squares]
    assert 0.68 < np.mean(within) < 0.90


@pytest.mark.parametrize("margin", [0, -1, float("nan"), float("inf")])
def test_it_refuses_a_margin_that_is_none(margin):
    with pytest.raises(CannotMeasure, match="margin"):
        noise().viewers_needed(margin=margin)


@pytest.mark.parametrize("confidence", [0, 1, 2])
def test_it_refuses_a_confidence_that_is_none(confidence):
    with pytest.raises(CannotMeasure, match="confidence"):
        noise().interval(0.1, confidence=confidence)


def test_it_refuses_draws_of_different_lengths():
    with pytest.raises(CannotMeasure, match="along"):
        Noise(ERRORS[:3], ERRORS, ERRORS, 0.0, Viewers(1, 1, 0))


def test_the_limits_of_a_verdict_hold_for_every_direction():
    """The estimated direction varies little, and the widest a lot: a verdict assumes the widest."""
    errors = ERRORS / 10
    squares = ERRORS**2
    found = Noise(errors, ERRORS, squares - squares.mean(), float(squares.mean()), Viewers(9, 9, 0))
    narrow, wide = (each(0.1**2, confidence=0.9) for each in (found.interval, found.limits))
    assert wide.low < narrow.low < narrow.high < wide.high
    assert found.limits(-1.0, confidence=0.9).high == 0.0
