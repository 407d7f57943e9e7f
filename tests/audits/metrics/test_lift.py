"""Lift: what is judged of a policy's worth, since groups differ before any choice is made."""

import numpy as np
import pytest

from audits.metrics.lift import policy_lift
from audits.metrics.refusals import CannotMeasure
from audits.metrics.value import Estimator, policy_value
from tests.audits.metrics.worlds import contrast, halves, one_stratum, resampling

VIEWERS, EACH = 600, 20


def logged(*, shares=(0.9, 0.9), seed=0):
    """Even draws between two artworks, of which the second earns .1 more.

    The group earns .1 more than the rest whatever is shown. `shares` are how often the policy
    shows the second artwork to the group and to the rest; the baseline draws evenly.
    """
    rng = np.random.default_rng(seed)
    who = halves(VIEWERS)
    owners = np.repeat(np.arange(VIEWERS), EACH)
    member = who.members[owners]
    second = rng.random(len(owners)) < 0.5
    rewards = (rng.random(len(owners)) < 0.1 + 0.1 * member + 0.1 * second).astype(float)
    share = np.where(member, shares[0], shares[1])
    weights = np.where(second, share, 1 - share) / 0.5
    common = {"contrast": who, "resampling": resampling(one_stratum(VIEWERS), seed=seed)}
    value = {"viewers": owners, "weights": weights, "scores": weights * rewards} | common
    return value, rewards


def both(**world):
    value, rewards = logged(**world)
    worth = policy_value(**value, rewards=rewards, estimator=Estimator.DR)
    return worth, policy_lift(**value, baseline=rewards)


def test_groups_that_differ_before_any_choice_differ_in_value_and_not_in_lift():
    value, lift = both()
    assert value.difference.estimate == pytest.approx(0.1, abs=0.03) and value.difference.p < 0.01
    assert lift.group.estimate == pytest.approx(0.04, abs=0.02)
    assert lift.rest.estimate == pytest.approx(0.04, abs=0.02)
    assert abs(lift.difference.estimate) < 0.02 and lift.difference.p > 0.05


def test_a_choice_that_helps_one_group_only_shows():
    _, lift = both(shares=(0.9, 0.5))
    assert lift.difference.estimate == pytest.approx(0.04, abs=0.02)
    assert lift.difference.p < 0.05 and lift.difference.interval.low > 0


def test_levelling_down_shows_as_lift_that_each_group_loses():
    """Drawing evenly for everybody ends the difference in lift, and the lift with it."""
    before_value, before = both(shares=(0.9, 0.7))
    value, after = both(shares=(0.5, 0.5))
    assert after.difference.estimate == 0 and before.difference.p < 0.05
    assert (after.group.estimate, after.rest.estimate) == (0, 0)
    assert before.group.interval.low > 0 and before.rest.interval.low > 0
    # The difference in value hardly moves, so that it alone would hide what was lost.
    assert value.difference.estimate > 0.05 and before_value.difference.estimate > 0.05


def test_the_interval_covers_the_truth():
    covered = 0
    for seed in range(60):
        _, lift = both(shares=(0.9, 0.5), seed=seed)
        covered += lift.difference.interval.low < 0.04 < lift.difference.interval.high
    assert covered >= 51  # nominally 57 of 60


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("baseline", {"baseline": [0.1]}),
        ("baseline", {"baseline": [0.1, float("nan")]}),
        ("scores", {"scores": [0.1, float("inf")]}),
        ("weights", {"weights": [1.0]}),
        ("viewers", {"viewers": [0, 2]}),
    ],
)
def test_it_refuses_by_the_arguments_name(field, change):
    good = {
        "viewers": [0, 1],
        "weights": [1.0, 1.0],
        "scores": [0.1, 0.2],
        "baseline": [0.1, 0.1],
        "contrast": contrast([1, 0]),
        "resampling": resampling([0, 0]),
    }
    with pytest.raises(CannotMeasure) as caught:
        policy_lift(**(good | change))
    assert caught.value.field == field
