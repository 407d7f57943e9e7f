"""How plain loops over arrays become machine code, once for each kind of processor."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays and numbers when it is first called, and keep what came out.

    Operations are done as written: without leave to be inexact, the compiler neither changes
    their order nor joins a product and a sum. Other threads run meanwhile, and nothing that is
    indexed is checked: callers check first.
    """
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # no folder that may be written: each process compiles for itself
        made = njit(nogil=True, error_model="numpy")(function)
    return cast(Callable[P, R], made)
