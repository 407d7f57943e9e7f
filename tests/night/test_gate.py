import copy

import pytest

from personalization.auditing import Verdict
from personalization.night import gate

BOUNDS = gate.Bounds(margin=0.005, sample=500)
PASSED = Verdict(True, [{"name": "leakage", "met": True, "words": "AUC .55 of .60 allowed."}], "1")
DATA = {"decisions": 16_000, "rewards": 1_600, "refused": 0, "missing": [], "rate_before": 0.098}


def estimate(value, low, high):
    return {"dr": {"value": value, "low": low, "high": high}}


EVALUATION = {
    "rival": "serving",
    "policies": {"candidate": {"ess": 4_000.0} | estimate(0.13, 0.12, 0.14)},
    "differences": {
        "serving": estimate(0.002, -0.002, 0.006),
        "uniform": estimate(0.02, 0.01, 0.03),
        "context_free": estimate(0.004, -0.001, 0.009),
    },
}


def judge(*, verdict=PASSED, audited=True, data=None, **changes):
    evaluation = copy.deepcopy(EVALUATION)
    evaluation["rival"] = changes.pop("rival", "serving")
    evaluation["policies"]["candidate"]["ess"] = changes.pop("ess", 4_000.0)
    for name, numbers in changes.items():
        evaluation["differences"][name] = estimate(*numbers)
    return gate.conditions(
        evaluation, verdict, audited=audited, data=DATA | (data or {}), bounds=BOUNDS
    )


def unmet(found):
    return [condition["name"] for condition in found if not condition["met"]]


def test_a_candidate_that_meets_everything_is_promoted_with_its_figures():
    found = judge()
    assert gate.passed(found)
    assert "Against the serving model it earns +0.0020 per decision" in gate.reason(found)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"ess": 499.0}, ["sample"]),
        ({"serving": (0.002, -0.0051, 0.01)}, ["value"]),
        ({"serving": (0.01, None, None)}, ["value"]),
        ({"rival": "uniform", "uniform": (0.01, -0.001, 0.02)}, ["value"]),
        ({"context_free": (-0.0001, -0.001, 0.001)}, ["context_free"]),
        ({"context_free": (0.001, -0.0051, 0.01)}, ["context_free"]),
        ({"context_free": (0.01, None, None)}, ["context_free"]),
        ({"data": {"decisions": 999, "rewards": 99}}, ["volume"]),
        ({"data": {"decisions": 0, "rewards": 0}}, ["volume", "rate"]),
        ({"data": {"rewards": 0}}, ["rate"]),
        ({"data": {"rewards": 8_000}}, ["rate"]),
        ({"data": {"rate_before": None}}, ["rate"]),
        ({"data": {"rate_before": 0.0}}, ["rate"]),
        ({"data": {"refused": 200}}, ["refused"]),
        ({"data": {"missing": ["a", "b", "c"]}}, ["missing"]),
        ({"verdict": None}, ["audit"]),
        ({"verdict": None, "audited": False}, ["audit"]),
    ],
)
def test_each_condition_alone_holds_a_candidate_and_says_why(changes, names):
    found = judge(**changes)
    assert unmet(found) == names
    words = {condition["name"]: condition["words"] for condition in found}
    assert gate.reason(found) == " ".join(words[name] for name in names)


@pytest.mark.parametrize(
    "changes",
    [
        {"ess": 500.0},
        {"serving": (-0.001, -0.005, 0.003)},
        {"rival": "uniform", "uniform": (0.01, 0.0001, 0.02)},
        {"data": {"refused": 160}},
        {"data": {"missing": ["a", "b"]}},
        {"data": {"rewards": 3_100}},
    ],
)
def test_the_bounds_themselves_are_met(changes):
    assert gate.passed(judge(**changes))


def test_an_audit_that_fails_is_named_with_its_bound():
    bound = {"name": "leakage", "met": False, "words": "AUC .70, and .60 is allowed."}
    found = judge(verdict=Verdict(False, [bound], "7"))
    assert unmet(found) == ["audit", "audit: leakage"]
    assert "AUC .70" in gate.reason(found)


def test_an_audit_that_contradicts_itself_does_not_pass():
    bound = {"name": "leakage", "met": False, "words": "AUC .70, and .60 is allowed."}
    assert not gate.passed(judge(verdict=Verdict(True, [bound], "7")))
