"""Refusals at the door: each names the field that is wrong."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class BadInput(ValueError):
    """An array has the wrong shape, or holds what it may not; the message names it."""


def floats(name: str, values: object, shape: Sequence[int | None]) -> Floats:
    """Return `values` as float64, or raise BadInput: `shape` has None where any length will do."""
    array = np.asarray(values, dtype=np.float64)
    _check_shape(name, array.shape, shape)
    if not finite(array):
        raise BadInput(f"{name} holds NaN or infinity")
    return array


def ints(name: str, values: object, shape: Sequence[int | None]) -> Ints:
    """Return `values` as int64, or raise BadInput."""
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise BadInput(f"{name} must hold whole numbers, not {array.dtype}")
    _check_shape(name, array.shape, shape)
    return array.astype(np.int64, copy=False)


def finite(array: Floats) -> bool:
    """Say whether all of an array is finite, in one pass where it lies in one piece."""
    # The sum of squares is not finite where a number is not, and nearly never else.
    if array.flags.c_contiguous and isfinite(np.vdot(array, array)):
        return True
    return bool(np.isfinite(array).all())


def _check_shape(name: str, found: tuple[int, ...], wanted: Sequence[int | None]) -> None:
    if found == wanted:
        return
    if len(found) == len(wanted):
        for length, needed in zip(found, wanted, strict=True):
            if needed is not None and length != needed:
                break
        else:
            return
    words = ", ".join("any" if length is None else str(length) for length in wanted)
    raise BadInput(f"{name} has shape {found}; it must be ({words})")
