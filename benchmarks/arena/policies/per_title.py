"""MABWiser's contextual bandits: one bandit per title, whose arms are its artworks.

The arms share one context, so the context has one match for each artwork.
"""

from functools import partial
from typing import Any

import numpy as np

from benchmarks.arena.world import ArenaWorld, Batch, NightLog
from personalization.bandit.arrays import Floats


class PerTitle:
    """LinUCB or LinTS with a ridge regression per artwork.

    Args:
        kind: "LinUCB" or "LinTS"; alpha: how widely it explores.
    """

    def __init__(self, world: ArenaWorld, *, seed: int, kind: str, alpha: float) -> None:
        from mabwiser.mab import MAB, LearningPolicy

        policy = getattr(LearningPolicy, kind)(alpha=alpha)
        self.make = partial(MAB, learning_policy=policy, seed=seed)
        self.world = world
        self.bandits: dict[int, Any] = {}

    def choose(self, batch: Batch) -> Floats:
        found = np.asarray(batch.there / batch.there.sum(axis=1, keepdims=True))
        for title in np.unique(batch.titles):
            if title not in self.bandits:
                continue  # nothing learnt yet, so it chooses uniformly
            own = np.flatnonzero(batch.titles == title)
            bandit, there = self.bandits[title], batch.there[own[0]]
            for arm in np.flatnonzero(there):
                if arm not in bandit.arms:
                    bandit.add_arm(int(arm))
            chosen = bandit.predict(self._contexts(batch.viewers[own], batch.artworks[own[0]]))
            found[own] = np.eye(len(there))[np.atleast_1d(chosen)]
        return found

    def learn(self, log: NightLog) -> None:
        batch = log.batch
        for title in np.unique(batch.titles):
            own = np.flatnonzero(batch.titles == title)
            contexts = self._contexts(batch.viewers[own], batch.artworks[own[0]])
            if title not in self.bandits:
                self.bandits[title] = self.make(arms=np.flatnonzero(batch.there[own[0]]).tolist())
                self.bandits[title].fit(log.chosen[own], log.rewards[own], contexts)
            else:
                self.bandits[title].partial_fit(log.chosen[own], log.rewards[own], contexts)

    def _contexts(self, viewers: np.ndarray, artworks: np.ndarray) -> Floats:
        ones = np.ones(len(viewers))
        match = self.world.match[viewers[:, None], artworks]
        return np.column_stack([ones, self.world.vectors[viewers], match])
