"""How the measures shuffle labels and draw viewers anew, by each viewer's own random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.chances import Use, checked_seeds, uniforms
from audits.metrics.refusals import (
    Bools,
    CannotMeasure,
    Floats,
    Ints,
    booleans,
    integers,
    whole,
)

PERMUTATIONS = 1_999
BOOTSTRAP_DRAWS = 2_000
HISTORY_EDGES = (3, 10, 30, 100)
_CHUNK = 128  # draws whose random numbers are held at once
# How likely a viewer is drawn 0, 1, 2, … times at most: Poisson with mean 1.
_AT_MOST = np.cumsum(np.exp(-1) / np.cumprod(np.r_[1.0, np.arange(1.0, 18.0)]))
_KEPT = 3  # shuffles and draws that are kept: the measures of one contrast use the same ones


@dataclass(frozen=True, eq=False)
class Resampling:
    """How one measurement is repeated under chance: the same value gives the same numbers.

    Attributes:
        strata: (V,) whole numbers; labels are shuffled within a stratum only.
        seeds: (V,) one whole number a viewer, 0 or more; all of their shuffles and draws follow
            from it.
        permutations: how often the labels are shuffled, for the null and the p-value.
        draws: how often the viewers are drawn anew, for the interval.

    Raises:
        CannotMeasure: one of them is no such number.
    """

    strata: Ints
    seeds: Ints
    permutations: int = PERMUTATIONS
    draws: int = BOOTSTRAP_DRAWS

    def __post_init__(self) -> None:
        strata = integers("strata", self.strata, shape=(None,))
        object.__setattr__(self, "strata", strata)
        object.__setattr__(self, "seeds", checked_seeds(self.seeds, viewers=len(strata)))
        for field in ("permutations", "draws"):
            object.__setattr__(self, field, whole(field, getattr(self, field), least=1))


def history_strata(*, history_length: ArrayLike) -> Ints:
    """Sort viewers into strata by how much they have watched.

    Args:
        history_length: (V,) watched titles of each viewer, 0 or more.

    Returns:
        (V,) the stratum: 0 below 3 titles, 1 below 10, 2 below 30, 3 below 100, 4 from there.

    Raises:
        CannotMeasure: a length is no whole number, or negative.
    """
    lengths = integers("history_length", history_length, shape=(None,))
    if (lengths < 0).any():
        raise CannotMeasure("history_length", "must not be negative")
    return np.searchsorted(np.asarray(HISTORY_EDGES), lengths, side="right").astype(np.int64)


def can_be_shuffled(*, members: ArrayLike, strata: ArrayLike) -> Bools:
    """Find the viewers whose label a shuffle can change.

    Args:
        members: (N,) True for the group, False for the rest.
        strata: (N,) the stratum of each viewer.

    Returns:
        (N,) True where both sides have a viewer in the stratum.

    Raises:
        CannotMeasure: by the argument's name.
    """
    labels = booleans("members", members, shape=(None,))
    cells = integers("strata", strata, shape=labels.shape)
    if not len(labels):
        return labels
    _, cell = np.unique(cells, return_inverse=True)
    group, everybody = np.bincount(cell, labels), np.bincount(cell)
    mixed: Bools = ((group > 0) & (group < everybody))[cell]
    return mixed


def permuted_members(
    *, members: ArrayLike, strata: ArrayLike, draws: int, seeds: ArrayLike
) -> Bools:
    """Shuffle the labels within each stratum: its number of members never changes.

    In each shuffle the k viewers with the smallest random numbers are the stratum's k members.
    A viewer who leaves changes the label of one other viewer of the stratum at most.

    Args:
        members: (N,) True for the group, False for the rest.
        strata: (N,) the stratum of each viewer.
        draws: how many shuffles, at least 1.
        seeds: (N,) one whole number a viewer, 0 or more.

    Returns:
        (draws, N) the shuffled labels; read-only, because they are kept for the next measure.

    Raises:
        CannotMeasure: by the argument's name.
    """
    labels = booleans("members", members, shape=(None,))
    cells = integers("strata", strata, shape=labels.shape)
    draws, own = whole("draws", draws, least=1), checked_seeds(seeds, viewers=len(labels))
    return _shuffled(labels.tobytes(), cells.tobytes(), draws, own.tobytes())


@lru_cache(maxsize=_KEPT)
def _shuffled(members: bytes, strata: bytes, draws: int, seeds: bytes) -> Bools:
    labels = np.frombuffer(members, dtype=np.bool_)
    cells, own = (np.frombuffer(numbers, dtype=np.int64) for numbers in (strata, seeds))
    shuffled = np.zeros((draws, len(labels)), dtype=np.bool_)
    for start in range(0, draws, _CHUNK):
        count = min(_CHUNK, draws - start)
        random = uniforms(seeds=own, use=Use.LABELS, count=count, first=start)
        for cell in np.unique(cells):
            places = np.flatnonzero(cells == cell)
            order = np.argsort(random[:, places], axis=1)[:, : int(labels[places].sum())]
            shuffled[np.arange(start, start + count)[:, None], places[order]] = True
    shuffled.setflags(write=False)
    return shuffled


def bootstrap_counts(*, seeds: ArrayLike, draws: int) -> Floats:
    """Draw viewers anew, with replacement: each 0, 1, 2, … times by their own random numbers.

    Numbers of times are Poisson with mean 1, and scaled to the number of viewers. So no viewer's
    numbers depend on who else is there.

    Args:
        seeds: (N,) one whole number a viewer, 0 or more; N at least 1.
        draws: how many times, at least 1.

    Returns:
        (draws, N) how often each viewer is drawn; each row adds up to N. A draw of nobody counts
        every viewer once.

    Raises:
        CannotMeasure: by the argument's name.

    Source: the Poisson bootstrap, Hanley & MacGibbon 2006.
    """
    own = integers("seeds", seeds, shape=(None,))
    if not len(own):
        raise CannotMeasure("seeds", "must hold at least one viewer's")
    own, draws = checked_seeds(own, viewers=len(own)), whole("draws", draws, least=1)
    counts = np.empty((draws, len(own)))
    for start in range(0, draws, _CHUNK):
        count = min(_CHUNK, draws - start)
        random = uniforms(seeds=own, use=Use.VIEWERS, count=count, first=start)
        counts[start : start + count] = np.searchsorted(_AT_MOST, random, side="right")
    counts[~counts.any(axis=1)] = 1.0
    counts *= len(own) / counts.sum(axis=1, keepdims=True)
    return counts


def bootstrap_weights(*, members: ArrayLike, draws: int, seeds: ArrayLike) -> tuple[Floats, Floats]:
    """Draw the viewers of each side anew, each side by itself.

    Args:
        members: (N,) True for the group, False for the rest; both are needed.
        draws: how many times, at least 1.
        seeds: (N,) one whole number a viewer, 0 or more.

    Returns:
        Weights (draws, n_group) and (draws, n_rest); each row adds up to 1. Read-only.

    Raises:
        CannotMeasure: by the argument's name; `members` has one side only.
    """
    labels = booleans("members", members, shape=(None,))
    own = checked_seeds(seeds, viewers=len(labels))
    group, rest = int(labels.sum()), int((~labels).sum())
    if not group or not rest:
        raise CannotMeasure("members", "needs viewers both in the group and in the rest")
    draws = whole("draws", draws, least=1)
    return _weights(own[labels].tobytes(), own[~labels].tobytes(), draws)


@lru_cache(maxsize=_KEPT)
def _weights(group: bytes, rest: bytes, draws: int) -> tuple[Floats, Floats]:
    own = [np.frombuffer(seeds, dtype=np.int64) for seeds in (group, rest)]
    first, second = (bootstrap_counts(seeds=seeds, draws=draws) / len(seeds) for seeds in own)
    sides = (first, second)
    for side in sides:
        side.setflags(write=False)
    return sides
