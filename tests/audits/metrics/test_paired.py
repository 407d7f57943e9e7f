"""Paired differences: the false alarms, the power and the interval of sign flips."""

import numpy as np
import pytest

from audits.metrics.paired import TOO_FEW_PAIRS, paired_effect
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import seeds


def measure(differences, seed=1):
    own = seeds(len(differences), seed)
    return paired_effect(differences=differences, seeds=own, permutations=199, draws=200)


def test_it_finds_a_shift_and_its_interval_covers_it():
    found = measure(np.random.default_rng(0).normal(0.2, 0.5, 200))
    assert found.p == pytest.approx(1 / 200)
    assert found.interval.low < 0.2 < found.interval.high
    assert found.verdict(margin=0.05) == "outside margin"
    assert found.verdict(margin=0.4) == "within margin"


def test_without_a_shift_it_alarms_in_one_of_twenty_and_covers_nothing():
    rng = np.random.default_rng(1)
    found = [measure(rng.exponential(1, 60) * rng.choice([-1, 1], 60), seed) for seed in range(200)]
    assert 2 <= sum(one.p <= 0.05 for one in found) <= 20
    assert 178 <= sum(one.interval.low < 0 < one.interval.high for one in found) <= 199


@pytest.mark.parametrize("viewers", [1, 9, 10, 29])
def test_few_viewers_are_not_tested(viewers):
    found = measure(np.ones(viewers))
    assert (found.p, found.interval, found.untested) == (None, None, TOO_FEW_PAIRS)
    assert found.verdict(margin=0.1) == "insufficient evidence"


def test_from_thirty_viewers_on_they_are():
    assert measure(np.ones(30)).p is not None


def test_no_difference_at_all_is_within_any_margin():
    found = measure(np.zeros(40))
    assert (found.p, found.detectable) == (1.0, None)
    assert found.verdict(margin=0.01) == "within margin"


@pytest.mark.parametrize("differences", [[], [0.1, float("nan")], [[0.1]]])
def test_it_refuses_by_name(differences):
    with pytest.raises(CannotMeasure, match="differences"):
        measure(differences)
