"""Refusals at the door: each names the field that is wrong."""

from collections.abc import Sequence
from math import isfinite
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
INT64 = np.dtype(np.int64)
ANY_LENGTH = (None,)


# Kernels are compiled for arrays in one piece that may be written: for another kind, a page would
# wait for the compiler.


class BadInput(ValueError):
    """An array has the wrong shape, or holds what it may not; the message names it."""


def floats(name: str, values: object, shape: Sequence[int | None]) -> Floats:
    """Return `values` as float64, or raise BadInput: `shape` has None where any length will do."""
    array = np.asarray(values, dtype=np.float64)
    _check_shape(name, array.shape, shape)
    if not finite(array):
        raise BadInput(f"{name} holds NaN or infinity")
    return array


def shaped(name: str, values: object, shape: Sequence[int | None]) -> Floats:
    """As `floats`, for a kernel that itself looks for NaN and infinity."""
    array = np.asarray(values, np.float64, order="C")
    _check_shape(name, array.shape, shape)
    return array if array.flags.writeable else array.copy()


def ints(name: str, values: object, shape: Sequence[int | None]) -> Ints:
    """Return `values` as int64 in one piece, or raise BadInput."""
    array = np.asarray(values, order="C")
    _check_shape(name, array.shape, shape)
    if array.dtype is INT64:
        return array if array.flags.writeable else array.copy()
    if array.size and array.dtype.kind not in "iu":
        raise BadInput(f"{name} must hold whole numbers, not {array.dtype}")
    return array.astype(np.int64)


def refuse(words: str, *named: tuple[str, Floats]) -> NoReturn:
    """Raise BadInput for the first that holds NaN or infinity, or else with these words."""
    for name, array in named:
        floats(name, array, array.shape)
    raise BadInput(words)


def finite(array: Floats) -> bool:
    """Say whether all of an array is finite, in one pass where it lies in one piece."""
    # The sum of squares is not finite where a number is not, and nearly never else.
    if array.flags.c_contiguous and isfinite(np.vdot(array, array)):
        return True
    return bool(np.isfinite(array).all())


def _check_shape(name: str, found: tuple[int, ...], wanted: Sequence[int | None]) -> None:
    if found == wanted or (wanted == ANY_LENGTH and len(found) == 1):
        return
    if len(found) == len(wanted):
        for length, needed in zip(found, wanted, strict=True):
            if needed is not None and length != needed:
                break
        else:
            return
    words = ", ".join("any" if length is None else str(length) for length in wanted)
    raise BadInput(f"{name} has shape {found}; it must be ({words})")
