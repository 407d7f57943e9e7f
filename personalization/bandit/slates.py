"""Ragged slates as rectangles: every title's artworks in a row of their own.

Titles have different numbers of artworks, so a page is one flat array with `starts`;
the arithmetic goes over a rectangle (…, T, W) of the widest title. Where all titles have
as many artworks, that is only another view of the same numbers.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from personalization.bandit.errors import BadInput, Floats, Ints, ints


@dataclass(frozen=True)
class Layout:
    """Where a flat array's numbers lie in the rectangle.

    Attributes:
        counts: (T,) artworks of each title, at least one.
        width: W, those of the widest.
        there: (T, W) True where there is an artwork; None where there is one everywhere.
    """

    counts: Ints
    width: int
    there: npt.NDArray[np.bool_] | None

    def rectangle(self, flat: npt.NDArray[np.float64], fill: float) -> Floats:
        """Return (…, K) as (…, T, W), with `fill` where there is no artwork."""
        shape = (*flat.shape[:-1], len(self.counts), self.width)
        if self.there is None:
            return flat.reshape(shape)
        padded = np.full(shape, fill)
        padded[..., self.there] = flat
        return padded

    def flat(self, padded: Floats) -> Floats:
        """Return (…, T, W) as (…, K)."""
        if self.there is None:
            return padded.reshape(*padded.shape[:-2], len(self.counts) * self.width)
        return padded[..., self.there]


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
    if (np.diff(begins) <= 0).any() or (len(begins) and begins[-1] >= size):
        raise BadInput("starts must increase and leave each title an artwork")
    counts = np.diff(np.append(begins, size)).astype(np.int64)
    width = int(counts.max(initial=0))
    regular = bool((counts == width).all())
    return Layout(counts, width, None if regular else np.arange(width) < counts[:, None])
