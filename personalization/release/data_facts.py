"""The counts of the sealed days that a candidate is judged on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from personalization.models import ModelVersion, SealedDay

WEEK = 7
RECENT = 14  # this many of the newest training days show what is usual


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What the gate reads about the data behind a candidate.

    Attributes:
        days, decisions, rewards, refused: counts over the unseen days.
        missing: days of the newest week that are not sealed, as ISO dates.
        volumes: decisions of each recent training day.
        rates: quality plays per decision of each recent training day.
    """

    days: int
    decisions: int
    rewards: int
    refused: int
    missing: tuple[str, ...]
    volumes: tuple[int, ...]
    rates: tuple[float, ...]


def data_facts(candidate: ModelVersion) -> DataFacts:
    """Return the counts of the days that judged `candidate`, and what was usual before."""
    judged = list(candidate.evaluation_days.order_by("day"))
    training = list(candidate.days.order_by("day"))
    recent = [day for day in training[-RECENT:] if day.rows]
    return DataFacts(
        days=len(judged),
        decisions=sum(day.rows for day in judged),
        rewards=sum(day.rewards for day in judged),
        refused=sum(sum(day.refused.values()) for day in judged),
        missing=_missing([*training, *judged]),
        volumes=tuple(day.rows for day in recent),
        rates=tuple(day.rewards / day.rows for day in recent),
    )


def _missing(days: Sequence[SealedDay]) -> tuple[str, ...]:
    """Return the days of the newest week that are not among `days`, though older ones are."""
    present = {day.day for day in days}
    if not present:
        return ()
    first, last = min(present), max(present)
    week = [last - timedelta(days=ago) for ago in range(WEEK)][::-1]
    return tuple(str(day) for day in week if first < day and day not in present)
