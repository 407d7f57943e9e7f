"""Every random number of a measure: each viewer has numbers of their own, that follow from a seed.

So a viewer who leaves takes their own numbers along, and changes nobody else's.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from audits.metrics.refusals import CannotMeasure, Floats, Ints, integers, whole

_Words = NDArray[np.uint64]
_STEP = 0x9E3779B97F4A7C15
_WORD = 2**64


class Use(IntEnum):
    """What random numbers are for: those of two uses are independent."""

    SAMPLE = 1
    FOLDS = 2
    LABELS = 3
    VIEWERS = 4
    SIGNS = 5
    SWAPS = 6


def checked_seeds(seeds: ArrayLike, *, viewers: int) -> Ints:
    """Check the seeds of viewers.

    Args:
        seeds: (V,) one whole number a viewer, 0 or more; no two should be the same.
        viewers: V.

    Returns:
        (V,) the seeds.

    Raises:
        CannotMeasure: `seeds` holds another number of seeds, or a negative one.
    """
    checked = integers("seeds", seeds, shape=(viewers,))
    if (checked < 0).any():
        raise CannotMeasure("seeds", "must not be negative")
    return checked


def uniforms(*, seeds: Ints, use: Use, count: int, first: int = 0) -> Floats:
    """Make random numbers of each viewer, which follow from that viewer's seed alone.

    Args:
        seeds: (V,) one whole number a viewer, 0 or more.
        use: what they are for.
        count: how many for each viewer, at least 1.
        first: the number of the first of them, 0 or more.

    Returns:
        (count, V) numbers in [0, 1).

    Raises:
        CannotMeasure: by the argument's name.

    Source: SplitMix64, Steele, Lea & Flood 2014, Fast splittable pseudorandom number generators.
    """
    own = checked_seeds(seeds, viewers=len(seeds)).astype(np.uint64)
    numbers = np.arange(1, whole("count", count, least=1) + 1, dtype=np.uint64)
    numbers += np.uint64(whole("first", first, least=0))
    starts = _mixed(_mixed(own + np.uint64(_STEP)) + np.uint64(_STEP * use % _WORD))
    words = _mixed(starts + (numbers * np.uint64(_STEP))[:, None])
    made: Floats = (words >> np.uint64(11)).astype(np.float64)
    made *= 2.0**-53
    return made


def seeds_of_pairs(*, seeds: Ints, places: Ints) -> Ints:
    """Make a seed for each of N pairs of a viewer and a thing, say a title.

    Args:
        seeds: (N,) the viewer's seed, 0 or more.
        places: (N,) the thing's number, 0 or more.

    Returns:
        (N,) seeds, 0 or more.

    Raises:
        CannotMeasure: by the argument's name.
    """
    own = checked_seeds(seeds, viewers=len(seeds)).astype(np.uint64)
    numbers = integers("places", places, shape=own.shape)
    if (numbers < 0).any():
        raise CannotMeasure("places", "must not be negative")
    words = _mixed(_mixed(own + np.uint64(_STEP)) + (numbers.astype(np.uint64) * np.uint64(_STEP)))
    return (words >> np.uint64(1)).astype(np.int64)


def _mixed(words: _Words) -> _Words:
    words = words ^ (words >> np.uint64(30))
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words
