"""The sums of each shard: a pure step, done by a few threads at once and given out in order.

A shard is a row group of a sealed day's file, so what the shards are depends on nobody
who works on them.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from django.conf import settings
from threadpoolctl import threadpool_limits

from personalization.bandit.statistics import Statistics, empty, reduce
from personalization.features import manifest
from personalization.journal import reading
from personalization.journal.reading import Shards, Shown
from personalization.models import SealedDay
from personalization.training.rows import CONTROLS, rows

# Changed whenever the same decisions would give other sums.
CODE = "3"
NOTHING = empty(np.zeros(0, np.int64), manifest.WIDTH + 2 + CONTROLS)  # the sums of no decision


def sums_of(shown: Shown) -> Statistics:
    """Return the sums of one shard's decisions."""
    if not len(shown):
        return NOTHING
    return reduce(artwork_ids=shown.chosen, rows=rows(shown), rewards=shown.rewards)


@contextmanager
def in_turn(days: Sequence[SealedDay]) -> Iterator[Iterator[list[Statistics]]]:
    """Give the sums of each day's shards, day by day, in their order.

    `REDUCE_THREADS` shards are worked on at once: NumPy and pyarrow leave the interpreter's
    lock to others. A day's shards are begun together, and those of later days until as many
    follow it as there are threads. As a day is sorted by artwork, all its shards' sums take
    little more memory than their total.
    """
    pool = ThreadPoolExecutor(settings.REDUCE_THREADS, thread_name_prefix="shard")
    # Held around all of them, because the limit is the process's and no thread's own.
    with threadpool_limits(1):
        try:
            yield _in_turn(days, pool)
        finally:
            pool.shutdown(cancel_futures=True)


def _in_turn(days: Sequence[SealedDay], pool: ThreadPoolExecutor) -> Iterator[list[Statistics]]:
    begun: deque[list[Future[Statistics]]] = deque()
    for day in days:
        begun.append(_begin(day, pool))
        while sum(map(len, begun)) - len(begun[0]) >= settings.REDUCE_THREADS:
            yield _ended(begun.popleft())
    while begun:
        yield _ended(begun.popleft())


def _begin(day: SealedDay, pool: ThreadPoolExecutor) -> list[Future[Statistics]]:
    opened = reading.shards(day)
    return [pool.submit(_sums, opened, number) for number in range(len(opened))]


def _sums(opened: Shards, number: int) -> Statistics:
    return sums_of(opened.read(number))


def _ended(futures: list[Future[Statistics]]) -> list[Statistics]:
    return [future.result() for future in futures]
