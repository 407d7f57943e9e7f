"""The gate: a pure function from what is known of a candidate to conditions in words.

Every condition must be met. None of them is left out for want of data: what
cannot be concluded is not met, and says so.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from personalization.auditing import Condition, Verdict
from personalization.night.days import Facts

NAMES = {
    "serving": "the serving model",
    "uniform": "even choices",
    "context_free": "the best picture for everybody",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the gate asks for."""

    margin: float  # value per decision that may be lost at worst
    sample: float  # least effective sample size
    decisions: int = 1_000  # least number of decisions on the unseen days
    refused: float = 0.01  # greatest share of rows that were left out
    missing: int = 2  # most days without a sealed file among the newest week
    rate: float = 2.0  # greatest factor between the reward rates of unseen and earlier days


def bounds() -> Bounds:
    """Return the bounds that the settings name."""
    return Bounds(margin=settings.GATE_MARGIN, sample=settings.GATE_SAMPLE)


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
        _value(evaluation, bounds),
        _context_free(evaluation, bounds),
        *_audit(verdict, audited),
        *_data(data, bounds),
    ]


def passed(found: list[Condition]) -> bool:
    return all(condition["met"] for condition in found)


def reason(found: list[Condition]) -> str:
    """Say in words why a candidate with these conditions is promoted or held."""
    if passed(found):
        words = [condition["words"] for condition in found if condition["name"] in REASONS]
        return "Every condition is met. " + " ".join(words)
    return " ".join(condition["words"] for condition in found if not condition["met"])


REASONS = {"value", "context_free"}


def _sample(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    size = evaluation["policies"]["candidate"]["ess"]
    met = size >= bounds.sample
    words = f"The effective sample size is {size:,.0f}"
    if met:
        return _condition("sample", met, f"{words}; {bounds.sample:,.0f} are needed.")
    return _condition(
        "sample", met, f"{words} of the {bounds.sample:,.0f} needed: too little to conclude from."
    )


def _value(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    rival = evaluation["rival"]
    difference = evaluation["differences"][rival]["dr"]
    # The first model must earn more than chance; a later one must not earn less than serves.
    floor = -bounds.margin if rival == "serving" else 0.0
    low = difference["low"]
    met = low is not None and (low >= floor if rival == "serving" else low > floor)
    asked = (
        f"at worst {bounds.margin:.4f} less is allowed"
        if rival == "serving"
        else "it must be more for certain"
    )
    return _condition("value", met, f"{_compare(difference, rival)}; {asked}.")


def _context_free(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    difference = evaluation["differences"]["context_free"]["dr"]
    low = difference["low"]
    met = low is not None and difference["value"] > 0 and low >= -bounds.margin
    return _condition(
        "context_free",
        met,
        f"{_compare(difference, 'context_free')}; it must be more, "
        f"and at worst {bounds.margin:.4f} less.",
    )


def _audit(verdict: Verdict | None, audited: bool) -> list[Condition]:
    if verdict is not None:
        overall = _condition(
            "audit",
            verdict.passed,
            "The audit's bounds are kept." if verdict.passed else "The audit did not pass.",
        )
        # An audit that failed names its bounds; one that passed has them shown all the same.
        return [
            overall,
            *(
                _condition(f"audit: {found['name']}", found["met"], found["words"])
                for found in verdict.conditions
            ),
        ]
    words = (
        "The audit gave no verdict in time."
        if audited
        else "No audit is configured (CANDIDATE_AUDITOR is empty), and none serves without one."
    )
    return [_condition("audit", False, words)]


def _data(data: Facts, bounds: Bounds) -> list[Condition]:
    decisions, rewards = data["decisions"], data["rewards"]
    share = data["refused"] / max(1, decisions + data["refused"])
    return [
        _condition(
            "volume",
            decisions >= bounds.decisions,
            f"The unseen days hold {decisions:,} decisions; {bounds.decisions:,} are needed.",
        ),
        _rate(rewards / decisions if decisions else 0.0, data["rate_before"], bounds),
        _condition(
            "refused",
            share <= bounds.refused,
            f"{data['refused']:,} rows were left out as faulty ({share:.1%}); "
            f"at most {bounds.refused:.0%} may be.",
        ),
        _condition(
            "missing",
            len(data["missing"]) <= bounds.missing,
            f"{len(data['missing'])} of the newest seven days are missing"
            + (f" ({', '.join(data['missing'])})" if data["missing"] else "")
            + f"; at most {bounds.missing} may be.",
        ),
    ]


def _rate(rate: float, before: float | None, bounds: Bounds) -> Condition:
    if not rate:
        return _condition("rate", False, "The unseen days hold no quality play at all.")
    if not before:
        return _condition("rate", False, "The days learnt from hold no quality play at all.")
    return _condition(
        "rate",
        before / bounds.rate <= rate <= before * bounds.rate,
        f"{rate:.2%} of the unseen days' decisions led to a quality play, {before:.2%} before; "
        f"a factor of {bounds.rate:g} either way is believed.",
    )


def _compare(difference: dict[str, float | None], rival: str) -> str:
    value, low, high = difference["value"], difference["low"], difference["high"]
    if value is None or low is None or high is None:
        return f"Against {NAMES[rival]} nothing can be said, having too few viewers"
    return (
        f"Against {NAMES[rival]} it earns {value:+.4f} per decision "
        f"(95 % interval {low:+.4f} to {high:+.4f})"
    )


def _condition(name: str, met: bool, words: str) -> Condition:
    return {"name": name, "met": bool(met), "words": words}
