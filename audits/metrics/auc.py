"""Areas under the curve for many label vectors at once, and their placement values.

Source: DeLong, DeLong & Clarke-Pearson 1988 (placements); ties count one half throughout.
"""

from __future__ import annotations

import numpy as np

from audits.metrics.refusals import Bools, CannotMeasure, Floats, booleans


def concordance(*, scores: Floats, labels: Bools) -> tuple[Floats, Floats]:
    """Count the pairs of a group's and the rest's viewers that scores rank right.

    Pairs of several folds add up: Σ right / Σ pairs never compares scores of different fits.

    Args:
        scores: (m, k) of m viewers, under k label vectors; no NaN.
        labels: (m, k) True for the group.

    Returns:
        (k,) pairs ranked right, a tie counting one half, and (k,) pairs.

    Raises:
        CannotMeasure: by the argument's name.
    """
    _check(scores, labels, axes=2)
    if not len(scores):
        return np.zeros(labels.shape[1]), np.zeros(labels.shape[1])
    order = np.argsort(scores.T, axis=1)
    ranks = _midranks(np.take_along_axis(scores.T, order, axis=1))
    chosen = np.take_along_axis(labels.T, order, axis=1)
    members = chosen.sum(axis=1).astype(np.float64)
    right = np.einsum("km,km->k", ranks, chosen) - members * (members + 1) / 2
    return right, members * (len(labels) - members)


def _midranks(ordered: Floats) -> Floats:
    """Ranks from 1 along rows that are in order already, ties sharing the mean of theirs."""
    places = np.arange(ordered.shape[1])
    differs = ordered[:, 1:] != ordered[:, :-1]
    if differs.all():
        return np.broadcast_to(places + 1.0, ordered.shape)
    edge = np.ones((len(ordered), 1), dtype=np.bool_)
    starts = np.where(np.hstack([edge, differs]), places, 0)
    ends = np.where(np.hstack([differs, edge]), places, places[-1])
    first = np.maximum.accumulate(starts, axis=1)
    last = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    ranks: Floats = (first + last) / 2 + 1
    return ranks


def placements(*, scores: Floats, labels: Bools) -> Floats:
    """Find how often each viewer is ranked on the right side of the other side's viewers.

    Args:
        scores: (m,) of m viewers; no NaN.
        labels: (m,) True for the group.

    Returns:
        (m,) shares in [0, 1], a tie counting one half; ½ if there is no other side.

    Raises:
        CannotMeasure: by the argument's name.
    """
    _check(scores, labels, axes=1)
    placed = np.full(len(scores), 0.5)
    group, rest = scores[labels], scores[~labels]
    if len(group) and len(rest):
        placed[labels] = _share_below(group, rest)
        placed[~labels] = 1 - _share_below(rest, group)
    return placed


def _share_below(values: Floats, others: Floats) -> Floats:
    """For each value, the share of `others` below it, ties counted half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, values, side="left")
    up_to = np.searchsorted(ordered, values, side="right")
    share: Floats = (below + up_to) / (2 * len(ordered))
    return share


def _check(scores: Floats, labels: Bools, *, axes: int) -> None:
    if scores.ndim != axes or scores.dtype.kind != "f" or np.isnan(scores).any():
        raise CannotMeasure("scores", f"must hold numbers along {axes} axes, and no NaN")
    booleans("labels", labels, shape=scores.shape)
