"""The sums of each shard: a pure step that several threads do at once, returned in order.

A shard is a row group of a sealed day's file, so the shards do not depend on the number of workers.
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

# Change this whenever the same decisions would give other sums.
CODE = "4"
NOTHING = empty(np.zeros(0, np.int64), WIDTH)  # the sums of no decision
Step = Callable[[], Statistics]  # reads one shard and sums it, or finds its sums
Day = TypeVar("Day")
Item = TypeVar("Item")


def sums_of(shown: Shown, choosers: Choosers) -> Statistics:
    """Return one shard's sums, around the rewards that the choosing models expected."""
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
    """Yield the sums of each day's shards, in order.

    `steps` opens a day and returns one function for each shard, which returns the shard's sums.
    Threads call both.

    `REDUCE_THREADS` threads work at once, because NumPy and pyarrow release the interpreter's lock.
    A day's shards are started together, with as many shards of later days as there are threads.
    Since a day is sorted by artwork, all its shards' sums take little more memory than their total.
    """
    pool = ThreadPoolExecutor(settings.REDUCE_THREADS, thread_name_prefix="shard")
    # Set around all threads, because the limit belongs to the process.
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
    """Open each day while the previous one is reduced: checking a digest takes a while."""
    opened: deque[Future[Sequence[Step]]] = deque()
    for day in days:
        opened.append(pool.submit(steps, day))
        if len(opened) > settings.REDUCE_THREADS:
            yield opened.popleft().result()
    while opened:
        yield opened.popleft().result()
