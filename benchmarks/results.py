"""What a benchmark reports, and how it is timed.

A target is a time, an amount of memory, or a share of the benchmark's own roof: a floor or a peer
that is measured in the same run, on the same machine. How many times as fast as another library
we are is reported without a target, because it changes with the machine.
"""

import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# Units of which less is better.
COSTS = {"s", "regret", "GiB", "% of years", "log-odds", "kB", "CLS", "queries"}


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        name: what was measured.
        value: in `unit`.
        unit: in which less is better if it is among COSTS, and more is better otherwise.
        peer: what it is compared with, in the same unit and the same run (a roof, a rival).
        target: the most (of a cost) or the least that will do; None where it only informs.
        of_peer: the target as a share of the peer, which then sets `target`.
    """

    name: str
    value: float
    unit: str
    peer: float | None = None
    target: float | None = None
    of_peer: float | None = None

    def __post_init__(self) -> None:
        if self.of_peer is None:
            return
        if self.peer is None or self.target is not None:
            raise ValueError("of_peer needs a peer, and takes the place of a target")
        object.__setattr__(self, "target", self.of_peer * self.peer)

    @property
    def ratio(self) -> float | None:
        """Value over peer; None without a peer."""
        return None if self.peer is None else self.value / self.peer

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        return self.value <= self.target if self.unit in COSTS else self.value >= self.target

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of a report; a target is in the value's own unit."""
        fields = asdict(self) | {"ratio": self.ratio, "met": self.met}
        del fields["of_peer"]
        return fields


@dataclass(frozen=True)
class BenchmarkReport:
    """What one benchmark measured, and on what machine."""

    benchmark: str
    results: list[Figure]
    machine: str = field(default_factory=lambda: machine())

    def as_dict(self) -> dict[str, Any]:
        return {
            "benchmark": self.benchmark,
            "machine": self.machine,
            "results": [result.as_dict() for result in self.results],
        }


def machine() -> str:
    """Return what this runs on, in words, without its name."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    )


def best_seconds(
    work: Callable[[], object],
    *,
    repeats: int = 3,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the seconds of the shortest of several runs: what an idle machine can do.

    With `time.process_time` as the clock, these are the seconds that this process spent itself,
    whatever else ran on the machine.
    """
    seconds = []
    for _ in range(repeats):
        begun = clock()
        work()
        seconds.append(clock() - begun)
    return min(seconds)


def best_in_turn(
    works: Mapping[str, Callable[[], object]],
    *,
    repeats: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Return `best_seconds` of several works that take turns, so that a busy machine slows all.

    The first run of a turn does not count: it fills the caches that the work before it used.
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            work()
            seconds[name].append(best_seconds(work, repeats=1, clock=clock))
    return {name: min(found) for name, found in seconds.items()}
