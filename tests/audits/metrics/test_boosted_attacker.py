"""The trees are the same on every machine, whatever the order in which it adds."""

import numpy as np
import pytest

from audits.metrics.boosted_attacker import boosted_scores


@pytest.fixture
def world():
    """Components with many equal rows, as short histories have, and thirty label vectors."""
    rng = np.random.default_rng(4)
    watched = (rng.random((240, 6)) < 0.3).astype(float)
    train = watched @ rng.normal(size=(6, 6))
    return train, rng.random((240, 30)) < 0.5


def test_another_order_of_the_rows_gives_the_same_trees(world):
    train, labels = world
    order = np.random.default_rng(5).permutation(len(train))
    one, other = (
        boosted_scores(train=train[rows], test=train, labels=labels[rows], rounds=40)
        for rows in (np.arange(len(train)), order)
    )
    assert (one == other).all()


def test_what_rounding_does_to_components_moves_nobody_to_another_bin(world):
    train, labels = world
    moved = train * (1 + 1e-14 * np.random.default_rng(6).normal(size=train.shape))
    one, other = (
        boosted_scores(train=rows, test=rows, labels=labels, rounds=40) for rows in (train, moved)
    )
    assert (one == other).all()
