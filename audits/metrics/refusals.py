"""Input that cannot be measured is refused by the name of the argument, never repaired."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# How far from one a title's probabilities may add up (they are stored as float32).
SUM_TOLERANCE = 1e-4


class Refused(ValueError):
    """`field` cannot be used for `reason`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def floats(field: str, values: ArrayLike, *, shape: tuple[int | None, ...]) -> Floats:
    """Finite float64 of the given shape (`None`: any length), or `Refused`."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Refused(field, "must hold numbers") from error
    _check_shape(field, array, shape)
    if not np.isfinite(array).all():
        raise Refused(field, "must hold finite numbers only")
    return array


def integers(field: str, values: ArrayLike, *, shape: tuple[int | None, ...]) -> Ints:
    """int64 of the given shape, or `Refused`; floats are refused even where they are whole."""
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise Refused(field, "must hold whole numbers")
    _check_shape(field, array, shape)
    return array.astype(np.int64)


def booleans(field: str, values: ArrayLike, *, shape: tuple[int | None, ...]) -> Bools:
    """bool of the given shape, or `Refused`."""
    array = np.asarray(values)
    if array.dtype != np.bool_:
        raise Refused(field, "must hold true and false only")
    _check_shape(field, array, shape)
    return array


def title_starts(field: str, titles: Ints) -> Ints:
    """Where each title's block of artworks begins; the blocks must lie together."""
    if not titles.size:
        raise Refused(field, "must name at least one artwork")
    starts = np.flatnonzero(np.r_[True, titles[1:] != titles[:-1]])
    if len(np.unique(titles)) != len(starts):
        raise Refused(field, "must keep each title's artworks next to each other")
    return starts.astype(np.int64)


def probabilities(field: str, values: ArrayLike, *, titles: Ints) -> Floats:
    """(V, A) in [0, 1] that add up to one over each title's artworks, or `Refused`."""
    array = floats(field, values, shape=(None, len(titles)))
    if (array < 0).any() or (array > 1 + SUM_TOLERANCE).any():
        raise Refused(field, "must lie between 0 and 1")
    sums = np.add.reduceat(array, title_starts("titles", titles), axis=1)
    if (np.abs(sums - 1) > SUM_TOLERANCE).any():
        raise Refused(field, "must add up to 1 over each title's artworks")
    return array


def _check_shape(field: str, array: NDArray[Any], shape: tuple[int | None, ...]) -> None:
    wanted = tuple("any" if length is None else length for length in shape)
    fits = array.ndim == len(shape) and all(
        length is None or length == actual
        for length, actual in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise Refused(field, f"must have the shape {wanted}, not {array.shape}")
