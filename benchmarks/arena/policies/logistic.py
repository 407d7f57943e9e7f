"""scikit-learn's logistic regression with epsilon-greedy choices."""

from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.arena.world import ArenaWorld, Batch, NightLog
from personalization.bandit.arrays import Floats

ENOUGH = 0.1  # fit again when the log has grown by this share; at first that is every night


class Logistic:
    """One regression over the viewer crossed with artworks, their features and titles.

    Args:
        epsilon: share of uniform choices; strength: C, the inverse of the penalty.
    """

    def __init__(self, world: ArenaWorld, *, seed: int, epsilon: float, strength: float) -> None:
        from sklearn.linear_model import LogisticRegression

        self.world, self.epsilon = world, epsilon
        self.model: Any = LogisticRegression(C=strength, max_iter=60, tol=1e-3, warm_start=True)
        self.rows: list[Any] = []
        self.rewards: list[Floats] = []
        self.fitted = 0

    def choose(self, batch: Batch) -> Floats:
        even = batch.there / batch.there.sum(axis=1, keepdims=True)
        if not self.fitted:
            return np.asarray(even)
        scores = np.where(batch.there, self._scores(batch), -np.inf)
        best = np.eye(batch.there.shape[1])[scores.argmax(axis=1)]
        return np.asarray(self.epsilon * even + (1 - self.epsilon) * best)

    def learn(self, log: NightLog) -> None:
        batch = log.batch
        places = np.log1p(batch.places)
        self.rows.append(self._design(batch.viewers, log.artworks, places))
        self.rewards.append(log.rewards)
        rewards = np.concatenate(self.rewards)
        if len(rewards) < (1 + ENOUGH) * self.fitted or len(np.unique(rewards)) < 2:
            return
        self.model.fit(sparse.vstack(self.rows, "csr"), rewards)
        self.fitted = len(rewards)

    def _scores(self, batch: Batch) -> Floats:
        shape = batch.artworks.shape
        viewers = np.repeat(batch.viewers, shape[1])
        design = self._design(viewers, batch.artworks.reshape(-1), np.zeros(len(viewers)))
        return np.asarray(self.model.decision_function(design).reshape(shape))

    def _design(self, viewers: Any, artworks: Any, places: Floats) -> sparse.csr_array:
        """Return sparse rows [x ⊗ (artwork, title), x ⊗ f, match, place]."""
        world = self.world
        x = np.column_stack([np.ones(len(viewers)), world.vectors[viewers]])
        features = world.table.features[artworks]
        crossed = (x[:, :, None] * features[:, None, :]).reshape(len(x), -1)
        match = world.match[viewers, artworks]
        return sparse.hstack(
            [
                _placed(x, artworks, len(world.table)),
                _placed(x, artworks // world.each, world.titles),
                sparse.csr_array(np.column_stack([crossed, match, places])),
            ],
            "csr",
        )


def _placed(x: Floats, at: Any, many: int) -> sparse.csr_array:
    """Return rows with x in the block with the number `at`, and 0 elsewhere: (N, many · width)."""
    count, width = x.shape
    columns = at[:, None] * width + np.arange(width)
    return sparse.csr_array(
        (x.reshape(-1), columns.reshape(-1), np.arange(count + 1) * width),
        shape=(count, many * width),
    )
