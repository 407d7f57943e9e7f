"""The gate: a pure function from what is known of a candidate to conditions in words.

Every condition must be met. None of them is left out for want of data: what
cannot be concluded is not met, and says so.
"""

from typing import Any

from personalization.night.days import Facts
from personalization.release.auditing import Condition, Verdict
from personalization.release.bounds import Bounds, bounds, condition
from personalization.release.checks import data_conditions

__all__ = ["Bounds", "bounds", "conditions", "passed", "reason"]
NAMES = {
    "serving": "the serving model",
    "uniform": "even choices",
    "context_free": "the best picture for everybody",
}
# The conditions whose words say why a candidate serves.
REASONS = {"value", "context_free"}


def conditions(
    evaluation: dict[str, Any],
    verdict: Verdict | None,
    *,
    audited: bool,
    data: Facts,
    bounds: Bounds,
) -> list[Condition]:
    """Judge a candidate by its evaluation, its audit and the data that it was judged on.

    `audited` says whether this copy has an auditor at all; without one, or
    without its verdict, the audit's condition is not met.
    """
    return [
        _sample(evaluation, bounds),
        _viewers(evaluation, bounds),
        _value(evaluation, bounds),
        _context_free(evaluation, bounds),
        *_audit(verdict, audited),
        *data_conditions(data, evaluation, bounds),
    ]


def passed(found: list[Condition]) -> bool:
    return all(each["met"] for each in found)


def reason(found: list[Condition]) -> str:
    """Say in words why a candidate with these conditions is promoted or held."""
    if passed(found):
        words = [each["words"] for each in found if each["name"] in REASONS]
        return "Every condition is met. " + " ".join(words)
    return " ".join(each["words"] for each in found if not each["met"])


def _sample(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    size = evaluation["policies"]["candidate"]["ess"]
    met = size >= bounds.sample
    words = f"The effective sample size is {size:,.0f}"
    if met:
        return condition("sample", met, f"{words}; {bounds.sample:,.0f} are needed.")
    return condition(
        "sample", met, f"{words} of the {bounds.sample:,.0f} needed: too little to conclude from."
    )


def _viewers(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    viewers = evaluation["viewers"]
    return condition(
        "viewers",
        viewers >= bounds.viewers,
        f"{viewers:,} viewers decided on the unseen days; {bounds.viewers:,} are needed.",
    )


def _value(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    rival = evaluation["rival"]
    difference = evaluation["differences"][rival]
    # The first model must earn more than chance; a later one must not earn less than serves.
    floor = -bounds.margin if rival == "serving" else 0.0
    low = difference["dr"]["low"]
    met = low is not None and (low >= floor if rival == "serving" else low > floor)
    asked = (
        f"at worst {bounds.margin:.4f} less is allowed"
        if rival == "serving"
        else "it must be more for certain"
    )
    return condition("value", met, f"{_compare(difference, rival)}; {asked}.")


def _context_free(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    difference = evaluation["differences"]["context_free"]
    found = difference["dr"]
    met = found["low"] is not None and found["value"] > 0 and found["low"] >= -bounds.margin
    return condition(
        "context_free",
        met,
        f"{_compare(difference, 'context_free')}; it must be more, "
        f"and at worst {bounds.margin:.4f} less.",
    )


def _audit(verdict: Verdict | None, audited: bool) -> list[Condition]:
    if verdict is not None:
        overall = condition(
            "audit",
            verdict.passed,
            "The audit's bounds are kept." if verdict.passed else "The audit did not pass.",
        )
        # An audit that failed names its bounds; one that passed has them shown all the same.
        return [
            overall,
            *(
                condition(f"audit: {found['name']}", found["met"], found["words"])
                for found in verdict.conditions
            ),
        ]
    words = (
        "The audit gave no verdict in time."
        if audited
        else "No audit is configured (CANDIDATE_AUDITOR is empty), and none serves without one."
    )
    return [condition("audit", False, words)]


def _compare(difference: dict[str, Any], rival: str) -> str:
    found = difference["dr"]
    value, low, high = found["value"], found["low"], found["high"]
    if value is None or low is None or high is None:
        why = difference.get("refused") or "Too few viewers."
        why = why[0].lower() + why[1:].rstrip(".")
        return f"Against {NAMES[rival]} nothing is concluded ({why})"
    return (
        f"Against {NAMES[rival]} it earns {value:+.4f} per decision "
        f"(95 % interval {low:+.4f} to {high:+.4f})"
    )
