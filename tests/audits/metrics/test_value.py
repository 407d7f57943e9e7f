import numpy as np
import pytest

from audits.metrics.conditional import conditional_disparity, impact_ratio
from audits.metrics.groups import Grouping
from audits.metrics.lift import policy_lift
from audits.metrics.refusals import CannotMeasure
from audits.metrics.value import ALL_THE_SAME, Estimator, policy_value
from tests.audits.metrics.worlds import contrast, halves, one_stratum, resampling, seeds


def logged(viewers=200, each=5, lift=0.0, seed=0):
    """Uniform decisions between two artworks; the target policy always shows the second, which
    earns .3 (plus `lift` for members) where the first earns .1."""
    rng = np.random.default_rng(seed)
    who = halves(viewers)
    owners = np.repeat(np.arange(viewers), each)
    second = rng.random(len(owners)) < 0.5
    chance = np.where(second, 0.3 + lift * who.members[owners], 0.1)
    return {
        "viewers": owners,
        "weights": np.where(second, 2.0, 0.0),
        "rewards": (rng.random(len(owners)) < chance).astype(float),
        "contrast": who,
        "resampling": resampling(one_stratum(viewers)),
    }


def grouping(codes):
    return Grouping("gender", ("a", "b"), np.array(codes))


def test_the_estimators_by_hand():
    log = {
        "viewers": [0, 0, 1],
        "weights": [2.0, 1.0, 0.5],
        "rewards": [1.0, 0.0, 1.0],
        "contrast": contrast([1, 0]),
        "resampling": resampling([0, 0]),
    }
    assert policy_value(**log, estimator=Estimator.IPS).group.estimate == pytest.approx(1.0)
    found = policy_value(**log)
    assert found.group.estimate == pytest.approx(2 / 3)
    assert found.rest.estimate == pytest.approx(1.0)
    assert found.group.effective_sample_size == pytest.approx(9 / 5)
    assert found.group.largest_weight == 2.0
    assert found.difference.p is None
    assert found.group.interval is None
    robust = policy_value(**log, estimator=Estimator.DR, scores=[0.4, 0.2, 0.9])
    assert robust.group.estimate == pytest.approx(0.3)
    assert robust.difference.estimate == pytest.approx(-0.6)


@pytest.mark.parametrize("estimator", [Estimator.IPS, Estimator.SNIPS])
def test_it_finds_the_target_policys_value_from_another_policys_log(estimator):
    covered, estimates = 0, []
    for seed in range(60):
        found = policy_value(**logged(viewers=120, seed=seed), estimator=estimator)
        estimates.append(found.group.estimate)
        covered += found.group.interval.low < 0.3 < found.group.interval.high
    assert np.mean(estimates) == pytest.approx(0.3, abs=0.02)
    assert covered >= 51  # nominally 57 of 60


def test_it_sees_a_group_that_is_served_better():
    found = policy_value(**logged(viewers=600, lift=0.3)).difference
    assert found.estimate == pytest.approx(0.3, abs=0.08)
    assert found.p == pytest.approx(1 / 200)


def test_equal_groups_differ_by_chance_only():
    rejected = 0
    for seed in range(100):
        found = policy_value(
            **logged(viewers=80, seed=seed)
            | {"resampling": resampling(one_stratum(80), seed=seed, permutations=99, draws=2)}
        )
        rejected += found.difference.p <= 0.05
    assert rejected <= 13


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("viewers", {"viewers": [0, 9]}),
        ("viewers", {"viewers": np.empty(0, int)}),
        ("weights", {"weights": [1.0, -1.0]}),
        ("weights", {"weights": [1.0, float("inf")]}),
        ("rewards", {"rewards": [0.0, 2.0]}),
        ("rewards", {"rewards": [0.0]}),
        ("scores", {"scores": [0.1, 0.2]}),
        ("scores", {"estimator": Estimator.DR}),
        ("weights", {"weights": [0.0, 1.0]}),
    ],
)
def test_it_refuses_by_the_arguments_name(field, change):
    good = {
        "viewers": [0, 1],
        "weights": [1.0, 1.0],
        "rewards": [0.0, 1.0],
        "contrast": contrast([1, 0]),
        "resampling": resampling([0, 0]),
    }
    with pytest.raises(CannotMeasure) as caught:
        policy_value(**(good | change))
    assert caught.value.field == field


def test_conditional_disparity_says_what_it_dropped():
    found = conditional_disparity(
        values=[1.0, 0.0, 1.0, 1.0, 0.0],
        contrast=contrast([1, 0, 1, 0, 0]),
        resampling=resampling([0, 0, 1, 1, 2]),
    )
    assert found.unconditional == pytest.approx(1 - 1 / 3)
    assert found.by_stratum == {0: 1.0, 1: 0.0}
    assert found.conditional == pytest.approx(0.5)
    assert found.dropped_share == pytest.approx(0.2)


def test_no_stratum_with_both_sides_leaves_no_conditional_figure():
    found = conditional_disparity(
        values=[1.0, 0.0], contrast=contrast([1, 0]), resampling=resampling([0, 1])
    )
    assert found.conditional is None
    assert found.dropped_share == 1.0


def test_the_impact_ratio_of_equal_groups_falls_below_four_fifths_by_chance():
    """Five equal groups at .2, a hundred viewers each: the known 93 %."""
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(5), 100)
    below = [
        impact_ratio(
            values=(rng.random(500) < 0.2).astype(float),
            grouping=Grouping("gender", tuple("abcde"), codes),
            seeds=seeds(500),
            draws=2,
        ).estimate
        < 0.8
        for _ in range(200)
    ]
    assert np.mean(below) == pytest.approx(0.93, abs=0.06)


@pytest.mark.parametrize("rates", [(0.5, 0.5), (0.5, 0.5, 0.5, 0.5), (0.4, 0.5), (0.3, 0.5, 0.5)])
def test_the_impact_ratio_lies_in_its_interval_where_groups_are_equal_too(rates):
    rng = np.random.default_rng(1)
    groups, size = len(rates), 60
    codes = np.repeat(np.arange(groups), size)
    held = []
    for world in range(200):
        interval = impact_ratio(
            values=(rng.random(groups * size) < np.repeat(rates, size)).astype(float),
            grouping=Grouping("gender", tuple("abcd"[:groups]), codes),
            seeds=seeds(groups * size, world),
            draws=300,
        ).interval
        held.append(interval.low <= min(rates) / max(rates) <= interval.high)
    # The intervals of several pairs hold together, so that of the farthest pair is careful.
    most = 0.985 if groups == 2 else 1.0
    assert 0.92 <= np.mean(held) <= most


def test_a_group_without_a_success_has_no_interval_of_the_ratio():
    values = np.repeat([0.0, 1.0], 40)
    found = impact_ratio(values=values, grouping=grouping(values.astype(int)), seeds=seeds(80))
    assert (found.estimate, found.interval) == (0.0, None)


def test_the_impact_ratio_by_hand():
    found = impact_ratio(
        values=[0.2, 0.4, 0.6, 0.9], grouping=grouping([0, 0, 1, -1]), seeds=seeds(4), draws=50
    )
    assert found.interval is None
    assert found.estimate == pytest.approx(0.5)
    assert found.rates == pytest.approx({"a": 0.3, "b": 0.6})
    with pytest.raises(CannotMeasure, match="grouping"):
        impact_ratio(values=[0.1], grouping=grouping([0]), seeds=seeds(1))


@pytest.mark.parametrize("estimator", [Estimator.IPS, Estimator.DR])
def test_weights_that_are_all_zero_leave_an_effective_sample_size_of_zero(estimator):
    owners = np.repeat(np.arange(200), 3)
    found = policy_value(
        viewers=owners,
        weights=(owners % 2 == 1).astype(float),
        rewards=np.ones(600),
        scores=np.ones(600) if estimator is Estimator.DR else None,
        contrast=halves(200),
        resampling=resampling(one_stratum(200)),
        estimator=estimator,
    )
    assert (found.group.effective_sample_size, found.group.largest_weight) == (0.0, 0.0)
    assert found.group.interval is None
    assert found.rest.effective_sample_size == pytest.approx(300)
    assert found.difference.verdict(margin=0.9) == "insufficient evidence"


def test_very_large_and_very_small_weights_count_alike():
    log = logged()
    for size in (1e-6, 1e40):
        found = policy_value(**log | {"weights": log["weights"] * size})
        plain = policy_value(**log)
        assert found.group.effective_sample_size == pytest.approx(plain.group.effective_sample_size)
        assert found.group.estimate == pytest.approx(plain.group.estimate)


@pytest.mark.parametrize("earned", [0.0, 1.0])
@pytest.mark.parametrize("estimator", Estimator)
def test_rewards_that_are_all_the_same_are_no_evidence(earned, estimator):
    """Of 30 viewers nobody played: up to a tenth of them might have. That is no equality."""
    owners = np.r_[np.repeat(np.arange(100), 20), np.arange(100, 130)]
    rewards = np.full(len(owners), earned)
    found = policy_value(
        viewers=owners,
        weights=np.ones(len(owners)),
        rewards=rewards,
        scores=rewards if estimator is Estimator.DR else None,
        contrast=contrast(np.arange(200) < 100),
        resampling=resampling(one_stratum(200)),
        estimator=estimator,
    )
    assert found.difference.estimate == 0
    assert found.difference.untested == ALL_THE_SAME
    assert found.group.interval is None and found.rest.interval is None
    assert found.difference.verdict(margin=0.02) == "insufficient evidence"


def test_two_policies_that_never_differ_do_not_differ():
    """Of two policies the difference is known and not drawn: without one, it is within margin."""
    log = logged()
    same = np.zeros(len(log["viewers"]))
    rest = {name: log[name] for name in ("viewers", "weights", "contrast", "resampling")}
    found = policy_lift(**rest, scores=same, baseline=same)
    assert found.difference.verdict(margin=0.01) == "within margin"
