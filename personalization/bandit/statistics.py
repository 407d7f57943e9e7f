"""Sufficient statistics: all that the fit needs of the decisions, as sums per artwork.

Each decision is taken on the scale of log-odds, around what was expected of it (`odds`).
The sums add up over days, shards and machines. Sums are taken in the order given,
so the same parts in the same order give the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import Floats, Ints, floats, ints
from personalization.bandit.errors import BadInput

SUMS = ("n", "r", "rw", "ww")  # of each artwork


@dataclass(frozen=True)
class Statistics:
    """Sums per artwork over decisions with fit rows w = [z, controls] and rewards r.

    With p = 1/(1 + e⁻ᵒ) of the log-odds o that were expected of a decision:

    Attributes:
        artwork_ids: (A,) int64, strictly increasing.
        n: (A,) decisions (not whole once decayed).
        r: (A,) Σ r.
        rw: (A, W) Σ (r − p + p(1 − p)·o)·w.
        ww: (A, W, W) Σ p(1 − p)·w·wᵀ.
        moments: (2, W) Σ w and Σ w², number by number, over all decisions that were added.
    """

    artwork_ids: Ints
    n: Floats
    r: Floats
    rw: Floats
    ww: Floats
    moments: Floats

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
        object.__setattr__(self, "moments", floats("moments", self.moments, (2, width)))

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
            self.artwork_ids,
            self.n,
            self.r,
            self.rw[:, keep],
            self.ww[:, keep][:, :, keep],
            self.moments[:, keep],
        )

    def rows(self, places: Ints) -> "Statistics":
        """Return the statistics of the artworks at increasing `places`."""
        return Statistics(
            self.artwork_ids[places],
            self.n[places],
            self.r[places],
            self.rw[places],
            self.ww[places],
            self.moments,
        )

    def aligned(self, artwork_ids: Ints) -> "Statistics":
        """Return rows for exactly `artwork_ids` (increasing): zeros where nothing is known."""
        wanted = ints("artwork_ids", artwork_ids, (None,))
        found = np.searchsorted(self.artwork_ids, wanted)
        known = np.zeros(len(wanted), bool)
        inside = found < len(self.artwork_ids)
        known[inside] = self.artwork_ids[found[inside]] == wanted[inside]
        result = empty(wanted, self.width)
        np.copyto(result.moments, self.moments)
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
        np.zeros((2, width)),
    )


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
        for name in (*SUMS, "moments"):
            np.multiply(getattr(self.total, name), factor, out=getattr(self.total, name))

    def add(self, part: Statistics) -> None:
        """Add a part, which may bring new artworks. Raises BadInput if its width differs."""
        if part.width != self.total.width:
            raise BadInput("parts differ in width: they come from different manifests")
        np.add(self.total.moments, part.moments, out=self.total.moments)
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
