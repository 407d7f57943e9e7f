"""Plays one policy in one world, night after night; it learns only from its own choices."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from benchmarks.arena.world import ArenaWorld, Batch, NightLog, draw_batch, play_batch
from personalization.bandit.arrays import Floats

# Nights grow, so that two million decisions are not too many nights.
GROWTH = ((20_000, 1_000), (200_000, 5_000), (2_000_000, 50_000))


class ArenaPolicy(Protocol):
    """What plays. It is made with the visible parts of the world, and sees its own logs."""

    def choose(self, batch: Batch) -> Floats:
        """Return the probabilities of the batch's artworks: (N, K), zero where not `there`."""

    def learn(self, log: NightLog) -> None:
        """Learn from one night."""


@dataclass(frozen=True)
class RegretCurve:
    """Cumulative expected regret at each checkpoint, and the seconds of the play."""

    checkpoints: dict[int, float]
    seconds: float


def nights(decisions: int) -> list[int]:
    """Return the size of each night's batch, for so many decisions."""
    sizes: list[int] = []
    done = 0
    for until, size in GROWTH:
        while done < min(until, decisions):
            sizes.append(min(size, decisions - done))
            done += sizes[-1]
    if done < decisions:
        raise ValueError(f"no more than {GROWTH[-1][0]} decisions")
    return sizes


def play(
    world: ArenaWorld, policy: ArenaPolicy, *, decisions: int, seed: int, checkpoints: Sequence[int]
) -> RegretCurve:
    """Play so many decisions, and record the cumulative regret at each checkpoint."""
    begun = time.perf_counter()
    regret, done = 0.0, 0
    found: dict[int, float] = {}
    for night, size in enumerate(nights(decisions)):
        batch = draw_batch(world, night, size, seed=seed)
        probabilities = policy.choose(batch)
        check(batch, probabilities)
        log, lost = play_batch(world, batch, probabilities, seed=seed)
        policy.learn(log)
        regret, done = regret + lost, done + size
        if done in checkpoints:
            found[done] = regret
    return RegretCurve(found, time.perf_counter() - begun)


def check(batch: Batch, probabilities: Floats) -> None:
    """Raise ValueError if a policy's answer is no distribution over what may be shown."""
    if probabilities.shape != batch.there.shape:
        raise ValueError(f"probabilities have shape {probabilities.shape}")
    if (probabilities[~batch.there] != 0).any() or (probabilities < 0).any():
        raise ValueError("probabilities are negative, or not zero where nothing may be shown")
    if np.abs(probabilities.sum(axis=1) - 1).max() > 1e-5:
        raise ValueError("probabilities do not sum to one")
