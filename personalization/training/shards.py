"""The sums of each shard: a pure step, done by a few threads at once and given out in order.

A shard is a row group of a sealed day's file, so what the shards are depends on nobody
who works on them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
from django.conf import settings
from threadpoolctl import threadpool_limits

from personalization.bandit.reduction import reduce
from personalization.bandit.statistics import Statistics, empty
from personalization.journal.reading import Shown
from personalization.training.expectations import Choosers
from personalization.training.rows import WIDTH, rows

# Changed whenever the same decisions would give other sums.
CODE = "4"
NOTHING = empty(np.zeros(0, np.int64), WIDTH)  # the sums of no decision
Step = Callable[[], Statistics]  # reads one shard and sums it, or finds its sums
Day = TypeVar("Day")
Item = TypeVar("Item")


def sums_of(shown: Shown, choosers: Choosers) -> Statistics:
    """Return the sums of one shard's decisions, around what those who chose expected of them."""
    if not len(shown):
        return NOTHING
    return reduce(
        artwork_ids=shown.chosen,
        rows=rows(shown),
        rewards=shown.rewards,
        expected=choosers.expected(shown),
    )


@contextmanager
def in_turn(
    days: Sequence[Day], steps: Callable[[Day], Sequence[Step]]
) -> Iterator[Iterator[list[Statistics]]]:
    """Give the sums of each day's shards, day by day, in their order.

    `steps` opens a day and returns what makes each shard's sums; threads call it and them.

    `REDUCE_THREADS` of them work at once: NumPy and pyarrow leave the interpreter's lock to
    others. A day's shards are begun together, and those of later days until as many follow
    it as there are threads. As a day is sorted by artwork, all its shards' sums take little
    more memory than their total.
    """
    pool = ThreadPoolExecutor(settings.REDUCE_THREADS, thread_name_prefix="shard")
    # Held around all of them, because the limit is the process's and no thread's own.
    with threadpool_limits(1):
        try:
            yield _in_turn(_ahead(days, steps, pool), pool)
        finally:
            pool.shutdown(cancel_futures=True)


def _in_turn(
    days: Iterable[Sequence[Step]], pool: ThreadPoolExecutor
) -> Iterator[list[Statistics]]:
    begun: deque[list[Future[Statistics]]] = deque()
    for steps in days:
        begun.append([pool.submit(step) for step in steps])
        while sum(map(len, begun)) - len(begun[0]) >= settings.REDUCE_THREADS:
            yield [future.result() for future in begun.popleft()]
    while begun:
        yield [future.result() for future in begun.popleft()]


def _ahead(
    days: Iterable[Day], steps: Callable[[Day], Sequence[Step]], pool: ThreadPoolExecutor
) -> Iterator[Sequence[Step]]:
    """Open each day while the one before it is worked on: checking its digest takes a while."""
    opened: deque[Future[Sequence[Step]]] = deque()
    for day in days:
        opened.append(pool.submit(steps, day))
        if len(opened) > settings.REDUCE_THREADS:
            yield opened.popleft().result()
    while opened:
        yield opened.popleft().result()
