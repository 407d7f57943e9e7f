"""Reach: who discovers titles whose leads are under-represented."""

import numpy as np
import pytest

from audits.metrics.reach import reach, under_represented
from audits.metrics.refusals import CannotMeasure, NotMeasurable
from tests.audits.metrics.worlds import contrast, halves, one_stratum, resampling


@pytest.mark.parametrize(
    ("leads", "such"),
    [
        ({"man": 65, "woman": 35}, {"woman"}),
        ({"man": 65, "woman": 34, "nonbinary": 1}, {"woman", "nonbinary"}),
        ({"man": 50, "woman": 50}, set()),
        ({"man": 50}, set()),
        ({}, set()),
    ],
)
def test_every_class_but_the_most_common_is_under_represented(leads, such):
    assert under_represented(leads=leads) == such


@pytest.mark.parametrize("counts", [{"a": -1}, {"a": 1.5}])
def test_a_count_is_a_whole_number(counts):
    with pytest.raises(CannotMeasure, match="leads"):
        under_represented(leads=counts)


def logged(*, gains=(0.1, 0.1), seed=0, viewers=400, each=20):
    """Half of the decisions are about such titles; there the policy gains `gains` for the two
    sides, and elsewhere nothing."""
    rng = np.random.default_rng(seed)
    who = halves(viewers)
    owners = np.repeat(np.arange(viewers), each)
    such = np.arange(len(owners)) % 2 == 0
    gain = np.where(who.members[owners], *gains) * such
    baseline = rng.normal(0.2, 0.3, len(owners))
    return {
        "viewers": owners,
        "weights": np.ones(len(owners)),
        "scores": baseline + gain + rng.normal(0, 0.1, len(owners)),
        "baseline": baseline,
        "of_such_titles": such,
        "contrast": who,
        "resampling": resampling(one_stratum(viewers), seed=seed),
    }


def test_it_counts_decisions_about_such_titles_only():
    found = reach(**logged())
    assert found.group.estimate == pytest.approx(0.1, abs=0.01)
    assert found.rest.estimate == pytest.approx(0.1, abs=0.01)
    assert found.group.decisions == 200 * 10
    assert found.difference.verdict(margin=0.05) == "within margin"


def test_outreach_that_only_one_group_gets_shows():
    found = reach(**logged(gains=(0.1, 0.0)))
    assert found.difference.estimate == pytest.approx(0.1, abs=0.01)
    assert found.difference.p < 0.01


def test_ending_outreach_for_everybody_shows_in_each_groups_reach():
    before, after = reach(**logged(gains=(0.1, 0.05))), reach(**logged(gains=(0.0, 0.0)))
    assert before.group.interval.low > 0 and before.rest.interval.low > 0
    assert after.difference.verdict(margin=0.05) == "within margin"
    assert after.group.interval.high < before.group.interval.low


def test_without_a_decision_about_such_a_title_it_is_not_measurable():
    with pytest.raises(NotMeasurable, match="no decision"):
        reach(**logged() | {"of_such_titles": np.zeros(400 * 20, bool)})


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("of_such_titles", {"of_such_titles": [True]}),
        ("scores", {"scores": [0.1, float("nan")]}),
        ("viewers", {"of_such_titles": [True, False]}),
    ],
)
def test_it_refuses_by_name(field, change):
    good = {
        "viewers": [0, 1], "weights": [1.0, 1.0], "scores": [0.1, 0.2], "baseline": [0.1, 0.1],
        "of_such_titles": [True, True], "contrast": contrast([1, 0]),
        "resampling": resampling([0, 0]),
    }  # fmt: skip
    with pytest.raises(CannotMeasure) as caught:
        reach(**good | change)
    assert caught.value.field == field
