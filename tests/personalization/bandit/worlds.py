"""Small worlds with a known truth, for the learner's tests."""

import numpy as np

from personalization.bandit.odds import Expectation, Expected
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.table import ArtworkTable

# The expected log-odds of all decisions of `make_problem`, as one line for all artworks.
EXPECTED = np.array([-0.8, 0.5, -0.3, 0.1, 0.4, -0.2, 0.3])


def expecting(rows):
    """Return what is expected of these rows, with the same line for every artwork."""
    nothing = np.zeros((0, rows.shape[1]))
    everywhere = Expectation(np.zeros(0, np.int64), nothing, EXPECTED[: rows.shape[1]])
    return Expected.alike(len(rows), everywhere)


def make_table(rng, *, titles=4, each=3, features=2):
    count = titles * each
    return ArtworkTable(
        np.arange(10, 10 + 2 * count, 2),
        np.repeat(np.arange(100, 100 + titles), each),
        rng.normal(size=(count, features)),
    )


def make_log(rng, table, *, decisions, context=3, controls=1, truth=None):
    """Uniform decisions: (rows, artwork index, rewards); rewards follow `truth` if given."""
    shown = rng.integers(len(table), size=decisions)
    x = rng.dirichlet(np.ones(context), size=decisions)
    match = rng.uniform(size=decisions)
    rows = np.column_stack([np.ones(decisions), x, match, rng.uniform(size=(decisions, controls))])
    chance = np.full(decisions, 0.3) if truth is None else truth(rows, shown)
    rewards = (rng.uniform(size=decisions) < chance).astype(float)
    return rows, shown, rewards


def make_problem(rng, *, decisions=400, titles=4, each=3, features=2, context=3, controls=1):
    table = make_table(rng, titles=titles, each=each, features=features)
    rows, shown, rewards = make_log(
        rng, table, decisions=decisions, context=context, controls=controls
    )
    statistics = reduce(
        artwork_ids=table.artwork_ids[shown],
        rows=rows,
        rewards=rewards,
        expected=expecting(rows),
    )
    spec = Spec(context=context, artwork_features=features, controls=controls)
    return table, rows, shown, rewards, statistics, spec
