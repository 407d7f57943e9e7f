import copy

import pytest

from personalization.release import gate
from personalization.release.auditing import Verdict

BOUNDS = gate.bounds()
PASSED = Verdict(True, [{"name": "leakage", "met": True, "words": "AUC .55 of .60 allowed."}], "1")
DATA = {
    "days": 2,
    "decisions": 16_000,
    "rewards": 1_600,
    "refused": 0,
    "missing": [],
    "volumes": [7_000, 9_000],
    "rates": [0.09, 0.11],
}


def estimate(value, low, high):
    return {"dr": {"value": value, "low": low, "high": high}, "refused": None}


EVALUATION = {
    "rival": "serving",
    "decisions": 16_000,
    "viewers": 400,
    "unknown": 0,
    "drift": {"feature": "genre:war", "shift": 0.1},
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
    for name in ("viewers", "unknown", "drift"):
        evaluation[name] = changes.pop(name, evaluation[name])
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
        ({"viewers": 29}, ["viewers"]),
        ({"data": {"decisions": 999, "rewards": 99, "volumes": [500]}}, ["volume"]),
        ({"data": {"decisions": 6_998, "rewards": 700}}, ["usual_volume"]),
        ({"data": {"decisions": 36_002, "rewards": 3_600}}, ["usual_volume"]),
        ({"data": {"volumes": []}}, ["usual_volume"]),
        ({"data": {"decisions": 0, "rewards": 0}}, ["volume", "usual_volume", "rate"]),
        ({"data": {"rewards": 0}}, ["rate"]),
        ({"data": {"rewards": 719}}, ["rate"]),
        ({"data": {"rewards": 3_521}}, ["rate"]),
        ({"data": {"rates": []}}, ["rate"]),
        ({"data": {"rates": [0.0, 0.0]}}, ["rate"]),
        ({"unknown": 843}, ["unknown"]),
        ({"drift": {"feature": "genre:war", "shift": -0.51}}, ["drift"]),
        ({"drift": None}, ["drift"]),
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
        {"viewers": 30},
        {"data": {"decisions": 7_000, "rewards": 700}},
        {"data": {"decisions": 36_000, "rewards": 3_600}},
        {"data": {"rewards": 720}},
        {"data": {"rewards": 3_520}},
        {"unknown": 842},
        {"drift": {"feature": "genre:war", "shift": -0.5}},
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


def test_a_refused_comparison_says_what_it_lacks():
    evaluation = copy.deepcopy(EVALUATION)
    words = "Too little to conclude from: an effective sample size of 40 of the 500 needed."
    evaluation["differences"]["context_free"] = estimate(None, None, None) | {"refused": words}
    found = gate.conditions(evaluation, PASSED, audited=True, data=DATA, bounds=BOUNDS)
    assert unmet(found) == ["context_free"]
    assert "nothing is concluded (too little to conclude from: an effective" in gate.reason(found)


def test_words_name_the_figure_and_its_bound():
    found = judge(
        data={"decisions": 6_998, "rewards": 700},
        drift={"feature": "mood:dark", "shift": 0.7},
        unknown=1_000,
    )
    reason = gate.reason(found)
    assert "3,499 decisions a day; the 2 days before them held 7,000 to 9,000" in reason
    assert "“mood:dark” moved furthest since the newest days learnt from: +0.70" in reason
    assert "1,000 decisions (5.9%) had artworks" in reason


def test_an_evaluation_from_before_drift_was_measured_does_not_pass():
    evaluation = copy.deepcopy(EVALUATION)
    del evaluation["drift"]
    found = gate.conditions(evaluation, PASSED, audited=True, data=DATA, bounds=BOUNDS)
    assert unmet(found) == ["drift"]


def test_the_settings_name_every_bound(settings):
    settings.GATE_MARGIN, settings.GATE_SAMPLE, settings.GATE_VIEWERS = 0.1, 7.0, 8
    settings.GATE_DECISIONS, settings.GATE_REFUSED, settings.GATE_UNKNOWN = 9, 0.2, 0.3
    settings.GATE_MISSING, settings.GATE_RANGE, settings.GATE_DRIFT = 4, 5.0, 6.0
    assert gate.bounds() == gate.Bounds(0.1, 7.0, 8, 9, 0.2, 0.3, 4, 5.0, 6.0)
