"""All policies by name, and the settings that each may have."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from benchmarks.arena.play import ArenaPolicy
from benchmarks.arena.policies.logistic import Logistic
from benchmarks.arena.policies.ours import Greedy, Ours
from benchmarks.arena.policies.per_title import PerTitle
from benchmarks.arena.policies.simple import ContextFreeThompson, Uniform
from benchmarks.arena.policies.workspace import VowpalWabbit

COSTS = "--cb_min_cost -1 --cb_max_cost 0"
RATES = (0.02, 0.1, 0.5)


@dataclass(frozen=True)
class Entry:
    """A policy that can play.

    Attributes:
        make: called with the world, the seed and settings.
        fixed: settings that are not tuned; grid: values of those that are.
        package: what must be importable, if not ours.
    """

    make: Callable[..., ArenaPolicy]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    package: str | None = None

    @property
    def missing(self) -> bool:
        return self.package is not None and find_spec(self.package) is None

    def settings(self) -> list[dict[str, Any]]:
        """Return every combination of the grid; one empty dict if nothing is tuned."""
        return [
            dict(zip(self.grid, values, strict=True))
            for values in itertools.product(*self.grid.values())
        ]


def _vw(*explorations: str) -> Entry:
    grid = {"exploration": explorations, "rate": RATES}
    return Entry(VowpalWabbit, grid=grid, package="vowpalwabbit")


def _mabwiser(kind: str) -> Entry:
    return Entry(PerTitle, {"kind": kind}, {"alpha": (0.03, 0.1, 0.3, 1.0)}, "mabwiser")


POLICIES: dict[str, Entry] = {
    "uniform": Entry(Uniform),
    "context-free TS": Entry(ContextFreeThompson),
    "ours": Entry(Ours),
    "greedy of ours": Entry(Greedy),
    "VW squarecb": _vw(*(f"--squarecb --gamma_scale {g} {COSTS}" for g in (100, 1000, 10000))),
    "VW regcb": _vw(*(f"--regcb --mellowness {m} {COSTS}" for m in (0.001, 0.01, 0.1))),
    "VW cover": _vw(*(f"--cover {n} --psi {p}" for n, p in ((3, 0.01), (3, 1.0), (8, 0.1)))),
    "VW epsilon": _vw(*(f"--epsilon {e}" for e in (0.01, 0.05, 0.15))),
    "VW first": _vw(*(f"--first {n}" for n in (500, 2000, 5000))),
    "MABWiser LinUCB": _mabwiser("LinUCB"),
    "MABWiser LinTS": _mabwiser("LinTS"),
    "logistic epsilon": Entry(
        Logistic,
        grid={"epsilon": (0.01, 0.05, 0.15), "strength": (0.03, 0.3, 3.0)},
        package="sklearn",
    ),
}
