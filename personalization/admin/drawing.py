"""Lays out an evaluation: rows with numbers, and intervals as places on a common scale."""

from collections.abc import Mapping
from typing import TypedDict

from personalization.evaluation.report import Evaluation, PolicyValue, ValueDifference

WORDS = {
    "candidate": "This candidate",
    "serving": "The model that served then",
    "uniform": "Even choices",
    "default": "The editor's default",
    "context_free": "The same for everybody",
    "greedy": "This candidate without exploration",
}

TOO_FEW = "Too few viewers to conclude from."
ORDER = {name: place for place, name in enumerate(WORDS)}
Estimated = PolicyValue | ValueDifference


class IntervalRow(TypedDict):
    """One estimate: the interval's ends and its middle, also in hundredths of the scale."""

    name: str
    value: float
    low: float
    high: float
    left: float
    at: float
    width: float
    more: Estimated


class InconclusiveRow(TypedDict):
    """A policy of which nothing is concluded, and why."""

    name: str
    words: str
    more: Estimated


class IntervalChart(TypedDict):
    """Rows on one scale; where the scale holds zero, its place; and the rows without a value."""

    rows: list[IntervalRow]
    zero: float | None
    refused: list[InconclusiveRow]


def policies(evaluation: Evaluation | None) -> IntervalChart:
    """Lay out what each policy earns per decision. None is laid out as no row."""
    return chart(evaluation.policies if evaluation else {})


def differences(evaluation: Evaluation | None) -> IntervalChart:
    """Lay out what the candidate earns more than each other policy."""
    return chart(evaluation.differences if evaluation else {})


def chart(estimates: Mapping[str, Estimated]) -> IntervalChart:
    """Lay out estimates, in the order of WORDS, on one scale."""
    ends = [
        end
        for estimate in estimates.values()
        for end in (estimate.dr.low, estimate.dr.high)
        if end is not None
    ]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return round(2 + 96 * (value - low) / span, 2)

    rows: list[IntervalRow] = []
    refused: list[InconclusiveRow] = []
    # In the order of WORDS: the candidate comes first, then what it is compared with.
    for name, estimate in sorted(
        estimates.items(), key=lambda item: ORDER.get(item[0], len(ORDER))
    ):
        shown = WORDS.get(name, name)
        dr = estimate.dr
        if dr.value is None or dr.low is None or dr.high is None:
            words = estimate.refused or TOO_FEW
            refused.append({"name": shown, "words": words, "more": estimate})
            continue
        rows.append(
            {
                "name": shown,
                "value": dr.value,
                "low": dr.low,
                "high": dr.high,
                "left": place(dr.low),
                "at": place(dr.value),
                "width": round(place(dr.high) - place(dr.low), 2),
                "more": estimate,
            }
        )
    return {"rows": rows, "zero": place(0.0) if low <= 0 <= high else None, "refused": refused}
