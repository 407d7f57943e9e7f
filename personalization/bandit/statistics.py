"""Sufficient statistics: all that the fit needs of the decisions, as sums per artwork.

They add up over days, shards and machines. Sums are taken in the order given,
so the same parts in the same order give the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

from personalization.bandit.errors import BadInput, Floats, Ints, floats, ints
from personalization.bandit.rows import Dense, Rows

SUMS = ("n", "r", "rw", "ww")
PIECE = 4096  # rows multiplied at once: with their sums they fit a core's own cache


@dataclass(frozen=True)
class Statistics:
    """Sums per artwork over decisions with fit rows w = [z, controls] and rewards r.

    Attributes:
        artwork_ids: (A,) int64, strictly increasing.
        n: (A,) decisions (not whole once decayed).
        r: (A,) Σ r.
        rw: (A, W) Σ r·w.
        ww: (A, W, W) Σ w·wᵀ.
    """

    artwork_ids: Ints
    n: Floats
    r: Floats
    rw: Floats
    ww: Floats

    def __post_init__(self) -> None:
        ids = ints("artwork_ids", self.artwork_ids, (None,))
        if (np.diff(ids) <= 0).any():
            raise BadInput("artwork_ids must be strictly increasing")
        count = len(ids)
        rw = floats("rw", self.rw, (count, None))
        width = rw.shape[1]
        object.__setattr__(self, "artwork_ids", ids)
        object.__setattr__(self, "n", floats("n", self.n, (count,)))
        object.__setattr__(self, "r", floats("r", self.r, (count,)))
        object.__setattr__(self, "rw", rw)
        object.__setattr__(self, "ww", floats("ww", self.ww, (count, width, width)))

    @property
    def width(self) -> int:
        return int(self.rw.shape[1])

    @property
    def decisions(self) -> float:
        return float(self.n.sum())

    def project(self, columns: Sequence[int]) -> "Statistics":
        """Return the statistics of the given columns of w alone."""
        keep = list(columns)
        return Statistics(
            self.artwork_ids, self.n, self.r, self.rw[:, keep], self.ww[:, keep][:, :, keep]
        )

    def rows(self, places: Ints) -> "Statistics":
        """Return the statistics of the artworks at increasing `places`."""
        return Statistics(
            self.artwork_ids[places],
            self.n[places],
            self.r[places],
            self.rw[places],
            self.ww[places],
        )

    def aligned(self, artwork_ids: Ints) -> "Statistics":
        """Return rows for exactly `artwork_ids` (increasing): zeros where nothing is known."""
        wanted = ints("artwork_ids", artwork_ids, (None,))
        found = np.searchsorted(self.artwork_ids, wanted)
        known = np.zeros(len(wanted), bool)
        inside = found < len(self.artwork_ids)
        known[inside] = self.artwork_ids[found[inside]] == wanted[inside]
        result = empty(wanted, self.width)
        for name in SUMS:
            getattr(result, name)[known] = getattr(self, name)[found[known]]
        return result


def empty(artwork_ids: Ints, width: int) -> Statistics:
    """Return statistics of no decisions."""
    count = len(artwork_ids)
    return Statistics(
        artwork_ids,
        np.zeros(count),
        np.zeros(count),
        np.zeros((count, width)),
        np.zeros((count, width, width)),
    )


def reduce(*, artwork_ids: Ints, rows: Floats | Rows, rewards: Floats) -> Statistics:
    """Sum the decisions of one part of the log.

    Args:
        artwork_ids: (N,) the artwork that each decision showed.
        rows: (N, W) fit rows [1, x_v, match, controls].
        rewards: (N,) from 0 to 1.

    Raises:
        BadInput: naming the array that is wrong.
    """
    rows = Dense(rows) if isinstance(rows, np.ndarray) else rows
    count, width = rows.shape
    shown = ints("artwork_ids", artwork_ids, (count,))
    gained = floats("rewards", rewards, (count,))
    if count and (gained.min() < 0 or gained.max() > 1):
        raise BadInput("rewards must lie from 0 to 1")
    order = None
    if (np.diff(shown) < 0).any():
        order = np.argsort(shown, kind="stable")
        shown, gained = shown[order], gained[order]
    distinct, starts = np.unique(shown, return_index=True)
    sums = empty(distinct, width)
    bounds = np.append(starts, count)
    np.copyto(sums.n, np.diff(bounds))
    if count:
        np.add.reduceat(gained, starts, out=sums.r)
    # One small product after another: threads inside each would only wait for each other.
    with threadpool_limits(1):
        _multiply(_Buffer(rows, order), gained, bounds.tolist(), sums)
    return sums


def _multiply(buffer: "_Buffer", gained: Floats, bounds: list[int], sums: Statistics) -> None:
    """Add each artwork's products up: artwork i has the rows from bounds[i] to bounds[i + 1].

    The pieces of an artwork begin with its first row, whatever lies before it, so that
    its sums have the same bits in any company.
    """
    piece = np.empty(sums.ww.shape[1:])
    for index, (start, end) in enumerate(pairwise(bounds)):
        for low in range(start, end, PIECE):
            high = min(low + PIECE, end)
            block = buffer.rows(low, high)
            if low == start:
                np.matmul(block.T, block, out=sums.ww[index])
                np.matmul(gained[low:high], block, out=sums.rw[index])
            else:
                sums.ww[index] += np.matmul(block.T, block, out=piece)
                sums.rw[index] += gained[low:high] @ block


class _Buffer:
    """A few thousand rows at a time, in the order of their artworks."""

    def __init__(self, rows: Rows, order: Ints | None) -> None:
        self._rows, self._order = rows, order
        self._held = np.empty((min(PIECE, rows.shape[0]), rows.shape[1]))
        self._from = self._to = 0

    def rows(self, low: int, high: int) -> Floats:
        """Return rows `low` to `high`, at most PIECE of them: a view until the next call."""
        if high > self._to:
            self._from, self._to = low, min(low + PIECE, self._rows.shape[0])
            part = slice(self._from, self._to)
            places = part if self._order is None else self._order[part]
            self._rows.write(places, self._held[: self._to - self._from])
        return self._held[low - self._from : high - self._from]


class Running:
    """A sum that grows in place: its parts may be large, and many.

    The same parts and decays in the same order give the same bits.
    """

    def __init__(self, start: Statistics) -> None:
        """Begin with a copy of `start`, which may be memory-mapped."""
        self.total = start.aligned(start.artwork_ids)

    def decay(self, factor: float) -> None:
        """Multiply every sum by `factor`, in (0, 1]."""
        if not 0.0 < factor <= 1.0:
            raise BadInput("factor must lie in (0, 1]")
        for name in SUMS:
            np.multiply(getattr(self.total, name), factor, out=getattr(self.total, name))

    def add(self, part: Statistics) -> None:
        """Add a part, which may bring new artworks. Raises BadInput if its width differs."""
        if part.width != self.total.width:
            raise BadInput("parts differ in width: they come from different manifests")
        if np.array_equal(part.artwork_ids, self.total.artwork_ids):
            for name in SUMS:
                np.add(getattr(self.total, name), getattr(part, name), getattr(self.total, name))
            return
        both = np.union1d(self.total.artwork_ids, part.artwork_ids)
        if len(both) > len(self.total.artwork_ids):
            self.total = self.total.aligned(both)
        at = np.searchsorted(both, part.artwork_ids)
        for name in SUMS:
            getattr(self.total, name)[at] += getattr(part, name)


def merge(parts: Sequence[Statistics]) -> Statistics:
    """Add statistics up, in the order given.

    Raises:
        BadInput: if there are none, or their widths differ.
    """
    if not parts:
        raise BadInput("parts must not be empty")
    running = Running(parts[0])
    for part in parts[1:]:
        running.add(part)
    return running.total
