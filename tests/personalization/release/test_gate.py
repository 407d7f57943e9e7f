import copy
from dataclasses import replace

import pytest

from personalization.evaluation.report import Evaluation, EvaluationMalformed
from personalization.release import policy
from personalization.release.auditing import AuditVerdict, bound
from personalization.release.bounds import Bounds, bounds
from personalization.release.conditions import ConditionState
from personalization.release.data_facts import DataFacts
from personalization.release.gate import gate_conditions, reason
from tests.personalization.factories import BOUNDS, EVALUATION

KEPT, BROKEN, UNKNOWN = ConditionState.KEPT, ConditionState.BROKEN, ConditionState.UNKNOWN
PASSED = AuditVerdict((bound("leakage", KEPT, "AUC .55 of .60 allowed."),), "1")
SERVES, HOLDS = (policy.ReleasePolicy(policy.OnUnknown(each)) for each in ("serve", "hold"))
CHANCE = 0.0001
DATA = DataFacts(
    days=2,
    decisions=16_000,
    rewards=1_600,
    refused=0,
    missing=(),
    volumes=(7_000, 9_000),
    rates=(0.09, 0.11),
)


def estimate(value, low, high):
    dr = {"value": value, "low": low, "high": high}
    return {"dr": dr, "ips": dr, "ess": 4_000.0, "refused": None}


STORED = EVALUATION | {
    "rival": "serving",
    "differences": {
        "serving": estimate(0.002, -0.002, 0.006),
        "uniform": estimate(0.02, 0.01, 0.03),
        "context_free": estimate(0.004, -0.001, 0.009),
    },
}


def judge(*, verdict=PASSED, audited=True, data=None, **changes):
    stored = copy.deepcopy(STORED)
    stored["rival"] = changes.pop("rival", "serving")
    stored["policies"]["candidate"]["ess"] = changes.pop("ess", 4_000.0)
    for name in ("viewers", "unknown", "drift"):
        stored[name] = changes.pop(name, stored[name])
    for name, numbers in changes.items():
        stored["differences"][name] = estimate(*numbers)
    return gate_conditions(
        Evaluation.from_json(stored),
        verdict,
        audited=audited,
        data=replace(DATA, **(data or {})),
        bounds=BOUNDS,
        chance=CHANCE,
    )


def states(conditions, state):
    return [condition.name for condition in conditions if condition.state == state]


def holding(conditions, release_policy=SERVES):
    return [condition.name for condition in conditions if release_policy.holds(condition)]


def test_a_candidate_that_keeps_every_condition_serves_with_its_figures():
    conditions = judge()
    assert SERVES.lets_serve(conditions) and HOLDS.lets_serve(conditions)
    words = reason(conditions, SERVES)
    assert words.startswith("Every condition is kept. ")
    assert "Against the serving model it earns +0.0020 per decision" in words


BROKEN_CASES = [
    ({"serving": (-0.02, -0.03, -0.0051)}, ["value"]),
    ({"rival": "uniform", "uniform": (-0.01, -0.03, 0.0)}, ["value"]),
    ({"context_free": (-0.0001, -0.001, 0.001)}, ["context_free"]),
    ({"context_free": (-0.02, -0.03, -0.0051)}, ["context_free"]),
    ({"data": {"decisions": 6_998, "rewards": 700}}, ["usual_volume"]),
    ({"data": {"decisions": 36_002, "rewards": 3_600}}, ["usual_volume"]),
    ({"data": {"rewards": 0}}, ["rate"]),
    ({"data": {"rewards": 719}}, ["rate"]),
    ({"data": {"rewards": 3_521}}, ["rate"]),
    ({"unknown": 843}, ["unknown"]),
    ({"drift": {"feature": "genre:war", "shift": -0.51}}, ["drift"]),
    ({"data": {"refused": 200}}, ["refused"]),
    ({"data": {"missing": ("a", "b", "c")}}, ["missing"]),
    ({"verdict": None}, ["audit"]),
    ({"verdict": None, "audited": False}, ["audit"]),
]
UNKNOWN_CASES = [
    ({"ess": 499.0}, ["sample"]),
    ({"viewers": 29}, ["viewers"]),
    ({"serving": (0.002, -0.0051, 0.01)}, ["value"]),
    ({"serving": (0.01, None, None)}, ["value"]),
    ({"rival": "uniform", "uniform": (0.01, -0.001, 0.02)}, ["value"]),
    ({"context_free": (0.001, -0.0051, 0.01)}, ["context_free"]),
    ({"context_free": (0.01, None, None)}, ["context_free"]),
    ({"data": {"decisions": 999, "rewards": 99, "volumes": (500,)}}, ["volume"]),
    ({"data": {"volumes": ()}}, ["usual_volume"]),
    ({"data": {"rates": ()}}, ["rate"]),
    ({"data": {"rates": (0.0, 0.0)}}, ["rate"]),
    ({"drift": None}, ["drift"]),
]


@pytest.mark.parametrize(("changes", "names"), BROKEN_CASES)
def test_a_broken_condition_holds_a_candidate_and_says_why(changes, names):
    conditions = judge(**changes)
    assert (states(conditions, BROKEN), states(conditions, UNKNOWN)) == (names, [])
    _holds_with_words(conditions, names)


@pytest.mark.parametrize(("changes", "names"), UNKNOWN_CASES)
def test_too_little_evidence_is_unknown_and_holds_where_value_or_data_need_it(changes, names):
    conditions = judge(**changes)
    assert (states(conditions, BROKEN), states(conditions, UNKNOWN)) == ([], names)
    _holds_with_words(conditions, names)


def _holds_with_words(conditions, names):
    words = {condition.name: condition.words for condition in conditions}
    for release_policy in (SERVES, HOLDS):
        assert holding(conditions, release_policy) == names
        assert reason(conditions, release_policy) == " ".join(words[name] for name in names)


def test_without_any_decision_nothing_is_kept_of_volume_and_rate():
    conditions = judge(data={"decisions": 0, "rewards": 0})
    assert states(conditions, UNKNOWN) == ["volume", "rate"]
    assert states(conditions, BROKEN) == ["usual_volume"]


@pytest.mark.parametrize(
    "changes",
    [
        {"ess": 500.0},
        {"serving": (-0.001, -0.005, 0.003)},
        {"rival": "uniform", "uniform": (0.01, 0.0001, 0.02)},
        {"data": {"refused": 160}},
        {"data": {"missing": ("a", "b")}},
        {"viewers": 30},
        {"data": {"decisions": 7_000, "rewards": 700}},
        {"data": {"decisions": 36_000, "rewards": 3_600}},
        {"data": {"rewards": 720}},
        {"data": {"rewards": 3_520}},
        {"unknown": 842},
        {"drift": {"feature": "genre:war", "shift": -0.5}},
    ],
)
def test_the_bounds_themselves_are_kept(changes):
    assert HOLDS.lets_serve(judge(**changes))


def test_a_broken_bound_of_the_audit_is_named():
    broken = bound("leakage", BROKEN, "AUC .70, and .60 is allowed.")
    conditions = judge(verdict=AuditVerdict((broken,), "7"))
    assert holding(conditions) == ["audit", "audit: leakage"]
    assert "AUC .70" in reason(conditions, SERVES)


def test_a_failed_audit_holds_whatever_the_policy_says_of_unknowns():
    conditions = judge(verdict=AuditVerdict(run="7", words="The audit failed.", failed=True))
    assert holding(conditions) == ["audit"]


@pytest.mark.parametrize(
    "verdict",
    [
        AuditVerdict(words="Not audited: nobody declared anything."),
        AuditVerdict((bound("leakage", UNKNOWN, "leakage was not tested."),), "7"),
        AuditVerdict((*PASSED.conditions, bound("gap", UNKNOWN, "gap was not tested.")), "7"),
    ],
)
def test_an_audit_without_evidence_is_unknown_and_the_policy_decides(verdict):
    conditions = judge(verdict=verdict)
    assert states(conditions, UNKNOWN)[0] == "audit"
    assert "audit" not in states(conditions, KEPT)
    assert SERVES.lets_serve(conditions) and not HOLDS.lets_serve(conditions)
    words = reason(conditions, SERVES)
    assert words.startswith("No condition holds it. ")
    assert "Not audited" in words or "Not fully audited" in words
    assert reason(conditions, HOLDS).startswith("Not ")


def test_nothing_serves_without_conditions():
    assert not SERVES.lets_serve([])


@pytest.mark.parametrize(("setting", "does"), [("serve", "does not hold"), ("hold", "holds")])
def test_the_policy_says_in_words_what_an_unknown_does(settings, setting, does):
    settings.RELEASE_ON_UNKNOWN = setting
    words = policy.release_policy().words
    assert f"of the audit {does} a candidate (RELEASE_ON_UNKNOWN={setting})" in words


def test_a_refused_comparison_says_what_it_lacks():
    stored = copy.deepcopy(STORED)
    words = "Too little to conclude from: an effective sample size of 40 of the 500 needed."
    stored["differences"]["context_free"] = estimate(None, None, None) | {"refused": words}
    conditions = gate_conditions(
        Evaluation.from_json(stored), PASSED, audited=True, data=DATA, bounds=BOUNDS, chance=CHANCE
    )
    assert states(conditions, UNKNOWN) == ["context_free"]
    assert "nothing is concluded (too little to conclude from: an effective" in reason(
        conditions, SERVES
    )


def test_words_name_the_figure_and_its_bound():
    conditions = judge(
        data={"decisions": 6_998, "rewards": 700},
        drift={"feature": "mood:dark", "shift": 0.7},
        unknown=1_000,
    )
    words = reason(conditions, SERVES)
    assert "3,499 decisions a day. The 2 newest training days hold 7,000 to 9,000" in words
    assert "“mood:dark” moved furthest since the newest training days: +0.70" in words
    assert "1,000 decisions (5.9%) had artworks" in words


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("drift",), ..., "evaluation: “drift” is missing"),
        (("viewers",), "400", "evaluation: “viewers” must be a count"),
        (("viewers",), -1, "evaluation: “viewers” must be a count"),
        (("policies", "candidate", "ess"), None, "evaluation.policies.candidate: “ess” must be"),
        (("policies", "candidate"), ..., "evaluation.policies: “candidate” is missing"),
        (("differences", "context_free"), ..., "evaluation.differences: “context_free” is missing"),
        (("differences", "serving"), ..., "evaluation.differences: “serving” is missing"),
        (("differences", "serving", "dr", "low"), "x", "evaluation.differences.serving.dr: “low”"),
        (("drift", "shift"), float("nan"), "evaluation.drift: “shift” must be a finite number"),
        (("days",), "2026", "evaluation: “days” must be a list of texts"),
        (("policies",), [], "evaluation.policies: not an object"),
    ],
)
def test_a_malformed_evaluation_is_refused_by_name(path, value, words):
    stored = copy.deepcopy(STORED)
    place = stored
    for name in path[:-1]:
        place = place[name]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    with pytest.raises(EvaluationMalformed) as caught:
        Evaluation.from_json(stored)
    assert words in str(caught.value)


def test_an_evaluation_survives_being_stored():
    evaluation = Evaluation.from_json(STORED)
    assert Evaluation.from_json(evaluation.to_json()) == evaluation


def test_the_settings_name_every_bound(settings):
    settings.GATE_MARGIN, settings.GATE_SAMPLE, settings.GATE_VIEWERS = 0.1, 7.0, 8
    settings.GATE_DECISIONS, settings.GATE_REFUSED, settings.GATE_UNKNOWN = 9, 0.2, 0.3
    settings.GATE_MISSING, settings.GATE_RANGE, settings.GATE_DRIFT = 4, 5.0, 6.0
    settings.GATE_REFERENCE_DAYS, settings.GATE_ERROR = 10, 0.4
    assert bounds() == Bounds(0.1, 7.0, 8, 9, 0.2, 0.3, 4, 5.0, 6.0, 10, 0.4)
