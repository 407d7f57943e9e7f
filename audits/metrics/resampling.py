"""How the measures shuffle labels and draw viewers anew: every random number comes from here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

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
_CHUNK = 128  # draws whose random keys are held at once
_KEPT = 3  # shuffles and draws that are kept: the measures of one contrast use the same ones


@dataclass(frozen=True, eq=False)
class Resampling:
    """How one measurement is repeated under chance: the same value gives the same numbers.

    Attributes:
        strata: (V,) whole numbers; labels are shuffled within a stratum only.
        seed: 0 or more; every shuffle and draw follows from it.
        permutations: how often the labels are shuffled, for the null and the p-value.
        draws: how often the viewers are drawn anew, for the interval.

    Raises:
        CannotMeasure: one of them is no such number.
    """

    strata: Ints
    seed: int
    permutations: int = PERMUTATIONS
    draws: int = BOOTSTRAP_DRAWS

    def __post_init__(self) -> None:
        object.__setattr__(self, "strata", integers("strata", self.strata, shape=(None,)))
        for field, least in (("seed", 0), ("permutations", 1), ("draws", 1)):
            object.__setattr__(self, field, whole(field, getattr(self, field), least=least))

    def seeds(self, count: int) -> list[int]:
        """Return `count` independent seeds that follow from this one."""
        return [int(part) for part in np.random.SeedSequence(self.seed).generate_state(count)]


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


def permuted_members(*, members: ArrayLike, strata: ArrayLike, draws: int, seed: int) -> Bools:
    """Shuffle the labels within each stratum: its number of members never changes.

    Args:
        members: (N,) True for the group, False for the rest.
        strata: (N,) the stratum of each viewer.
        draws: how many shuffles, at least 1.
        seed: 0 or more.

    Returns:
        (draws, N) the shuffled labels; read-only, because they are kept for the next measure.

    Raises:
        CannotMeasure: by the argument's name.
    """
    labels = booleans("members", members, shape=(None,))
    cells = integers("strata", strata, shape=labels.shape)
    draws, seed = whole("draws", draws, least=1), whole("seed", seed, least=0)
    return _shuffled(labels.tobytes(), cells.tobytes(), draws, seed)


@lru_cache(maxsize=_KEPT)
def _shuffled(members: bytes, strata: bytes, draws: int, seed: int) -> Bools:
    labels, cells = np.frombuffer(members, dtype=np.bool_), np.frombuffer(strata, dtype=np.int64)
    rng = np.random.default_rng(seed)
    shuffled = np.empty((draws, len(labels)), dtype=np.bool_)
    for start in range(0, draws, _CHUNK):
        rows = slice(start, min(start + _CHUNK, draws))
        keys = rng.random((rows.stop - rows.start, len(labels)))
        for cell in np.unique(cells):
            places = np.flatnonzero(cells == cell)
            order = np.argsort(keys[:, places], axis=1)
            shuffled[rows, places] = labels[places][order]
    shuffled.setflags(write=False)
    return shuffled


def bootstrap_counts(*, size: int, draws: int, seed: int) -> Floats:
    """Draw viewers anew, with replacement.

    Args:
        size: how many viewers there are, and are drawn each time; at least 1.
        draws: how many times, at least 1.
        seed: 0 or more.

    Returns:
        (draws, size) how often each viewer is drawn; each row adds up to `size`.

    Raises:
        CannotMeasure: by the argument's name.
    """
    size, draws = whole("size", size, least=1), whole("draws", draws, least=1)
    rng = np.random.default_rng(whole("seed", seed, least=0))
    return rng.multinomial(size, np.full(size, 1 / size), size=draws).astype(np.float64)


def bootstrap_weights(*, members: ArrayLike, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Draw the viewers of each side anew, each side by itself, so that its size stays.

    Args:
        members: (N,) True for the group, False for the rest; both are needed.
        draws: how many times, at least 1.
        seed: 0 or more.

    Returns:
        Weights (draws, n_group) and (draws, n_rest); each row adds up to 1. Read-only.

    Raises:
        CannotMeasure: by the argument's name; `members` has one side only.
    """
    labels = booleans("members", members, shape=(None,))
    group, rest = int(labels.sum()), int((~labels).sum())
    if not group or not rest:
        raise CannotMeasure("members", "needs viewers both in the group and in the rest")
    draws, seed = whole("draws", draws, least=1), whole("seed", seed, least=0)
    return _weights(group, rest, draws, seed)


@lru_cache(maxsize=_KEPT)
def _weights(group: int, rest: int, draws: int, seed: int) -> tuple[Floats, Floats]:
    first, second = np.random.SeedSequence(seed).generate_state(2)
    sides = (
        bootstrap_counts(size=group, draws=draws, seed=int(first)) / group,
        bootstrap_counts(size=rest, draws=draws, seed=int(second)) / rest,
    )
    for side in sides:
        side.setflags(write=False)
    return sides
