"""What a run's page says first: the verdicts, and how many viewers more they need."""

import pytest

from audits.admin.verdicts import by_verdict, times_needed
from audits.models import Statistic

LIFT = {
    "name": "lift_difference", "attribute": "gender", "group": "man", "estimate": -0.004,
    "low": -0.0196, "high": 0.0196, "margin": 0.01, "verdict": "insufficient evidence",
}  # fmt: skip


def one(**changes):
    return Statistic(**LIFT | changes)


def test_it_says_how_many_times_as_many_viewers_are_needed():
    # A standard error of .01 against a margin of .01; it takes one of .01 / 2.926.
    assert times_needed(one()) == pytest.approx(2.926**2, rel=1e-3)
    assert times_needed(one(low=-0.098, high=0.098)) == pytest.approx(25 * 2.926**2, rel=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "within margin"},
        {"verdict": "outside margin"},
        {"verdict": "descriptive", "margin": None},
        {"low": None, "high": None},
        {"low": -0.001, "high": 0.001},  # more viewers are not what is missing
        {"name": "leakage_auc"},  # an attack takes no more viewers than its effort says
        {"name": "flip_effect"},  # more viewers watch no more titles
    ],
)
def test_it_says_no_number_where_more_viewers_would_not_decide(changes):
    assert times_needed(one(**changes)) is None


def test_it_lists_what_is_judged_and_nothing_else_by_verdict():
    statistics = [
        one(number=0, verdict="within margin"),
        one(number=1, verdict="descriptive", margin=None),
        one(number=2, verdict="outside margin", headline=True),
        one(number=3, verdict="not measurable here", group="woman"),
        one(number=4, attribute="age_band × gender", group="18-24 × man"),
        one(number=5, verdict="within margin", name="prominence_gap"),
    ]
    said = by_verdict(statistics, {number: f"measure {number}" for number in range(6)})
    assert [(part["verdict"], [row["measure"] for row in part["rows"]]) for part in said] == [
        ("outside margin", ["measure 2"]),
        ("within margin", ["measure 0", "measure 5"]),
        ("not measurable here", ["measure 3"]),
    ]
    assert said[2]["rows"][0]["who"] == "Woman (gender)"
