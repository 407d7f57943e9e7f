"""Cross-fitting: a reward model for each fold of viewers, which learnt from the other folds alone.

(Chernozhukov, Chetverikov, Demirer, Duflo, Hansen, Newey and Robins 2018.) Statistics add up, so
the sums of the other folds are a merge and not a second reading. They are added, and never
subtracted from the whole: a difference of large sums keeps their rounding, and may not be a sum of
squares any more.
"""

from collections.abc import Sequence

import numpy as np

from personalization.bandit import statistics
from personalization.bandit.arrays import Floats, Ints, floats, ints, whole
from personalization.bandit.errors import BadInput
from personalization.bandit.fit import ROUNDS, fit
from personalization.bandit.model import Model
from personalization.bandit.odds import Expectation, Expected
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import Statistics
from personalization.bandit.table import ArtworkTable


def assign(viewers: Ints, *, folds: int, seed: int) -> Ints:
    """Return the fold of each decision: all decisions of a viewer share one.

    Args:
        viewers: (N,) a whole number for each decision's viewer.
        folds: from 2.
        seed: viewers are shuffled by it, and dealt out evenly.

    Returns:
        (N,) from 0 to folds − 1.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    _check(folds)
    distinct, viewer = np.unique(ints("viewers", viewers, (None,)), return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(distinct)) % folds
    return dealt[viewer].astype(np.int64)


def reduce_folds(
    *,
    artwork_ids: Ints,
    rows: Floats,
    rewards: Floats,
    fold: Ints,
    folds: int,
    expected: Expectation | None = None,
) -> list[Statistics]:
    """Return the statistics of each fold, as `reduction.reduce` does.

    Args:
        artwork_ids: (N,) the artwork that each decision showed.
        rows: (N, W) fit rows.
        rewards: (N,) from 0 to 1.
        fold: (N,) from 0 to folds − 1.
        folds: from 2.
        expected: log-odds of all decisions; None for each artwork's own rate in its fold.

    Returns:
        one for each fold.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    _check(folds)
    rows = floats("rows", rows, (None, None))
    artwork_ids = ints("artwork_ids", artwork_ids, (len(rows),))
    rewards = floats("rewards", rewards, (len(rows),))
    fold = ints("fold", fold, (len(rows),))
    if len(fold) and (fold.min() < 0 or fold.max() >= folds):
        raise BadInput(f"fold must lie from 0 to {folds - 1}")
    return [
        reduce(
            artwork_ids=artwork_ids[mine],
            rows=rows[mine],
            rewards=rewards[mine],
            expected=None if expected is None else Expected.alike(int(mine.sum()), expected),
        )
        for mine in (fold == number for number in range(folds))
    ]


def others(parts: Sequence[Statistics]) -> list[Statistics]:
    """Return, for each fold, the sum of all the other folds, in their order.

    Args:
        parts: the statistics of each fold; at least two.

    Raises:
        BadInput: if there are fewer, or their widths differ.
    """
    _check(len(parts))
    return [
        statistics.merge([part for place, part in enumerate(parts) if place != number])
        for number in range(len(parts))
    ]


def fit_folds(
    parts: Sequence[Statistics],
    table: ArtworkTable,
    spec: Spec,
    *,
    manifest: str = "",
    rounds: int = ROUNDS,
) -> list[Model]:
    """Return for each fold a model that learnt from the other folds' viewers alone.

    Args:
        parts: the statistics of each fold; at least two.
        table, spec, manifest, rounds: as for `fit.fit`.

    Raises:
        BadInput: as `others` and `fit.fit`.
    """
    return [fit(learnt, table, spec, manifest=manifest, rounds=rounds) for learnt in others(parts)]


def _check(folds: int) -> None:
    whole("folds", folds, least=2)
