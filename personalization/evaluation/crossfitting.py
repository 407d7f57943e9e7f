"""Reward models that learnt from the other viewers of the unseen days, where settings say so.

By default the candidate itself, which learnt from earlier days, is the reward model
(docs/decisions/0007).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from personalization.bandit import crossfit, statistics
from personalization.bandit.model import Model
from personalization.bandit.statistics import Statistics
from personalization.bandit.table import ArtworkTable
from personalization.features import manifest
from personalization.journal import reading
from personalization.models import SealedDay
from personalization.training.rows import rows


def fold_of(viewers: npt.NDArray[np.bytes_], folds: int) -> npt.NDArray[np.int64]:
    """Return each decision's fold, (N,), from the viewers' public ids, which are random."""
    content = np.ascontiguousarray(viewers).view("<u4").reshape(len(viewers), -1)
    return (content[:, 0] % folds).astype(np.int64)


def reward_models(
    days: Sequence[SealedDay], table: ArtworkTable, candidate: Model, *, folds: int
) -> list[Model]:
    """Return for each fold a model of `table` that learnt only from the other folds' viewers."""
    parts: list[list[Statistics]] = [[] for _ in range(folds)]
    empty = np.zeros(0, np.int64)
    for day in days:
        for batch in reading.decisions(day):
            known = batch.among(table.artwork_ids)
            if not len(known):
                continue
            reduced = crossfit.reduce_folds(
                artwork_ids=known.chosen,
                rows=rows(known.of_chosen()).dense(),
                rewards=known.rewards,
                fold=fold_of(known.viewers, folds),
                folds=folds,
                expected=candidate.expectation,
            )
            for mine, part in zip(parts, reduced, strict=True):
                mine.append(part)
    none = statistics.empty(empty, candidate.spec.fit_width)
    return crossfit.fit_folds(
        [statistics.merge([none, *mine]) for mine in parts],
        table,
        candidate.spec,
        manifest=manifest.DIGEST,
    )
