"""Compiles plain loops over arrays to machine code, once for each kind of processor."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays and numbers when it is first called, and keep the result.

    Operations are done as written: "fastmath" is off, so the compiler neither changes their order
    nor fuses a product and a sum. Other threads run meanwhile. Indices are not checked: callers
    check first.

    Args:
        function: a plain Python function that Numba can compile.

    Returns:
        the function, compiled. The machine code is kept beside the source, where that folder can
        be written to; otherwise each process compiles for itself.
    """
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # there is no folder that can be written to
        made = njit(nogil=True, error_model="numpy")(function)
    return cast(Callable[P, R], made)
