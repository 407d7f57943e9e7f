"""Sample data for the templates of the auditors and operators: statistics, conditions, intervals.

The numbers are made up and measure nothing. Nothing is saved.
"""

from dataclasses import replace
from typing import Any

from audits.admin import presentation
from audits.admin.forms import JudgeForm
from audits.models import AuditRun, Finding, Statistic
from personalization.admin import drawing
from personalization.evaluation.report import ValueDifference, ValueInterval
from personalization.release.conditions import Condition, ConditionKind, ConditionState

Verdict = Statistic.Verdict
# Verdict, group, estimate, interval, viewers; None where the verdict leaves it out.
STATISTICS: list[tuple[Verdict, str, float | None, float | None, float | None, int | None]] = [
    (Verdict.WITHIN, "woman", 0.012, -0.018, 0.041, 412),
    (Verdict.OUTSIDE, "man", 0.131, 0.087, 0.176, 388),
    (Verdict.INSUFFICIENT, "non-binary", 0.064, -0.093, 0.214, 34),
    (Verdict.NOT_MEASURABLE, "undeclared", None, None, None, 51),
    (Verdict.SUPPRESSED, "another", None, None, None, None),
    (Verdict.DESCRIPTIVE, "rest", 0.022, -0.034, 0.078, 497),
]
MARGIN = 0.05
CHANCE = {"mean": 0.0, "low": -0.045, "high": 0.046}


def statistics() -> list[Statistic]:
    """Return one statistic with each verdict; the first two are headlines."""
    return [
        Statistic(
            pk=number,
            number=number,
            name="exposure_distance",
            attribute="gender",
            group=group,
            headline=number < 2,
            estimate=estimate,
            low=low,
            high=high,
            null=None if estimate is None else CHANCE,
            p=None if estimate is None else 0.031,
            p_adjusted=0.062 if number < 2 else None,
            margin=MARGIN,
            detectable=None if estimate is None else 0.041,
            viewers=viewers,
            verdict=verdict,
            detail={"why": "Fewer than 10 viewers."} if verdict == Verdict.SUPPRESSED else {},
        )
        for number, (verdict, group, estimate, low, high, viewers) in enumerate(STATISTICS)
    ]


def rows() -> list[dict[str, Any]]:
    """Return the table of these statistics; the second has a finding."""
    judged = Finding(
        judgement=Finding.Judgement.WATCH, note="Look again after a week.", by="A. Auditor"
    )
    return [
        presentation.row_of(one, findings=[(judged, "")] if one.number == 1 else ())
        for one in statistics()
    ]


def chart() -> presentation.Chart:
    """Return the chart of the statistics that have an estimate."""
    first = presentation.CHARTS[0]
    shown = [presentation.drawn(one) for one in statistics() if one.estimate is not None]
    return replace(first, rows=shown, sentences=["A sentence says the numbers in words."])


def conditions() -> list[Condition]:
    """Return a condition of a release in each state."""
    words = {
        ConditionState.KEPT: "The lower end of the difference is 0.0012, above −0.0005.",
        ConditionState.BROKEN: "Exposure distance of one group is 0.131, above 0.10.",
        ConditionState.UNKNOWN: "Fewer than 30 viewers of the group: nothing was tested.",
    }
    return [
        Condition(state.value, ConditionKind.AUDIT, state, said) for state, said in words.items()
    ]


def differences() -> drawing.IntervalChart:
    """Return differences in value with drawn intervals; of the last nothing is concluded."""
    measured = {"serving": (0.0012, 0.0003, 0.0021), "uniform": (-0.0006, -0.0014, 0.0002)}
    nothing = ValueInterval(None, None, None)
    shown = {
        name: ValueDifference(ValueInterval(*ends), ValueInterval(*ends), 812.0, None)
        for name, ends in measured.items()
    }
    refused = ValueDifference(nothing, nothing, 12.0, "The effective sample is below 50.")
    return drawing.chart({**shown, "default": refused})


def groups() -> list[tuple[str, int | None]]:
    """Return groups with their counts; None is suppressed."""
    return [("Women", 412), ("Men", 388), ("Self-described", None)]


def wrong_judgement() -> JudgeForm:
    """Return the form of a finding that was sent empty."""
    return JudgeForm({})


def failed_run() -> AuditRun:
    """Return a run that failed, for its panel."""
    return AuditRun(
        pk=0, state=AuditRun.State.FAILED, failure="The store of declarations did not answer."
    )
