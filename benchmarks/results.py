"""What a benchmark reports, and how it is timed."""

import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

COSTS = {"s", "regret", "GiB"}  # units of which less is better


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        peer: what it is compared with, in the same unit and the same run (a floor, a rival).
        ratio: value over peer.
        target: the least (rates) or the most (seconds) that will do; None where it informs.
        times: the target as a multiple of the peer, which then sets `target`.
    """

    name: str
    value: float
    unit: str
    peer: float | None = None
    target: float | None = None
    times: float | None = None

    def __post_init__(self) -> None:
        if self.times is None:
            return
        if self.peer is None or self.target is not None:
            raise ValueError("times needs a peer, and stands in place of a target")
        object.__setattr__(self, "target", self.times * self.peer)

    @property
    def ratio(self) -> float | None:
        return None if self.peer is None else self.value / self.peer

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value <= self.target if self.unit in COSTS else self.value >= self.target

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that a report promises: a target is in the value's own unit."""
        fields = asdict(self) | {"ratio": self.ratio, "met": self.met}
        del fields["times"]
        return fields


@dataclass(frozen=True)
class Report:
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
    """Return the shortest of several runs: what the machine can do when left alone.

    With `time.process_time` as the clock, what this process spent, whatever else ran beside it.
    """
    seconds = []
    for _ in range(repeats):
        begun = clock()
        work()
        seconds.append(clock() - begun)
    return min(seconds)


def best_in_turn(
    works: Mapping[str, Callable[[], object]], *, repeats: int = 5
) -> dict[str, float]:
    """As `best_seconds` for several that take turns: a busy machine is so for each of them.

    A turn's first run fetches what the one before it drove from the caches, and does not count.
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            work()
            seconds[name].append(best_seconds(work, repeats=1))
    return {name: min(found) for name, found in seconds.items()}
