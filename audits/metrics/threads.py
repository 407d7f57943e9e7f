"""Many pieces of work side by side: a thread for each, and one core for each thread.

NumPy lets other threads run while it computes.  Threads inside one matrix product would wait for
each other instead, and for a whole turn of the scheduler wherever another program is busy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import ThreadpoolController

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def side_by_side(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """Do the same work on each item, on as many threads as a matrix product may use now.

    The results do not depend on how many threads there are.

    Args:
        work: what to do; called in several threads.
        items: what to do it on.

    Returns:
        The results, in the order of the items.

    Raises:
        Exception: what `work` raised for the first item that failed.
    """
    pools = ThreadpoolController()  # looks for libraries at each call: some are loaded late
    allowed = [pool["num_threads"] for pool in pools.info() if pool["user_api"] == "blas"]
    # Set around all threads, because the limit belongs to the process.
    with pools.limit(limits=1):
        if max(allowed, default=1) == 1:
            return [work(item) for item in items]
        with ThreadPoolExecutor(max(allowed), thread_name_prefix="measure") as pool:
            return list(pool.map(work, items))
