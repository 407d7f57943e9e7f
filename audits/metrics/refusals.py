"""The array types of the measures, and the checks at their doors.

Input that cannot be measured is refused by the name of the argument. It is never repaired.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# How far from one a title's probabilities may add up (they are stored as float32).
SUM_TOLERANCE = 1e-4
# Squares and sums of larger numbers could overflow, and an infinite sum is no result.
LARGEST = 1e50


class CannotMeasure(ValueError):
    """The argument `field` cannot be measured, for `reason`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NotMeasurable(CannotMeasure):
    """The data cannot show it, however many viewers there are: a verdict of its own."""


def title_varies(titles: Ints, values: Floats | Bools, among: Bools | None = None) -> bool:
    """Say whether a choice within any title could change the value of what is shown.

    Args:
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        values: (A,) of each artwork.
        among: (A,) True for the artworks that count (default: all).

    Returns:
        True if some title has two artworks that count, with different values.

    Raises:
        CannotMeasure: as `title_starts`.
    """
    counted = np.ones(len(titles), dtype=np.bool_) if among is None else among
    if not counted.any():
        return False
    starts = title_starts("titles", titles[counted])
    numbers = values[counted].astype(np.float64)
    most, least = (each.reduceat(numbers, starts) for each in (np.maximum, np.minimum))
    return bool((most - least > SUM_TOLERANCE**2).any())


def floats(field: str, values: ArrayLike, *, shape: tuple[int | None, ...]) -> Floats:
    """Check that `values` are finite numbers of a shape.

    Args:
        field: the argument's name, for the refusal.
        values: numbers between -1e50 and 1e50.
        shape: the length of each axis; None allows any length.

    Returns:
        The numbers as float64, in the given shape.

    Raises:
        CannotMeasure: text, objects, NaN, infinity, numbers beyond 1e50, or another shape.
    """
    array = rectangular(field, values)
    if array.size and array.dtype.kind not in "biuf":
        raise CannotMeasure(field, "must hold numbers")
    _check_shape(field, array, shape)
    if array.size and not (np.abs(array) <= LARGEST).all():
        raise CannotMeasure(field, f"must hold finite numbers up to {LARGEST:.0e} only")
    return array.astype(np.float64, copy=False)


def integers(field: str, values: ArrayLike, *, shape: tuple[int | None, ...]) -> Ints:
    """Check that `values` are whole numbers of a shape.

    Args:
        field: the argument's name, for the refusal.
        values: whole numbers that 64 bits with a sign can hold.
        shape: the length of each axis; None allows any length.

    Returns:
        The numbers as int64, in the given shape.

    Raises:
        CannotMeasure: anything but integers (floats too, even where they are whole), numbers that
            are too large, or another shape.
    """
    array = rectangular(field, values)
    if array.size and array.dtype.kind not in "iu":
        raise CannotMeasure(field, "must hold whole numbers")
    _check_shape(field, array, shape)
    if array.dtype.kind == "u" and array.size and array.max() > np.iinfo(np.int64).max:
        raise CannotMeasure(field, "holds a number that is too large")
    return array.astype(np.int64, copy=False)


def booleans(field: str, values: ArrayLike, *, shape: tuple[int | None, ...]) -> Bools:
    """Check that `values` are true or false, and of a shape.

    Args:
        field: the argument's name, for the refusal.
        values: booleans; an empty sequence passes.
        shape: the length of each axis; None allows any length.

    Returns:
        The values as bool, in the given shape.

    Raises:
        CannotMeasure: anything but booleans (0 and 1 too), or another shape.
    """
    array = rectangular(field, values)
    if array.size and array.dtype != np.bool_:
        raise CannotMeasure(field, "must hold true and false only")
    _check_shape(field, array, shape)
    return array.astype(np.bool_, copy=False)


def whole(field: str, value: int, *, least: int) -> int:
    """Check that `value` is a whole number that is not below `least`.

    Args:
        field: the argument's name, for the refusal.
        value: the number.
        least: the smallest number that is taken.

    Returns:
        The number as int.

    Raises:
        CannotMeasure: a boolean, a float, text, or a number below `least`.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise CannotMeasure(field, f"must be a whole number of at least {least}")
    return int(value)


def title_starts(field: str, titles: Ints) -> Ints:
    """Find where each title's block of artworks begins.

    Args:
        field: the argument's name, for the refusal.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.

    Returns:
        (T,) the place of each title's first artwork.

    Raises:
        CannotMeasure: no artwork, or a title whose artworks lie apart.
    """
    if not titles.size:
        raise CannotMeasure(field, "must name at least one artwork")
    starts = np.flatnonzero(np.r_[True, titles[1:] != titles[:-1]])
    if len(np.unique(titles)) != len(starts):
        raise CannotMeasure(field, "must keep each title's artworks next to each other")
    return starts.astype(np.int64)


def probabilities(field: str, values: ArrayLike, *, titles: Ints) -> Floats:
    """Check that `values` are one viewer's probabilities in each row.

    Args:
        field: the argument's name, for the refusal.
        values: (V, A) in [0, 1], adding up to 1 over each title's artworks (to within 1e-4).
        titles: (A,) each artwork's title.

    Returns:
        (V, A) the probabilities as float64.

    Raises:
        CannotMeasure: numbers outside [0, 1], another sum, or another shape.
    """
    array = floats(field, values, shape=(None, len(titles)))
    if (array < 0).any() or (array > 1 + SUM_TOLERANCE).any():
        raise CannotMeasure(field, "must lie between 0 and 1")
    sums = np.add.reduceat(array, title_starts("titles", titles), axis=1)
    if (np.abs(sums - 1) > SUM_TOLERANCE).any():
        raise CannotMeasure(field, "must add up to 1 over each title's artworks")
    return array


def rectangular(field: str, values: ArrayLike) -> NDArray[Any]:
    """Turn `values` into an array.

    Args:
        field: the argument's name, for the refusal.
        values: anything that NumPy turns into an array.

    Returns:
        The array, unchecked.

    Raises:
        CannotMeasure: rows of different lengths.
    """
    try:
        return np.asarray(values)
    except (TypeError, ValueError, OverflowError) as error:
        raise CannotMeasure(field, "must hold rows of one length") from error


def _check_shape(field: str, array: NDArray[Any], shape: tuple[int | None, ...]) -> None:
    wanted = tuple("any" if length is None else length for length in shape)
    fits = array.ndim == len(shape) and all(
        length is None or length == actual
        for length, actual in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise CannotMeasure(field, f"must have the shape {wanted}, not {array.shape}")
