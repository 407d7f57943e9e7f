"""Refusals at the door: each names the field that is wrong."""

from collections.abc import Sequence

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
    if not np.isfinite(array).all():
        raise BadInput(f"{name} holds NaN or infinity")
    return array


def ints(name: str, values: object, shape: Sequence[int | None]) -> Ints:
    """Return `values` as int64, or raise BadInput."""
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise BadInput(f"{name} must hold whole numbers, not {array.dtype}")
    _check_shape(name, array.shape, shape)
    return array.astype(np.int64, copy=False)


def _check_shape(name: str, found: tuple[int, ...], wanted: Sequence[int | None]) -> None:
    fits = len(found) == len(wanted) and all(
        w is None or f == w for f, w in zip(found, wanted, strict=True)
    )
    if not fits:
        words = ", ".join("any" if w is None else str(w) for w in wanted)
        raise BadInput(f"{name} has shape {found}; it must be ({words})")
