"""Ragged slates: one flat array, and where each title's part of it begins."""

import numpy as np

from personalization.bandit.arrays import Ints, ints
from personalization.bandit.errors import BadInput


def begins(starts: Ints) -> Ints:
    """Return `starts` as kernels take them, which check that they make sense: (T,)."""
    return ints("starts", starts, (None,))


def artworks_of(starts: Ints, size: int) -> Ints:
    """Return how many of `size` artworks each title has: (T,).

    Raises BadInput unless `starts` begins with 0, increases, and leaves each title an artwork.
    """
    starts = begins(starts)
    if size and (not len(starts) or starts[0] != 0):
        raise BadInput("starts must begin with 0")
    counts = np.diff(starts, append=size)
    if (counts <= 0).any():
        raise BadInput("starts must increase and leave each title an artwork")
    return counts
