"""The self-test's work: which worlds are left, auditing them, and keeping their curves.

Needs the audit role. A series has a name, and its worlds follow from it. Every world is kept as
soon as it is audited, so that whoever goes on later loses nothing. Worlds that other code audited
do not count.
"""

import hashlib
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

import django

from audits.record import selftests
from audits.runs import selftest, versions
from audits.runs.selftest import WorldResult
from audits.selftest.curves import curves

WORLDS = 1_000  # of a monthly series
EVERY = 100  # worlds after which the curves so far are kept
EFFORT = "quick"


@dataclass(frozen=True)
class SelftestSeries:
    """A named series of worlds, audited by the code that this process runs."""

    name: str
    code: str

    @classmethod
    def of(cls, name: str) -> "SelftestSeries":
        return cls(name, versions.digest_of(selftest.__name__))

    @classmethod
    def of_month(cls, at: datetime) -> "SelftestSeries":
        return cls.of(f"{at:%Y-%m}")

    @property
    def seed(self) -> int:
        """The seed follows from the name, so that nobody can look for a better one."""
        return int(hashlib.sha256(self.name.encode()).hexdigest()[:8], 16)

    def missing(self, worlds: int) -> list[int]:
        """Return the numbers of the worlds that nobody has audited yet."""
        there = selftests.done(self.name, self.code)
        return [number for number in range(worlds) if number not in there]

    def keep(self, made: WorldResult) -> None:
        """Keep what the audit said about a world."""
        selftests.add(
            self.name,
            self.code,
            made.number,
            spec=made.spec,
            measures=made.measures,
            seconds=made.seconds,
        )

    def keep_curves(self) -> dict[str, object]:
        """Sum up all worlds of the series, keep the curves, and return them."""
        made = curves(selftests.worlds(self.name, self.code))
        selftests.keep_curve(self.name, self.code, made)
        return made


def work(series: SelftestSeries, worlds: int, *, processes: int) -> Iterator[WorldResult]:
    """Audit the worlds that are left, several at a time, and yield each after it was kept."""
    left = iter(series.missing(worlds))
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=django.setup
    )
    waiting: set[Future[WorldResult]] = set()
    try:
        while True:
            # No more than the pool can take at once: whoever stops this loses little.
            while len(waiting) < 2 * processes and (number := next(left, None)) is not None:
                waiting.add(
                    pool.submit(selftest.measure_world, number, seed=series.seed, effort=EFFORT)
                )
            if not waiting:
                return
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for one in ready:
                series.keep(one.result())
                yield one.result()
    finally:
        pool.shutdown(cancel_futures=True)


def tick(at: datetime) -> str:
    """Audit one world of this month's series; return words for the task's result."""
    series = SelftestSeries.of_month(at)
    missing = series.missing(WORLDS)
    if not missing:
        return f"All {WORLDS:,} worlds of {series.name} are audited."
    series.keep(selftest.measure_world(missing[0], seed=series.seed, effort=EFFORT))
    left = len(missing) - 1
    if left % EVERY == 0:
        series.keep_curves()
    return f"World {missing[0]} of {series.name} is audited; {left:,} are left."
