"""Ragged slates: one flat array, and where each title's part of it begins."""

import numpy as np

from personalization.bandit.arrays import Ints, ints, whole
from personalization.bandit.errors import BadInput


def begins(starts: Ints) -> Ints:
    """Return `starts` as kernels take it, which check themselves that it makes sense.

    Args:
        starts: (T,) first index of each title.

    Returns:
        (T,) int64.

    Raises:
        BadInput: if they are no whole numbers, or not one axis of them.
    """
    return ints("starts", starts, (None,))


def artworks_of(starts: Ints, size: int) -> Ints:
    """Return how many artworks each title has.

    Args:
        starts: (T,) first index of each title.
        size: K, how many artworks all titles have together, from 0.

    Returns:
        (T,) counts from 1, which sum to K.

    Raises:
        BadInput: unless `starts` begins with 0, increases, and leaves each title an artwork.
    """
    size = whole("size", size, least=0)
    starts = begins(starts)
    if size and (not len(starts) or starts[0] != 0):
        raise BadInput("starts must begin with 0")
    counts = np.diff(starts, append=size)
    if (counts <= 0).any():
        raise BadInput("starts must increase and leave each title an artwork")
    return counts
