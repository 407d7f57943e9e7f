"""No verdict rests on fewer viewers than the floor, counted where the measure counts."""

import numpy as np
import pytest

from audits.metrics.attack import attack
from audits.metrics.conditional import conditional_disparity, impact_ratio
from audits.metrics.differences import mean_difference
from audits.metrics.distance import exposure_distance
from audits.metrics.effort import Attacker, Effort
from audits.metrics.exposure import (
    depicted_difference,
    exposure_difference,
    logged_exposure_difference,
)
from audits.metrics.groups import MINIMUM_TO_TEST, Grouping
from audits.metrics.leakage import leakage, logged_leakage
from audits.metrics.panel import NOT_SHUFFLED, TOO_FEW
from audits.metrics.prominence import artwork_prominence, marginal_event, prominence_gap
from audits.metrics.refusals import CannotMeasure
from audits.metrics.value import Estimator, policy_value
from tests.audits.metrics.worlds import contrast, one_stratum, resampling, seeds

FEW = [1, 2, 10, MINIMUM_TO_TEST - 1]
FAST = Effort(
    repeats=1, shuffles=9, boosted_repeats=1, boosted_shuffles=9, viewers=400, rounds=3, draws=9
)
GROUP = contrast(np.arange(200) < 100)
TITLES = [1, 1, 2, 2]
APART = np.r_[np.tile([0.9, 0.1, 0.9, 0.1], (100, 1)), np.tile([0.1, 0.9, 0.1, 0.9], (100, 1))]
DEPICTED = artwork_prominence(
    artworks=4, artwork=[0, 1, 2, 3], share=[0.5, 0.1, 0.5, 0.1], billing=[1, 9, 1, 9]
)


def logged_value(owners, *, weights=None, estimator=Estimator.IPS, how=None):
    weights = np.ones(len(owners)) if weights is None else weights
    rewards = np.random.default_rng(0).random(len(owners)).round()
    return policy_value(
        viewers=owners,
        weights=weights,
        rewards=rewards,
        scores=rewards if estimator is Estimator.DR else None,
        estimator=estimator,
        contrast=GROUP,
        resampling=how or resampling(one_stratum(200)),
    )


def untested(measurement, why=TOO_FEW):
    bare = (measurement.interval, measurement.limits, measurement.null, measurement.p)
    assert bare == (None,) * 4
    assert measurement.detectable is None
    assert measurement.untested == why
    assert measurement.verdict(margin=0.9) == "insufficient evidence"


@pytest.mark.parametrize("estimator", Estimator)
@pytest.mark.parametrize("few", FEW)
def test_value_counts_viewers_with_a_decision(few, estimator):
    owners = np.r_[np.repeat(np.arange(100), 20), np.arange(100, 100 + few)]
    found = logged_value(owners, estimator=estimator)
    untested(found.difference)
    assert (found.rest.viewers, found.rest.interval) == (few, None)
    assert found.difference.viewers.rest == few


@pytest.mark.parametrize("few", FEW)
@pytest.mark.parametrize("estimator", Estimator)
def test_value_counts_viewers_whose_decisions_the_policy_could_have_made(few, estimator):
    owners = np.repeat(np.arange(200), 3)
    weights = (owners < 100 + few).astype(float)
    found = logged_value(owners, weights=weights, estimator=estimator)
    untested(found.difference)
    assert found.rest.interval is None


def test_value_is_tested_from_the_floor_on():
    owners = np.r_[np.repeat(np.arange(100), 20), np.arange(100, 100 + MINIMUM_TO_TEST)]
    found = logged_value(owners)
    assert found.difference.p is not None
    assert found.difference.viewers.rest == MINIMUM_TO_TEST


@pytest.mark.parametrize("estimator", Estimator)
def test_a_side_without_a_decision_is_refused(estimator):
    with pytest.raises(CannotMeasure, match="viewers: leave one side without a decision"):
        logged_value(np.arange(100), estimator=estimator)


@pytest.mark.parametrize("few", FEW)
def test_what_was_really_shown_counts_viewers_with_an_impression(few):
    seen = APART.round() * (np.arange(200) < 100 + few)[:, None]
    found = logged_exposure_difference(
        impressions=seen, titles=TITLES, contrast=GROUP, resampling=resampling(one_stratum(200))
    )
    untested(found.overall)
    assert found.overall.viewers.rest == few
    assert all(title.p is None for title in found.titles)
    if few >= FAST.folds:
        told = logged_leakage(
            artworks=seen,
            titles=np.add.reduceat(seen, [0, 2], axis=1),
            contrast=GROUP,
            strata=one_stratum(200),
            seeds=seeds(200),
            effort=FAST,
        )
        untested(told)
        assert told.viewers.rest == few


def test_a_title_that_few_saw_is_not_tested_beside_one_that_many_saw():
    seen = np.ones((200, 4))
    seen[105:, 2:] = 0
    found = logged_exposure_difference(
        impressions=seen, titles=TITLES, contrast=GROUP, resampling=resampling(one_stratum(200))
    )
    assert found.overall.p is not None
    assert [title.p is None for title in found.titles] == [False, True]
    assert found.titles[0].adjusted_p == found.titles[0].p  # one test, nothing to correct


@pytest.mark.parametrize("rest", [[0, 0, 0, 0], [0, 0, 1, 1]])
def test_sides_that_saw_nothing_in_common_are_refused(rest):
    seen = np.r_[np.tile([1.0, 2, 0, 0], (100, 1)), np.tile(np.array(rest, float), (100, 1))]
    with pytest.raises(CannotMeasure, match=r"contrast|impressions"):
        logged_exposure_difference(
            impressions=seen, titles=TITLES, contrast=GROUP, resampling=resampling(one_stratum(200))
        )


@pytest.mark.parametrize("few", FEW)
def test_means_count_viewers_with_exposure(few):
    exposures = np.r_[np.ones(100), np.ones(few), np.zeros(100 - few)]
    untested(
        mean_difference(
            values=exposures,
            exposures=exposures,
            contrast=GROUP,
            resampling=resampling(one_stratum(200)),
        )
    )


def strata_of(mixed):
    """The two sides never share a stratum, but for `mixed` viewers of each."""
    strata = np.repeat([0, 1], 100)
    strata[:mixed] = 2
    strata[100 : 100 + mixed] = 2
    return strata


def every_test(strata):
    """Each test of a contrast, on groups that differ as much as they can."""
    how = resampling(strata, permutations=19, draws=19)
    same = {"titles": TITLES, "contrast": GROUP, "resampling": how}
    told = {"contrast": GROUP, "strata": strata, "seeds": seeds(200), "effort": FAST}
    yield exposure_distance(exposure=APART, **same).overall
    yield exposure_difference(exposure=APART, **same).overall
    yield logged_exposure_difference(impressions=APART.round(), **same).overall
    yield depicted_difference(exposure=APART, depicted_share=[1.0, 0, 1, 0], **same)
    yield prominence_gap(exposure=APART, prominence=DEPICTED, **same).gap
    yield marginal_event(exposure=APART, prominence=DEPICTED, **same).difference
    for estimator in Estimator:
        yield logged_value(np.arange(200), estimator=estimator, how=how).difference
    for attacker in Attacker:
        yield attack(features=APART, attacker=attacker, **told).measurement
    found = leakage(served=APART, history=APART, **told)
    assert found.retention.estimate is None or found.served.measurement.p is not None
    yield found.served.measurement
    yield found.ceiling.measurement
    yield logged_leakage(artworks=APART, titles=np.ones((200, 2)), **told)


@pytest.mark.parametrize("mixed", [0, *FEW])
def test_labels_that_cannot_be_shuffled_test_nothing(mixed):
    for measurement in every_test(strata_of(mixed)):
        untested(measurement, NOT_SHUFFLED)


def test_labels_that_can_be_shuffled_among_enough_viewers_are_tested():
    for measurement in every_test(strata_of(MINIMUM_TO_TEST)):
        assert measurement.p is not None and not measurement.untested


def test_viewers_without_a_decision_do_not_make_strata_shuffle():
    """Both sides share a stratum, but on one side only those have decisions who share none."""
    strata = strata_of(50)
    owners = np.r_[np.arange(100), np.arange(150, 200)]
    found = logged_value(owners, how=resampling(strata))
    untested(found.difference, NOT_SHUFFLED)


@pytest.mark.parametrize("few", FEW)
def test_a_comparison_of_like_with_like_counts_viewers_with_a_counterpart(few):
    found = conditional_disparity(
        values=APART[:, 0], contrast=GROUP, resampling=resampling(strata_of(few))
    )
    assert found.interval is None
    assert (found.viewers.group, found.viewers.rest) == (few, few)


@pytest.mark.parametrize("few", FEW)
def test_a_ratio_with_a_small_group_has_no_interval(few):
    codes = np.r_[np.zeros(100, int), np.ones(few, int), np.full(100 - few, -1)]
    grouping = Grouping("gender", ("a", "b"), codes)
    assert (
        impact_ratio(values=APART[:, 0], grouping=grouping, seeds=seeds(200), draws=9).interval
        is None
    )


def test_data_that_never_vary_have_no_smallest_effect():
    found = mean_difference(
        values=np.full(200, 0.3), contrast=GROUP, resampling=resampling(one_stratum(200))
    )
    assert found.detectable is None
