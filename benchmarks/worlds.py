"""Decisions and catalogues of the sizes that the benchmarks name."""

import numpy as np

from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.model import Model
from personalization.bandit.spec import Spec
from personalization.bandit.table import ArtworkTable

CONTEXT, FEATURES = 31, 14


def table(artworks: int, *, per_title: int, seed: int) -> ArtworkTable:
    ids = np.arange(artworks, dtype=np.int64)
    random = np.random.default_rng(seed)
    return ArtworkTable(
        ids, ids // per_title, random.integers(0, 2, (artworks, FEATURES)).astype(np.float64)
    )


def model(artworks: int, *, per_title: int, seed: int) -> Model:
    """Return a model of the right shape. Its speed does not depend on what it learnt."""
    spec = Spec(context=CONTEXT, artwork_features=FEATURES)
    random = np.random.default_rng(seed)
    titles = np.arange(-(-artworks // per_title), dtype=np.int64)
    return Model(
        spec=spec,
        manifest="benchmark",
        artwork_ids=np.arange(artworks, dtype=np.int64),
        title_ids=np.arange(artworks, dtype=np.int64) // per_title,
        weights=random.standard_normal((artworks, spec.width)) * 0.01,
        context_free=random.random(artworks) * 0.1,
        information=np.ones(artworks),
        known_titles=titles,
        title_effects=np.zeros((len(titles), spec.width)),
        title_context_free=np.zeros(len(titles)),
        feature_effects=np.zeros((spec.width, FEATURES + 1)),
        feature_context_free=np.zeros(FEATURES + 1),
        controls=np.zeros(1),
    )


def decisions(count: int, artworks: int, *, seed: int) -> tuple[Ints, Floats, Floats]:
    """Return (artwork_ids (N,), rows (N, W), rewards (N,)) of uniform decisions."""
    random = np.random.default_rng(seed)
    rows = np.empty((count, CONTEXT + 3))
    rows[:, 0] = 1.0
    rows[:, 1:-1] = random.random((count, CONTEXT + 1), dtype=np.float32)
    rows[:, -1] = np.log1p(random.integers(0, 40, count))
    shown = random.integers(0, artworks, count)
    chance = 0.05 + 0.1 * (rows[:, 1] * (shown % 3 == 0))
    return shown, rows, (random.random(count) < chance).astype(np.float64)
