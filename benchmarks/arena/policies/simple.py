"""Policies that ignore the viewer."""

import numpy as np

from benchmarks.arena.world import ArenaWorld, Batch, NightLog
from personalization.bandit.arrays import Floats


class Uniform:
    """Gives every artwork the same probability."""

    def __init__(self, world: ArenaWorld, *, seed: int) -> None:
        pass

    def choose(self, batch: Batch) -> Floats:
        return np.asarray(batch.there / batch.there.sum(axis=1, keepdims=True))

    def learn(self, log: NightLog) -> None:
        pass


class ContextFreeThompson:
    """Thompson sampling with a Beta posterior per artwork, drawn for each decision."""

    def __init__(self, world: ArenaWorld, *, seed: int) -> None:
        self.random = np.random.default_rng([seed, 11])
        self.won = np.ones(len(world.table))
        self.lost = np.ones(len(world.table))

    def choose(self, batch: Batch) -> Floats:
        drawn = self.random.beta(self.won[batch.artworks], self.lost[batch.artworks])
        best = np.where(batch.there, drawn, -1.0).argmax(axis=1)
        return np.asarray(np.eye(batch.there.shape[1])[best])

    def learn(self, log: NightLog) -> None:
        np.add.at(self.won, log.artworks, log.rewards)
        np.add.at(self.lost, log.artworks, 1.0 - log.rewards)
