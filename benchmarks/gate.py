"""A year of nights under the gate: how often something worse serves, and how long the better waits.

`python -m benchmarks gate --years 2000` plays so many years of each kind (`kinds`, `years`), with
the rules by which the night itself decides. The share of years is of those in which a release was
worth less, when it was released, than the best model of the 90 nights before, by more than the
margin. A world may also move away from what serves. That is reported apart.
"""

import argparse
import sys

import numpy as np
from scipy.stats import binomtest

from benchmarks import kinds
from benchmarks.results import BenchmarkReport, Figure
from benchmarks.years import KEPT, NIGHTS, Candidates, Estimates, GateMemory, PlayedYears, play
from personalization.bandit.estimators import freedom, reach
from personalization.release import rules

YEARS, BATCH, PRICED = 1_000, 250, 100
LEVEL, ERROR = 0.95, 0.05
NOISES = (0.1, 0.25, 0.5)
GAINS = (0.0, 0.5, 1.0, 2.0, 4.0)


def every_night(found: Estimates, memory: GateMemory) -> np.ndarray:
    """Compare with the serving model only, by the 95 % interval, whatever went before."""
    error, value = found.error[:, -1], found.value[:, -1]
    half = reach(error, found.viewers - 1, beyond=0.5 - LEVEL / 2)
    return np.asarray(rules.is_no_worse(value - half, 1.0))


def best_of_ninety(found: Estimates, memory: GateMemory) -> np.ndarray:
    """Compare with every model of the last 90 nights, at the night's share of a year's error."""
    own = rules.shares(memory.shares)
    chance = rules.share(ERROR) * own
    low = rules.at_worst(
        found.value, found.error, freedom(found.kurtosis, found.viewers), chance[:, None]
    )
    released = rules.is_no_worse(low, 1.0).all(axis=1)
    memory.shares = np.where(released, own, 0)
    return np.asarray(released)


BEFORE, AFTER = "every night anew", "the best of 90 days"
GATES = {BEFORE: (every_night, 1), AFTER: (best_of_ninety, KEPT)}


def run(arguments: list[str] | None = None) -> BenchmarkReport:
    parser = argparse.ArgumentParser(prog="python -m benchmarks gate", description=__doc__)
    parser.add_argument("--years", type=int, default=YEARS, help="of each kind and gate")
    options = parser.parse_args(arguments or [])
    if options.years < 1:
        parser.error("--years must be at least 1")
    results: list[Figure] = []
    for name in GATES:
        for kind in kinds.ALL:
            results += _rows(name, kind, years(kind, name, count=options.years))
        results += _price(name, options.years)
    return BenchmarkReport("gate", results)


def years(kind: Candidates, gate: str, *, count: int) -> PlayedYears:
    """Return so many years of a kind, in batches that fit into memory."""
    rule, only = GATES[gate]
    parts = []
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        parts.append(play(kind, rule, years=size, seed=start, only=only))
        print(f"{gate}: {kind.words}, {start + size:,} years", file=sys.stderr, flush=True)
    return PlayedYears(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("fell", "released", "behind", "worth")
        )
    )


def _rows(gate: str, kind: Candidates, played: PlayedYears) -> list[Figure]:
    fell, count = int(played.fell.sum()), len(played.fell)
    share = binomtest(fell, count).proportion_ci(0.95)
    words = f"{gate}: {kind.words}"
    between = f"{100 * share.low:.2f}–{100 * share.high:.2f}"
    return [
        Figure(f"{words}: something worse served ({between})", 100 * fell / count, "% of years"),
        Figure(f"{words}: releases", float(played.released.sum(axis=1).mean()), "a year"),
        Figure(
            f"{words}: furthest behind the best of 90 nights",
            float(played.behind.max(axis=1).mean()),
            "margins",
        ),
        Figure(f"{words}: worth on the last night", float(played.worth.mean()), "margins"),
    ]


def _price(gate: str, count: int) -> list[Figure]:
    """Return how many nights candidates wait that are better by so much, from night 30 on."""
    rows = []
    for noise in NOISES:
        for gain in GAINS:
            kind = Candidates(f"+{gain:g}", kinds.improved(gain), noise=noise)
            nights = waiting(years(kind, gate, count=min(count, PRICED)))
            words = f"{gate}: standard error {noise:g}, candidates {gain:+g}: nights until one"
            rows += [
                Figure(f"{words} serves, median", float(np.median(nights)), "nights"),
                Figure(f"{words} serves, 95 of 100", float(np.percentile(nights, 95)), "nights"),
            ]
    return rows


def waiting(played: PlayedYears) -> np.ndarray:
    """Return the nights from night 30 on until a release, in each year; all if there is none."""
    later = played.released[:, kinds.BEGINS :]
    first = later.argmax(axis=1) + 1
    return np.where(later.any(axis=1), first, NIGHTS - kinds.BEGINS)
