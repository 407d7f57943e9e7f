"""Reads the unseen days once: the log, the policies' probabilities, and the vectors' moments.

If they hold more decisions than `EVALUATION_DECISIONS`, a sample of viewers is drawn. It is the
same sample each time, and each viewer in it has all their decisions, so that intervals clustered by
viewer stay right. A larger site's evaluation then takes no longer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.conf import settings

from personalization.bandit.estimators import DecisionLog
from personalization.bandit.model import Model
from personalization.bandit.table import ArtworkTable
from personalization.evaluation.crossfitting import fold_of
from personalization.evaluation.drift import Moments, moments_of
from personalization.evaluation.policies import Folds, Judged, joined, judge
from personalization.journal import reading
from personalization.journal.reading import Decisions
from personalization.models import SealedDay

Progress = Callable[[str, int, int], None]


class NothingToJudge(Exception):
    """The unseen days hold no decision whose artworks are all known."""


@dataclass(frozen=True)
class JudgedSample:
    """Unseen decisions: the log, the policies' probabilities, and what was left out.

    `share` is the part of the viewers that was drawn, and `unknown` counts their decisions
    on artworks that the catalogue no longer has.
    """

    log: DecisionLog
    judged: Judged
    share: float
    unknown: int
    moments: Moments


def sample(
    days: Sequence[SealedDay],
    table: ArtworkTable,
    candidate: Model,
    serving: Model | None,
    rewards: Sequence[Model] | None,
    *,
    progress: Progress,
) -> JudgedSample:
    """Replay the policies on `days`; the models must know exactly `table`.

    `rewards` are reward models by fold of viewers, or None for the candidate.
    Raises NothingToJudge if no decision is left.
    """
    batches: list[Decisions] = []
    judged: list[Judged] = []
    unknown = 0
    moments: list[Moments] = []
    share = share_of(sum(day.rows for day in days))
    for known, left_out in known_batches(days, table, progress):
        unknown += left_out
        if len(known):
            judged.append(judge(known, candidate, serving, folds_of(known, rewards)))
            moments.append(moments_of(known.vectors[known.windows]))
            batches.append(known)
    if not batches:
        raise NothingToJudge("The unseen days hold no decision whose artworks are all known.")
    viewers = np.concatenate([batch.viewers for batch in batches])
    log = DecisionLog(
        rewards=np.concatenate([batch.rewards for batch in batches]),
        propensities=np.concatenate([batch.propensities for batch in batches]),
        viewers=np.unique(viewers, return_inverse=True)[1].astype(np.int64),
    )
    return JudgedSample(log, joined(judged), share, unknown, sum(moments[1:], moments[0]))


def known_batches(
    days: Sequence[SealedDay], table: ArtworkTable, progress: Progress
) -> Iterator[tuple[Decisions, int]]:
    """Return the sampled decisions whose artworks are known, and how many others there were.

    The same days and table give the same batches again.
    """
    share = share_of(sum(day.rows for day in days))
    for batch in _batches(days, progress):
        drawn = batch.only(is_drawn(batch.viewers, share))
        known = drawn.among(table.artwork_ids)
        yield known, len(drawn) - len(known)


def folds_of(known: Decisions, rewards: Sequence[Model] | None) -> Folds | None:
    """Return the reward models with each decision's fold; None where the candidate is the model."""
    return Folds(rewards, fold_of(known.viewers, len(rewards))) if rewards else None


def share_of(decisions: int) -> float:
    """Return the share of viewers to draw from days with this many decisions."""
    return min(1.0, settings.EVALUATION_DECISIONS / max(1, decisions))


def is_drawn(viewers: npt.NDArray[np.bytes_], share: float) -> npt.NDArray[np.bool_]:
    """Say of each decision whether its viewer is drawn, by their public ids, which are random.

    It uses other bytes than the folds, so that the sample is spread evenly over them.
    """
    content = np.ascontiguousarray(viewers).view("<u4").reshape(len(viewers), -1)
    return np.asarray(content[:, 1] < share * 2.0**32)


def _batches(days: Sequence[SealedDay], progress: Progress) -> Iterator[Decisions]:
    for number, day in enumerate(days):
        progress(f"Replaying the policies on {day}", number, len(days))
        yield from reading.decisions(day)
    progress("Replayed", len(days), len(days))
