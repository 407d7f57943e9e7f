"""A run's verdicts, the first thing that its page says, and how many viewers more they need."""

from collections.abc import Iterable
from typing import Any

from scipy.special import ndtri

from audits.admin.words import attribute_name, subject
from audits.metrics.crossing import is_crossed
from audits.models import Statistic

Verdict = Statistic.Verdict
ORDER = (
    Verdict.OUTSIDE, Verdict.INSUFFICIENT, Verdict.WITHIN, Verdict.NOT_MEASURABLE,
    Verdict.SUPPRESSED,
)  # fmt: skip
# Their intervals narrow with the root of the number of viewers. An attack's viewers are limited by
# its effort, the flips' titles by the catalogue, and the distance has a number of its own.
NARROWED_BY_VIEWERS = {
    "prominence_gap",
    "prominence_event",
    "prominence_event_crossed",
    "depicted_difference",
    "reach_difference",
    "lift_difference",
    "lift_difference_standard",
}
# In standard errors: a margin that wide is found to hold four times in five, both sides at 5 %.
_ENOUGH = float(ndtri(0.95) + ndtri(0.90))
_HALF_INTERVAL = float(ndtri(0.975))


def is_judged(one: Statistic) -> bool:
    """Say whether a statistic is judged against a margin, and about an attribute's own groups."""
    return (one.margin is not None or one.headline) and not is_crossed(one.attribute)


def by_verdict(statistics: Iterable[Statistic], names: dict[int, str]) -> list[dict[str, Any]]:
    """Return what is judged by its verdict, the ones that matter most first.

    Args:
        names: each statistic's name on pages, by its number.
    """
    judged = [one for one in statistics if is_judged(one)]
    return [
        {
            "verdict": verdict,
            "rows": [
                {
                    "statistic": one,
                    "measure": names[one.number],
                    "who": f"{subject(one)} ({attribute_name(one.attribute).lower()})",
                }
                for one in judged
                if one.verdict == verdict
            ],
        }
        for verdict in ORDER
        if any(one.verdict == verdict for one in judged)
    ]


def times_needed(one: Statistic) -> float | None:
    """Return how many times as many viewers the verdict needs; None where that is not known.

    So many show "within margin" four times in five if there is no difference, with viewers who
    differ as much as these. It follows from the width of the interval (two one-sided tests,
    Schuirmann 1987).
    """
    if one.verdict != Verdict.INSUFFICIENT or one.name not in NARROWED_BY_VIEWERS:
        return None
    if not one.margin or one.low is None or one.high is None:
        return None
    error = (one.high - one.low) / 2 / _HALF_INTERVAL
    times = (_ENOUGH * error / one.margin) ** 2
    return times if times > 1 else None
