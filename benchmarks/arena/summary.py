"""Means and 95 % intervals over seeds, and whether ours is best or within the interval of the best.

That is promised against policies from outside. Greedy on our own fit is reported without a target:
it is no rival that could be used, because nothing can be estimated from its log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.arena.saved import Played
from benchmarks.results import Figure

OURS = "ours"
OWN_GREEDY = "greedy of ours"  # our own fit without exploring
REPORTED = (20_000, 200_000, 2_000_000)


@dataclass(frozen=True)
class Cell:
    """Regret of one policy in one world at one checkpoint, over n seeds; `half` the interval."""

    mean: float
    half: float
    n: int


@dataclass(frozen=True)
class Against:
    """The regret of ours less that of a rival, over the seeds that both played."""

    rival: str
    mean: float
    half: float
    n: int

    @property
    def within(self) -> bool:
        """Whether ours is better, or the difference's interval reaches zero."""
        return self.mean - self.half <= 0.0


def interval(values: Sequence[float]) -> Cell:
    """Return the mean and the half width of Student's 95 % interval; infinite for one seed."""
    array = np.asarray(values, np.float64)
    n = len(array)
    if n < 2:
        return Cell(float(array.mean()), float("inf"), n)
    half = stats.t.ppf(0.975, n - 1) * array.std(ddof=1) / np.sqrt(n)
    return Cell(float(array.mean()), float(half), n)


def cells(played: Sequence[Played], world: str, checkpoint: int) -> dict[str, Cell]:
    """Return each policy's cell, the least regret first."""
    found = {
        policy: interval(list(regrets.values()))
        for policy, regrets in _by_policy(played, world, checkpoint).items()
    }
    return dict(sorted(found.items(), key=lambda item: item[1].mean))


def against(played: Sequence[Played], world: str, checkpoint: int) -> list[Against]:
    """Return ours against each rival, paired by seed, the hardest rival first.

    Rivals with fewer than two common seeds are left out.
    """
    every = _by_policy(played, world, checkpoint)
    ours = every.get(OURS, {})
    found = []
    for rival, theirs in every.items():
        common = sorted(ours.keys() & theirs.keys())
        if rival == OURS or len(common) < 2:
            continue
        cell = interval([ours[seed] - theirs[seed] for seed in common])
        found.append(Against(rival, cell.mean, cell.half, cell.n))
    return sorted(found, key=lambda each: -each.mean)


def checkpoints(played: Sequence[Played]) -> list[int]:
    """Return the checkpoints to report: those of REPORTED, or else the last one played."""
    passed = {done for each in played for done in each.regret}
    return [done for done in REPORTED if done in passed] or sorted(passed)[-1:]


def worlds(played: Sequence[Played]) -> list[str]:
    return list(dict.fromkeys(each.world for each in played))


def results(played: Sequence[Played]) -> list[Figure]:
    """Return ours in each world and checkpoint, beside the best from outside and our own greedy.

    Rivals must have played two seeds or more. The target is what is promised: ours loses no more
    than the best from outside and the half width of the difference's interval.
    """
    found = []
    for world in worlds(played):
        for done in checkpoints(played):
            mine = cells(played, world, done).get(OURS)
            if mine is None:
                continue
            rivals = against(played, world, done)
            outside = [rival for rival in rivals if rival.rival != OWN_GREEDY]
            greedy = [rival for rival in rivals if rival.rival == OWN_GREEDY]
            cell = f"{world}, {done:,} decisions: ours"
            for rival in outside[:1]:
                name = f"{cell} is best, or within the interval of {rival.rival}"
                theirs = mine.mean - rival.mean
                allowed = theirs + rival.half
                found.append(Figure(name, mine.mean, "regret", peer=theirs, target=allowed))
            for rival in greedy:
                name = f"{cell}, beside greedy on our own fit"
                found.append(Figure(name, mine.mean, "regret", peer=mine.mean - rival.mean))
    return found


def _by_policy(
    played: Sequence[Played], world: str, checkpoint: int
) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for each in played:
        if each.world == world and checkpoint in each.regret:
            found.setdefault(each.policy, {})[each.seed] = each.regret[checkpoint]
    return found
