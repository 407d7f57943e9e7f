"""Titles' scales: a Newton step of a logistic regression, from the same sums."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.arena.planted import titles
from benchmarks.arena.world import draw_batch, play_batch
from personalization.bandit.fit import fit
from personalization.bandit.levels import Variances, solve
from personalization.bandit.scales import LEAST, noise, scaled, title_scales
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import Statistics, empty, reduce
from personalization.bandit.table import ArtworkTable
from tests.bandit.test_levels import dense_posterior
from tests.bandit.worlds import make_problem


def counts(n, r):
    """Statistics of one artwork a title of which only n and r matter."""
    size = len(n)
    return Statistics(
        np.arange(size),
        np.asarray(n, float),
        np.asarray(r, float),
        np.zeros((size, 1)),
        np.zeros((size, 1, 1)),
    )


def scales(n, r):
    return title_scales(counts(n, r), np.arange(len(n)), len(n))


def test_much_is_known_of_titles_that_differ_widely():
    found = scales([1e6, 1e6, 1e6], [1e4, 1e5, 3e5])
    rates = np.array([0.01, 0.1, 0.3])
    mean = rates.mean()
    np.testing.assert_allclose(found, rates * (1 - rates) / (mean * (1 - mean)), rtol=1e-3)


def test_titles_that_differ_no_more_than_by_chance_are_alike():
    rng = np.random.default_rng(0)
    won = rng.binomial(100, 0.1, size=400)
    assert np.ptp(scales(np.full(400, 100), won)) < 0.3
    np.testing.assert_array_equal(scales([100, 100, 100], [10, 11, 9]), 1.0)


def test_a_title_seen_little_stays_near_the_others():
    few, many = scales([10, 10_000, 10_000, 10_000], [0, 500, 1_000, 1_500])[:2]
    assert 0.7 < few < 1.1
    assert many < 0.6


@pytest.mark.parametrize(
    ("n", "r"), [([0, 0], [0, 0]), ([5, 0], [2, 0]), ([9], [3]), ([50, 50], [50, 50])]
)
def test_where_nothing_can_be_compared_every_scale_is_one(n, r):
    np.testing.assert_array_equal(scales(n, r), 1.0)


def test_a_title_that_everybody_or_nobody_plays_keeps_a_scale():
    found = scales([1e5, 1e5, 1e5], [0, 1e5, 5e4])
    assert (found >= LEAST).all()
    assert np.isfinite(found).all()


def test_without_decisions_noise_stays_positive():
    assert noise(empty(np.arange(2), 3)) > 0


def test_the_scaled_fit_equals_the_dense_posterior_of_scaled_tastes():
    """Rows s·w with noise s·σ² are rows √s·w and rewards r/√s with noise σ²."""
    rng = np.random.default_rng(3)
    table, rows, shown, rewards, statistics, spec = make_problem(rng, decisions=500)
    features = np.column_stack([np.ones(len(table)), table.features])
    distinct, title = table.titles()
    each = rng.uniform(0.2, 3.0, len(distinct))[title]
    variances = Variances(*rng.uniform(0.01, 0.1, (3, spec.width)), 0.2)
    ours = solve(scaled(statistics.aligned(table.artwork_ids), each), features, title, 4, variances)
    root = np.sqrt(each[shown])
    dense = dense_posterior(
        rows * root[:, None], shown, rewards / root, features, title, len(distinct), variances
    )
    for level in ("feature", "control", "title", "artwork"):
        np.testing.assert_allclose(getattr(ours, level), dense[level], atol=1e-9)


def learnt(world, decisions):
    """Fit the arena's world from choices at random."""
    batch = draw_batch(world, 0, decisions, seed=7)
    even = np.full(batch.artworks.shape, 1 / world.each)
    log, _ = play_batch(world, batch, even, seed=7)
    match = world.match[batch.viewers, log.artworks]
    rows = np.column_stack(
        [np.ones(decisions), world.vectors[batch.viewers], match, np.log1p(batch.places)]
    )
    statistics = reduce(artwork_ids=log.artworks, rows=rows, rewards=log.rewards)
    return fit(statistics, world.table, Spec(world.vectors.shape[1], world.table.features.shape[1]))


def regret(world, model):
    """Expected regret of always choosing what the model expects most of."""
    batch = draw_batch(world, 0, 20_000, seed=8)
    scores = model.scores(world.vectors, world.match, np.arange(len(world.table)))
    chosen = scores[batch.viewers[:, None], batch.artworks].argmax(axis=1)
    return play_batch(world, batch, np.eye(world.each)[chosen], seed=8)[1]


def test_pictures_of_titles_of_unlike_rates_are_learnt_better(monkeypatch):
    worlds = [titles(seed) for seed in range(3)]
    with_scales = sum(regret(world, learnt(world, 150_000)) for world in worlds)
    monkeypatch.setattr(
        "personalization.bandit.fit.title_scales", lambda _, title, titles: np.ones(titles)
    )
    assert with_scales < 0.97 * sum(regret(world, learnt(world, 150_000)) for world in worlds)


def test_a_new_artwork_of_a_rarely_played_title_moves_little():
    world = titles(3)
    model = learnt(world, 50_000)
    often, seldom = model.title_scales.argmax(), model.title_scales.argmin()
    moods = world.table.features[[0, 0, 0]]
    new = ArtworkTable(np.array([900, 901, 902]), np.array([often, seldom, 9999]), moods)
    alone = replace(
        model,
        title_effects=np.zeros_like(model.title_effects),
        title_context_free=np.zeros_like(model.title_context_free),
    ).adopt(new)
    scales = np.array([model.title_scales[often], model.title_scales[seldom], 1.0])
    np.testing.assert_array_equal(model.scales(new.title_ids), scales)
    np.testing.assert_allclose(alone.weights, scales[:, None] * alone.weights[2])
    np.testing.assert_allclose(alone.context_free, scales * alone.context_free[2])
