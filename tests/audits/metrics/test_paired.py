"""Paired differences: the false alarms, the power and the interval of sign flips."""

import numpy as np
import pytest

from audits.metrics.paired import TOO_FEW_PAIRS, TOO_FEW_TITLES, Shared, paired_effect
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


def of_shared_titles(seed, shift=0.0, titles=60, viewers=200):
    """Differences that come from titles, of which each viewer shares three with many others."""
    rng = np.random.default_rng(seed)
    replaced = np.array([rng.choice(titles, 3, replace=False) for _ in range(viewers)])
    differences = rng.normal(shift, 0.3, titles)[replaced].mean(axis=1)
    differences += rng.normal(0, 0.1, viewers)
    shared = Shared(np.repeat(np.arange(viewers), 3), replaced.ravel())
    return differences, shared


def measure_shared(seed, *, by_title=True, **world):
    differences, shared = of_shared_titles(seed, **world)
    return paired_effect(
        differences=differences,
        seeds=seeds(len(differences), seed),
        permutations=199,
        draws=200,
        shared=shared if by_title else None,
    )


def test_what_sets_a_few_titles_apart_raises_no_alarm():
    found = [measure_shared(seed) for seed in range(200)]
    assert sum(one.p <= 0.05 for one in found) <= 20
    assert sum(one.interval.low < 0 < one.interval.high for one in found) >= 178
    blind = [measure_shared(seed, by_title=False) for seed in range(200)]
    assert sum(one.p <= 0.05 for one in blind) > 60  # which is why titles count


def test_a_shift_of_all_titles_is_found():
    found = [measure_shared(seed, shift=0.2) for seed in range(20)]
    assert sum(one.p <= 0.05 for one in found) >= 18


def test_what_chance_gives_and_what_shows_count_the_titles_too():
    found, blind = (measure_shared(0, by_title=by_title) for by_title in (True, False))
    assert found.null.low < blind.null.low and blind.null.high < found.null.high
    assert found.detectable > blind.detectable


def test_few_titles_are_not_tested():
    assert measure_shared(0, titles=29).untested == TOO_FEW_TITLES
    assert measure_shared(0, titles=30).p is not None


@pytest.mark.parametrize("rows", [[0] * 30, [*range(29)], [*range(31)], [-1, *range(30)]])
def test_titles_are_of_each_viewer_and_of_nobody_else(rows):
    shared = Shared(np.array(rows), np.arange(len(rows)))
    with pytest.raises(CannotMeasure, match="rows"):
        paired_effect(differences=np.ones(30), seeds=seeds(30), shared=shared)
