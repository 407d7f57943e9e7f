"""Marquee's own learner, fitted as in a night and choosing as on a page."""

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.arena.world import ArenaWorld, Batch, NightLog
from personalization.bandit import policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.fit import fit
from personalization.bandit.model import Model
from personalization.bandit.odds import Expected
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import Running

HALF_LIFE = 60.0  # nights, the default of HALF_LIFE_DAYS


class Ours:
    """The three-level model, fitted each night from statistics that decay."""

    def __init__(
        self, world: ArenaWorld, *, seed: int, half_life: float = HALF_LIFE, **spec: Any
    ) -> None:  # fmt: skip
        self.world = world
        self.spec = Spec(world.vectors.shape[1], world.table.features.shape[1], **spec)
        self.keep = 0.5 ** (1.0 / half_life)
        self.running: Running | None = None
        self.model: Model | None = None

    def choose(self, batch: Batch) -> Floats:
        counts = batch.there.sum(axis=1)
        if self.model is None:
            return np.asarray(batch.there / counts[:, None])
        flat = self.scores(self.model, batch)[batch.there]
        starts = np.append(0, counts.cumsum()[:-1])
        found = np.zeros(batch.there.shape)
        found[batch.there] = self.explore(flat, batch.artworks[batch.there], starts)
        return found

    def explore(self, scores: Floats, artworks: Ints, starts: Ints) -> Floats:
        assert self.model is not None
        return self.model.explored(scores, artworks, starts)

    def scores(self, model: Model, batch: Batch) -> Floats:
        every = model.scores(self.world.vectors, self.world.match, np.arange(len(self.world.table)))
        return np.asarray(every[batch.viewers[:, None], batch.artworks])

    def learn(self, log: NightLog) -> None:
        batch = log.batch
        rows = np.column_stack(
            [
                np.ones(len(batch)),
                self.world.vectors[batch.viewers],
                self.world.match[batch.viewers, log.artworks],
                np.log1p(batch.places),
            ]
        )
        expected = Expected.alike(len(batch), self.model.expectation) if self.model else None
        night = reduce(artwork_ids=log.artworks, rows=rows, rewards=log.rewards, expected=expected)
        if self.running is None:
            self.running = Running(night)
        else:
            self.running.decay(self.keep)
            self.running.add(night)
        statistics = self.running.total
        self.spec = replace(
            self.spec,
            gamma=policy.sharpness(statistics.decisions),
            floor=policy.least_probability(statistics.decisions),
        )
        self.model = fit(statistics, self.world.table, self.spec)


class Greedy(Ours):
    """The same model, which always chooses the artwork with the highest expectation."""

    def explore(self, scores: Floats, artworks: Ints, starts: Ints) -> Floats:
        return policy.greedy(scores, starts, floor=1e-12)
