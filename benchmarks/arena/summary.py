"""Means and 95 % intervals over seeds; who is best, and whether ours is or comes within."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.arena.saved import Played
from benchmarks.results import Figure

OURS = "ours"
OWN_GREEDY = "greedy of ours"  # our own fit without exploring: it leaves no log to learn from
REPORTED = (20_000, 200_000, 2_000_000)


@dataclass(frozen=True)
class Cell:
    """Regret of one policy in one world at one checkpoint, over n seeds; `half` the interval."""

    mean: float
    half: float
    n: int


@dataclass(frozen=True)
class Against:
    """Ours less a rival over the seeds that both played: negative where ours loses less."""

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
    """Return ours against each rival, paired by seed; rivals with one common seed are left out."""
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
    """Return the checkpoints that are reported: those of the issue, else the last ones played."""
    passed = {done for each in played for done in each.regret}
    return [done for done in REPORTED if done in passed] or sorted(passed)[-1:]


def worlds(played: Sequence[Played]) -> list[str]:
    return list(dict.fromkeys(each.world for each in played))


def results(played: Sequence[Played]) -> list[Figure]:
    """Return ours in each world and checkpoint beside rivals that played two seeds or more.

    That is the hardest from outside and our own greedy.
    """
    found = []
    for world in worlds(played):
        for done in checkpoints(played):
            mine = cells(played, world, done).get(OURS)
            rivals = against(played, world, done)
            if mine is None or not rivals:
                continue
            outside = [each for each in rivals if each.rival != OWN_GREEDY]
            for each in [*outside[:1], *(each for each in rivals if each.rival == OWN_GREEDY)]:
                name = f"{world}, {done:,} decisions: against {each.rival}"
                # Regret is a cost like seconds: no more than the rival's and the interval.
                theirs = mine.mean - each.mean
                allowed = theirs + each.half
                found.append(Figure(name, mine.mean, "regret", peer=theirs, target=allowed))
    return found


def _by_policy(
    played: Sequence[Played], world: str, checkpoint: int
) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for each in played:
        if each.world == world and checkpoint in each.regret:
            found.setdefault(each.policy, {})[each.seed] = each.regret[checkpoint]
    return found
