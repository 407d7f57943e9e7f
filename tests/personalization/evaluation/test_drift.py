"""How far the unseen days' viewers are from those of the training days."""

import numpy as np
import pytest

from personalization.bandit.reduction import reduce
from personalization.evaluation.crossfitting import fold_of
from personalization.evaluation.drift import (
    LEAST_SPREAD,
    Moments,
    drift,
    moments_learnt,
    moments_of,
)

NAMES = ("war", "warm", "length")


@pytest.fixture
def vectors():
    return np.random.default_rng(4).normal([0.2, 0.5, 0.1], [0.1, 0.2, 0.05], (4_000, 3))


def test_the_sums_of_the_fit_hold_the_vectors_moments(vectors):
    rng = np.random.default_rng(5)
    rows = np.column_stack([np.ones(4_000), vectors, rng.random((4_000, 2))])
    sums = reduce(artwork_ids=rng.integers(0, 9, 4_000), rows=rows, rewards=np.zeros(4_000))
    found = moments_learnt(sums, 3)
    np.testing.assert_allclose(found.mean, vectors.mean(axis=0))
    np.testing.assert_allclose(found.deviation, vectors.std(axis=0))


def test_the_number_that_moved_furthest_is_named_with_its_sign(vectors):
    moved = vectors - np.array([0.0, 0.3, 0.02])
    found = drift(moments_of(vectors), moments_of(moved), NAMES)
    assert found.feature == "warm"
    assert found.shift == pytest.approx(-1.5, abs=0.05)


def test_the_same_days_did_not_move(vectors):
    halves = moments_of(vectors[:2_000]) + moments_of(vectors[2_000:])
    assert abs(drift(halves, moments_of(vectors), NAMES).shift) < 1e-6


def test_older_days_are_taken_out_of_a_decayed_sum(vectors):
    older, newer = moments_of(vectors[:3_000]), moments_of(vectors[3_000:])
    decayed = Moments(older.count / 2, older.sums / 2, older.squares / 2) + newer
    found = decayed.less(older, 0.5)
    np.testing.assert_allclose(found.mean, newer.mean)
    np.testing.assert_allclose(found.deviation, newer.deviation)


def test_a_number_that_nearly_nobody_has_does_not_shout():
    none = moments_of(np.zeros((50, 1)))
    few = moments_of(np.full((50, 1), LEAST_SPREAD / 10))
    assert drift(none, few, ("war",)).shift == pytest.approx(0.1)


def test_a_viewer_always_falls_into_the_same_fold():
    ids = np.random.default_rng(6).bytes(16 * 900)
    viewers = np.frombuffer(ids, "V16")
    fold = fold_of(viewers, 3)
    assert np.array_equal(fold_of(viewers[::-1], 3), fold[::-1])
    assert (np.bincount(fold, minlength=3) > 240).all()
