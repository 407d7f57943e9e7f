"""Sufficient statistics: all that the fit needs of the decisions, as sums per artwork.

They add up over days, shards and machines. Sums are taken in the order given,
so the same parts in the same order give the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personalization.bandit.errors import BadInput, Floats, Ints, floats, ints


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

    def decayed(self, factor: float) -> "Statistics":
        """Return the statistics with every sum multiplied by `factor`, in (0, 1]."""
        if not 0.0 < factor <= 1.0:
            raise BadInput("factor must lie in (0, 1]")
        return Statistics(
            self.artwork_ids, self.n * factor, self.r * factor, self.rw * factor, self.ww * factor
        )

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
        for name in ("n", "r", "rw", "ww"):
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


def reduce(*, artwork_ids: Ints, rows: Floats, rewards: Floats) -> Statistics:
    """Sum the decisions of one part of the log.

    Args:
        artwork_ids: (N,) the artwork that each decision showed.
        rows: (N, W) fit rows [1, x_v, match, controls].
        rewards: (N,) from 0 to 1.

    Raises:
        BadInput: naming the array that is wrong.
    """
    rows = floats("rows", rows, (None, None))
    count, width = rows.shape
    shown = ints("artwork_ids", artwork_ids, (count,))
    gained = floats("rewards", rewards, (count,))
    if count and (gained.min() < 0 or gained.max() > 1):
        raise BadInput("rewards must lie from 0 to 1")
    order = np.argsort(shown, kind="stable")
    shown, rows, gained = shown[order], rows[order], gained[order]
    distinct, starts = np.unique(shown, return_index=True)
    sums = empty(distinct, width)
    ends = np.append(starts, count)[1:]
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        block = rows[start:end]
        sums.ww[index] = block.T @ block
        sums.rw[index] = gained[start:end] @ block
        sums.r[index] = gained[start:end].sum()
        sums.n[index] = end - start
    return sums


def merge(parts: Sequence[Statistics]) -> Statistics:
    """Add statistics up, in the order given.

    Raises:
        BadInput: if there are none, or their widths differ.
    """
    if not parts:
        raise BadInput("parts must not be empty")
    if len({part.width for part in parts}) != 1:
        raise BadInput("parts differ in width: they come from different manifests")
    distinct = np.unique(np.concatenate([part.artwork_ids for part in parts]))
    total = empty(distinct, parts[0].width)
    for part in parts:
        at = np.searchsorted(distinct, part.artwork_ids)
        for name in ("n", "r", "rw", "ww"):
            getattr(total, name)[at] += getattr(part, name)
    return total
