"""Ragged slates as rectangles: every title's artworks in a column of their own.

Titles have different numbers of artworks, so a page is one flat array with `starts`;
the arithmetic goes over a rectangle (W, T) as high as the widest title has artworks. A
title's numbers never meet another's: many pages are one long page.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from personalization.bandit.errors import BadInput, Floats, Ints, ints


@dataclass(frozen=True, eq=False)
class Layout:
    """Where a flat array's numbers lie in the rectangle.

    Attributes:
        counts: (T,) artworks of each title, at least one.
        width: W, those of the widest.
        each: `counts` as float64; one number where all titles have as many.
        at: (K,) each number's place in the rectangle, read row by row; None where all titles
            have as many artworks, and the rectangle is the flat array turned over.
        gaps: (W, T) True where there is no artwork; None where there is one everywhere.
    """

    counts: Ints
    width: int
    each: Floats | float
    at: Ints | None
    gaps: npt.NDArray[np.bool_] | None

    def rectangle(self, flat: Floats, fill: float) -> Floats:
        """Return (K,) as (W, T), a copy, with `fill` where there is no artwork."""
        shape = (self.width, len(self.counts))
        if self.at is None:
            return flat.reshape(shape[::-1]).T.copy()
        padded = np.full(shape, fill)
        padded.reshape(-1)[self.at] = flat
        return padded

    def flat(self, padded: Floats) -> Floats:
        """Return (W, T) as (K,)."""
        return padded.T.reshape(-1) if self.at is None else padded.take(self.at)


# A page's layout comes again and again, and is kept. A night's batch of a hundred thousand
# slates never does, and would fill the memory.
KEPT_TITLES = 512


def layout(starts: Ints, size: int) -> Layout:
    """Return the layout of K = `size` numbers, of which title t's begin at `starts[t]`.

    Raises BadInput unless `starts` begins with 0, increases, and leaves each title an artwork.
    """
    begins = ints("starts", starts, (None,))
    return _made(begins, size) if len(begins) > KEPT_TITLES else _kept(begins.tobytes(), size)


@lru_cache(maxsize=256)
def _kept(starts: bytes, size: int) -> Layout:
    return _made(np.frombuffer(starts, np.int64), size)


def _made(begins: Ints, size: int) -> Layout:
    if size and (not len(begins) or begins[0] != 0):
        raise BadInput("starts must begin with 0")
    counts = np.diff(begins, append=size)
    if (counts <= 0).any():
        raise BadInput("starts must increase and leave each title an artwork")
    return _of(counts)


def _of(counts: Ints) -> Layout:
    width = int(counts.max(initial=1))
    if (counts == width).all():
        return Layout(counts, width, float(width), None, None)
    there = np.arange(width) < counts[:, None]
    across, down = np.nonzero(there)
    return Layout(counts, width, counts.astype(np.float64), down * len(counts) + across, ~there.T)


def repeated(places: Layout, times: int) -> Layout:
    """Return the layout of the same slate so many times, one after the other."""
    return places if times == 1 else _of(np.tile(places.counts, times))
