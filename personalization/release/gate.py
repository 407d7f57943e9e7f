"""The gate: a pure function from a candidate's evaluation, audit and data to conditions.

Each condition is kept, broken or unknown. What an unknown does is the release policy's
decision (`release.policy`). Nothing is left out for want of data: too little evidence is
unknown, and its words say what is missing.
"""

from collections.abc import Sequence

from personalization.evaluation.report import Evaluation, ValueDifference
from personalization.release.auditing import AuditVerdict
from personalization.release.bounds import Bounds
from personalization.release.checks import data_conditions
from personalization.release.conditions import (
    Condition,
    ConditionKind,
    ConditionState,
    kept_if,
    unknown,
)
from personalization.release.data_facts import DataFacts
from personalization.release.policy import ReleasePolicy
from personalization.release.references import reference_condition
from personalization.release.rules import is_no_worse, is_worse

VALUE, AUDIT = ConditionKind.VALUE, ConditionKind.AUDIT
NAMES = {
    "serving": "the serving model",
    "uniform": "even choices",
    "context_free": "the best picture for everybody",
}
# The conditions whose words say why a candidate serves.
REASONS = {"value", "context_free", "references"}
AUDIT_WORDS = {
    ConditionState.KEPT: "Audited: every bound was tested and is kept.",
    ConditionState.BROKEN: "The audit found a bound that is broken.",
    ConditionState.UNKNOWN: "Not fully audited: some bounds could not be tested.",
}


def gate_conditions(
    evaluation: Evaluation,
    verdict: AuditVerdict | None,
    *,
    audited: bool,
    data: DataFacts,
    bounds: Bounds,
    chance: float,
) -> list[Condition]:
    """Judge a candidate by its evaluation, its audit and the data that it was judged on.

    Args:
        verdict: the audit's, or None where it gave none in time.
        audited: whether this copy has an auditor. Without an auditor, or without its verdict,
            the condition of the audit is broken: an audit is required.
        chance: of an error in the comparison with the models that served lately (`looks`).
    """
    return [
        _sample(evaluation, bounds),
        _viewers(evaluation, bounds),
        _value(evaluation, bounds),
        _context_free(evaluation, bounds),
        reference_condition(evaluation, bounds, chance),
        *_audit(verdict, audited),
        *data_conditions(data, evaluation, bounds),
    ]


def reason(conditions: Sequence[Condition], policy: ReleasePolicy) -> str:
    """Say in words why a candidate with these conditions serves or is held."""
    holding = [condition for condition in conditions if policy.holds(condition)]
    if holding:
        return " ".join(condition.words for condition in holding)
    untested = [each.words for each in conditions if each.state == ConditionState.UNKNOWN]
    values = [each.words for each in conditions if each.name in REASONS]
    opening = "No condition holds it." if untested else "Every condition is kept."
    return " ".join([opening, *values, *untested])


def _sample(evaluation: Evaluation, bounds: Bounds) -> Condition:
    size = evaluation.policies["candidate"].ess
    words = f"The effective sample size is {size:,.0f}"
    if size >= bounds.sample:
        return kept_if("sample", VALUE, True, f"{words}; {bounds.sample:,.0f} are needed.")
    words += f" of the {bounds.sample:,.0f} needed: too little to conclude from."
    return unknown("sample", VALUE, words)


def _viewers(evaluation: Evaluation, bounds: Bounds) -> Condition:
    words = f"{evaluation.viewers:,} viewers have decisions on the unseen days"
    if evaluation.viewers >= bounds.viewers:
        return kept_if("viewers", VALUE, True, f"{words}; {bounds.viewers:,} are needed.")
    words += f" of the {bounds.viewers:,} needed: too few to conclude from."
    return unknown("viewers", VALUE, words)


def _value(evaluation: Evaluation, bounds: Bounds) -> Condition:
    """The first model must earn more than chance; a later one no less than the serving model."""
    rival = evaluation.rival
    difference = evaluation.differences[rival]
    low, high = difference.dr.low, difference.dr.high
    words = _compare(difference, rival)
    if low is None or high is None:
        return unknown("value", VALUE, f"{words}.")
    if rival == "serving":
        words += f"; at worst it may earn {bounds.margin:.4f} less."
        is_kept, is_broken = is_no_worse(low, bounds.margin), is_worse(high, bounds.margin)
    else:
        words += "; the whole interval must lie above 0."
        is_kept, is_broken = low > 0, high <= 0
    return _by_interval("value", words, is_kept=is_kept, is_broken=is_broken)


def _context_free(evaluation: Evaluation, bounds: Bounds) -> Condition:
    difference = evaluation.differences["context_free"]
    value, low, high = difference.dr.value, difference.dr.low, difference.dr.high
    words = _compare(difference, "context_free")
    if value is None or low is None or high is None:
        return unknown("context_free", VALUE, f"{words}.")
    return _by_interval(
        "context_free",
        f"{words}; it must earn more, and at worst {bounds.margin:.4f} less.",
        is_kept=value > 0 and is_no_worse(low, bounds.margin),
        is_broken=value <= 0 or is_worse(high, bounds.margin),
    )


def _by_interval(name: str, words: str, *, is_kept: bool, is_broken: bool) -> Condition:
    """Return an unknown condition where the interval lies on both sides of the bound."""
    if is_kept or is_broken:
        return kept_if(name, VALUE, is_kept, words)
    return unknown(name, VALUE, f"{words} The interval is too wide to conclude that.")


def _audit(verdict: AuditVerdict | None, audited: bool) -> list[Condition]:
    if verdict is None:
        words = (
            "The audit gave no verdict in time."
            if audited
            else "An audit is required, and none is configured (CANDIDATE_AUDITOR is empty)."
        )
        return [kept_if("audit", AUDIT, False, words)]
    words = verdict.words or (
        AUDIT_WORDS[verdict.state] if verdict.conditions else "Not audited: nothing was tested."
    )
    overall = Condition("audit", AUDIT, verdict.state, words)
    # Every bound is shown, whatever the verdict as a whole is.
    return [
        overall,
        *(
            Condition(f"audit: {each.name}", AUDIT, each.state, each.words)
            for each in verdict.conditions
        ),
    ]


def _compare(difference: ValueDifference, rival: str) -> str:
    value, low, high = difference.dr.value, difference.dr.low, difference.dr.high
    if value is None or low is None or high is None:
        why = difference.refused or "Too few viewers."
        why = why[0].lower() + why[1:].rstrip(".")
        return f"Against {NAMES[rival]} nothing is concluded ({why})"
    return (
        f"Against {NAMES[rival]} it earns {value:+.4f} per decision "
        f"(95 % interval {low:+.4f} to {high:+.4f})"
    )
