"""Arrays and numbers as the learner takes them: checked once, at the door, and refused by name."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from personalization.bandit.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FLOAT64, INT64 = np.dtype(np.float64), np.dtype(np.int64)
ANY_LENGTH = (None,)
LARGEST = np.iinfo(np.int64).max

Number = TypeVar("Number", np.float64, np.int64)


def floats(name: str, values: object, shape: Sequence[int | None]) -> Floats:
    """Return finite numbers as float64.

    Args:
        name: of the argument, for the message.
        values: an array, or nested sequences, of real numbers or booleans.
        shape: the shape that is needed; None where any length will do.

    Returns:
        the array, of that shape; `values` itself where nothing had to be changed.

    Raises:
        BadInput: if the values are no numbers, have another shape, or hold NaN or infinity.
    """
    array = _numbers(name, values)
    _check_shape(name, array.shape, shape)
    if not finite(array):
        raise BadInput(f"{name} holds NaN or infinity")
    return array


def shaped(name: str, values: object, shape: Sequence[int | None] | None) -> Floats:
    """Return numbers as `floats` does, for a kernel that looks for NaN and infinity itself.

    Kernels are compiled for arrays in one piece that can be written to. For any other kind, a
    page would wait for the compiler, so the array is copied where it is of another kind.

    Args:
        name, values: as for `floats`.
        shape: as for `floats`; None if any will do.

    Returns:
        the array, of that shape, in one piece and writable.

    Raises:
        BadInput: if the values are no numbers, or have another shape.
    """
    array = _numbers(name, values)
    if shape is not None:
        _check_shape(name, array.shape, shape)
    return _in_one_piece(array)


def ints(name: str, values: object, shape: Sequence[int | None]) -> Ints:
    """Return whole numbers as int64, in one piece and writable.

    Args:
        name, shape: as for `floats`.
        values: an array, or nested sequences, of whole numbers; an empty one may have any type.

    Returns:
        the array, of that shape; `values` itself where nothing had to be changed.

    Raises:
        BadInput: if the values are no whole numbers, are too large, or have another shape.
    """
    array = _array(name, values)
    _check_shape(name, array.shape, shape)
    if array.dtype is INT64:
        return _in_one_piece(array)
    if array.size and array.dtype.kind not in "iu":
        raise BadInput(f"{name} must hold whole numbers, not {array.dtype}")
    if array.size and array.dtype.kind == "u" and int(array.max()) > LARGEST:
        raise BadInput(f"{name} holds a number that is too large")
    return array.astype(np.int64, order="C")


def flags(name: str, values: object, shape: Sequence[int | None]) -> NDArray[np.bool_]:
    """Return an array of booleans.

    Args:
        name, shape: as for `floats`.
        values: an array, or nested sequences, of booleans; an empty one may have any type.

    Returns:
        the array, of that shape.

    Raises:
        BadInput: if the values are no booleans, or have another shape.
    """
    array = _array(name, values)
    _check_shape(name, array.shape, shape)
    if array.size and array.dtype.kind != "b":
        raise BadInput(f"{name} must hold true or false, not {array.dtype}")
    return array.astype(np.bool_, copy=False)


def number(name: str, value: object, *, least: float, most: float = float("inf")) -> float:
    """Return a finite number as a float.

    Args:
        name: of the argument, for the message.
        value: the number.
        least, most: the bounds that it must keep, both included.

    Raises:
        BadInput: if it is no real number, is NaN or infinite, or lies outside the bounds.
    """
    if not isinstance(value, (int, float, np.integer, np.floating)) or isinstance(value, bool):
        raise BadInput(f"{name} must be a number, not {type(value).__name__}")
    try:
        known = float(value)
    except OverflowError as error:  # an int of hundreds of digits
        raise BadInput(f"{name} is too large") from error
    if not least <= known <= most or not isfinite(known):
        bounds = f"from {least:g}" if most == float("inf") else f"from {least:g} to {most:g}"
        raise BadInput(f"{name} must be a number {bounds}; it is {value}")
    return known


def whole(name: str, value: object, *, least: int) -> int:
    """Return a whole number as an int.

    Args:
        name: of the argument, for the message.
        value: the number.
        least: the least that it may be.

    Raises:
        BadInput: if it is no whole number, or less.
    """
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
        raise BadInput(f"{name} must be a whole number from {least}; it is {value!r}")
    return int(value)


def increasing(name: str, values: Ints) -> None:
    """Refuse ids that do not increase strictly.

    Args:
        name: of the argument, for the message.
        values: (N,).

    Raises:
        BadInput: if one of them is not greater than the one before.
    """
    if (values[1:] <= values[:-1]).any():
        raise BadInput(f"{name} must be strictly increasing")


def places_of(ids: Ints, wanted: Ints) -> Ints:
    """Return where each wanted id stands.

    Args:
        ids: (N,) strictly increasing.
        wanted: (K,).

    Returns:
        (K,) places in `ids`, −1 for an id that is not among them.
    """
    if not len(ids):
        return np.full(len(wanted), -1)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[places] == wanted, places, -1).astype(np.int64)


def refuse(words: str, *named: tuple[str, Floats]) -> NoReturn:
    """Name what is wrong with the input of a kernel that has found it to make no sense.

    Args:
        words: what to say if no array holds NaN or infinity.
        named: names and arrays, in the order in which they are looked at.

    Raises:
        BadInput: always.
    """
    for name, array in named:
        floats(name, array, array.shape)
    raise BadInput(words)


def finite(array: Floats) -> bool:
    """Say whether all of an array is finite, in one pass where it is in one piece.

    Args:
        array: of any shape.
    """
    # The sum of squares is not finite where a number is not, and hardly ever otherwise.
    if array.flags.c_contiguous and isfinite(np.vdot(array, array)):
        return True
    return bool(np.isfinite(array).all())


def _numbers(name: str, values: object) -> Floats:
    array = _array(name, values)
    if array.dtype is FLOAT64:
        return array
    if array.size and array.dtype.kind not in "fiub":
        raise BadInput(f"{name} must hold numbers, not {array.dtype}")
    return array.astype(np.float64)


def _array(name: str, values: object) -> NDArray[Any]:
    if type(values) is np.ndarray:
        return values
    try:
        return np.asarray(values)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(f"{name} must be an array of numbers: {error}") from error


def _in_one_piece(array: NDArray[Number]) -> NDArray[Number]:
    kind = array.flags
    return array if kind.c_contiguous and kind.writeable else array.copy(order="C")


def _check_shape(name: str, given: tuple[int, ...], wanted: Sequence[int | None]) -> None:
    if given == wanted or (wanted == ANY_LENGTH and len(given) == 1):
        return
    if len(given) == len(wanted):
        for length, needed in zip(given, wanted, strict=True):
            if needed is not None and length != needed:
                break
        else:
            return
    words = ", ".join("any" if length is None else str(length) for length in wanted)
    raise BadInput(f"{name} has shape {given}; it must be ({words})")
