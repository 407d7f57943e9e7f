"""Sufficient statistics: all that the fit needs of the decisions, as sums per artwork.

Each decision is taken on the scale of log-odds, given what was expected of it (`odds`). The sums
add up over days, shards and machines. They are taken in the order given, so the same parts in
the same order give the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import (
    Floats,
    Ints,
    floats,
    increasing,
    ints,
    number,
    places_of,
    whole,
)
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

    Raises:
        BadInput: naming the array that is wrong.
    """

    artwork_ids: Ints
    n: Floats
    r: Floats
    rw: Floats
    ww: Floats
    moments: Floats

    def __post_init__(self) -> None:
        ids = ints("artwork_ids", self.artwork_ids, (None,))
        increasing("artwork_ids", ids)
        count = len(ids)
        rw = floats("rw", self.rw, (count, None))
        width = rw.shape[1]
        object.__setattr__(self, "artwork_ids", ids)
        object.__setattr__(self, "n", floats("n", self.n, (count,)))
        object.__setattr__(self, "r", floats("r", self.r, (count,)))
        object.__setattr__(self, "rw", rw)
        object.__setattr__(self, "ww", floats("ww", self.ww, (count, width, width)))
        object.__setattr__(self, "moments", floats("moments", self.moments, (2, width)))
        for name in ("n", "r"):
            if (getattr(self, name) < 0).any():
                raise BadInput(f"{name} must not be negative")

    @property
    def width(self) -> int:
        """W, how many numbers a row of the fit has."""
        return int(self.rw.shape[1])

    @property
    def decisions(self) -> float:
        """How many decisions all artworks have together, after decay."""
        return float(self.n.sum())

    def project(self, columns: Sequence[int]) -> "Statistics":
        """Return the statistics of some columns of w alone.

        Args:
            columns: places from 0 to W − 1, in the order wanted.

        Raises:
            BadInput: if one is no place.
        """
        keep = list(columns)
        if not all(0 <= column < self.width for column in keep):
            raise BadInput(f"columns must be places from 0 to {self.width - 1}")
        return Statistics(
            self.artwork_ids,
            self.n,
            self.r,
            self.rw[:, keep],
            self.ww[:, keep][:, :, keep],
            self.moments[:, keep],
        )

    def rows(self, places: Ints) -> "Statistics":
        """Return the statistics of some artworks.

        Args:
            places: (K,) strictly increasing, from 0 to A − 1.

        Raises:
            BadInput: if one is no place, or they do not increase.
        """
        places = ints("places", places, (None,))
        increasing("places", places)
        if len(places) and not 0 <= places[0] <= places[-1] < len(self.artwork_ids):
            raise BadInput(f"places must lie from 0 to {len(self.artwork_ids) - 1}")
        return Statistics(
            self.artwork_ids[places],
            self.n[places],
            self.r[places],
            self.rw[places],
            self.ww[places],
            self.moments,
        )

    def aligned(self, artwork_ids: Ints) -> "Statistics":
        """Return the statistics of exactly these artworks: zeros where nothing is known.

        Args:
            artwork_ids: (K,) strictly increasing.

        Returns:
            a copy.

        Raises:
            BadInput: if they are no whole numbers, or do not increase.
        """
        wanted = ints("artwork_ids", artwork_ids, (None,))
        places = places_of(self.artwork_ids, wanted)
        known = places >= 0
        result = empty(wanted, self.width)
        np.copyto(result.moments, self.moments)
        for name in SUMS:
            getattr(result, name)[known] = getattr(self, name)[places[known]]
        return result


def empty(artwork_ids: Ints, width: int) -> Statistics:
    """Return statistics of no decisions.

    Args:
        artwork_ids: (A,) strictly increasing.
        width: W, from 0.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    artwork_ids = ints("artwork_ids", artwork_ids, (None,))
    count, width = len(artwork_ids), whole("width", width, least=0)
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
        """Begin with a copy.

        Args:
            start: the first part, which may be memory-mapped.
        """
        self.total = start.aligned(start.artwork_ids)

    def decay(self, factor: float) -> None:
        """Multiply every sum by a factor.

        Args:
            factor: more than 0, at most 1.

        Raises:
            BadInput: for any other factor.
        """
        if number("factor", factor, least=0.0, most=1.0) == 0.0:
            raise BadInput("factor must be more than 0")
        for name in (*SUMS, "moments"):
            np.multiply(getattr(self.total, name), factor, out=getattr(self.total, name))

    def add(self, part: Statistics) -> None:
        """Add a part.

        Args:
            part: of the same width; it may bring new artworks.

        Raises:
            BadInput: if its width differs.
        """
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

    Args:
        parts: at least one, all of one width.

    Returns:
        their sum, for all artworks that any of them has.

    Raises:
        BadInput: if there are none, or their widths differ.
    """
    if not parts:
        raise BadInput("parts must not be empty")
    running = Running(parts[0])
    for part in parts[1:]:
        running.add(part)
    return running.total
