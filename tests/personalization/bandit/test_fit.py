"""The fit on worlds with a planted truth."""

import numpy as np
import pytest
from scipy.special import expit

from personalization.bandit.errors import BadInput
from personalization.bandit.fit import fit
from personalization.bandit.odds import Expected
from personalization.bandit.policy import greedy, inverse_gap
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import empty
from personalization.bandit.table import ArtworkTable
from tests.personalization.bandit.worlds import make_problem, make_table

CONTEXT = 4


class PlantedTruth:
    """A world with strong tastes for titles, and tastes for pictures by features and by picture."""

    def __init__(self, seed, *, taste_in_titles=0.0, taste_in_pictures=0.25, titles=30, each=4):
        rng = np.random.default_rng(seed)
        self.rng = rng
        self.table = make_table(rng, titles=titles, each=each, features=CONTEXT)
        # Each artwork shows one of the themes that viewers can like.
        theme = rng.integers(CONTEXT, size=len(self.table))
        self.table = ArtworkTable(
            self.table.artwork_ids, self.table.title_ids, np.eye(CONTEXT)[theme]
        )
        _, self.title = self.table.titles()
        self.picture = taste_in_pictures * np.eye(CONTEXT)[theme]
        self.of_title = taste_in_titles * rng.dirichlet(np.ones(CONTEXT), size=titles)
        self.starts = np.arange(0, len(self.table), each)

    def chances(self, x):
        """(V, A) chance of a play for each viewer and artwork."""
        return np.clip(0.05 + x @ self.picture.T + (x @ self.of_title.T)[:, self.title], 0, 1)

    def log(self, decisions, *, titles_by_taste=False):
        x = self.rng.dirichlet(np.full(CONTEXT, 0.3), size=decisions)
        if titles_by_taste:
            appeal = x @ self.of_title.T
            appeal /= appeal.sum(axis=1, keepdims=True)
            title = (appeal.cumsum(axis=1) > self.rng.uniform(size=(decisions, 1))).argmax(axis=1)
        else:
            title = self.rng.integers(len(self.starts), size=decisions)
        shown = self.starts[title] + self.rng.integers(
            len(self.table) // len(self.starts), size=decisions
        )
        chance = self.chances(x)[np.arange(decisions), shown]
        rewards = (self.rng.uniform(size=decisions) < chance).astype(float)
        rows = np.column_stack([np.ones(decisions), x, np.zeros(decisions), np.zeros(decisions)])
        return rows, shown, rewards

    def fit(self, decisions, **options):
        rows, shown, rewards = self.log(decisions, **options)
        statistics = reduce(artwork_ids=self.table.artwork_ids[shown], rows=rows, rewards=rewards)
        return fit(statistics, self.table, Spec(CONTEXT, CONTEXT)), (rows, shown, rewards)

    def value(self, scores):
        """True reward of choosing greedily by scores(x) for a fresh panel of viewers."""
        x = np.random.default_rng(99).dirichlet(np.full(CONTEXT, 0.3), size=2000)
        chosen = greedy(scores(x), self.starts, floor=1e-9)
        return float((chosen * self.chances(x)).sum(axis=1).mean() / len(self.starts))


def score(model):
    rows = np.arange(len(model.artwork_ids))
    return lambda x: model.scores(x, np.zeros((len(x), len(rows))), rows)


def ridge_per_artwork(log, world):
    """Fit one ridge regression per artwork, as per-arm linear bandits do."""
    rows, shown, rewards = log
    rows = rows[:, : 1 + CONTEXT]
    weights = np.stack(
        [
            np.linalg.solve(
                rows[shown == a].T @ rows[shown == a] + np.eye(rows.shape[1]),
                rows[shown == a].T @ rewards[shown == a],
            )
            for a in range(len(world.table))
        ]
    )
    return lambda x: np.column_stack([np.ones(len(x)), x]) @ weights.T


@pytest.mark.parametrize("seed", range(3))
def test_it_beats_context_free_and_a_ridge_per_artwork(seed):
    world = PlantedTruth(seed, taste_in_titles=0.3)
    model, log = world.fit(20_000)
    ours = world.value(score(model))
    context_free = world.value(lambda x: np.broadcast_to(model.context_free, (len(x), 120)))
    assert ours > context_free + 0.01
    assert ours > world.value(ridge_per_artwork(log, world))


def test_with_hardly_any_data_it_is_not_worse_than_context_free():
    values = []
    for seed in range(5):
        world = PlantedTruth(seed, taste_in_titles=0.3, taste_in_pictures=0.0)
        model, _ = world.fit(300)
        values.append(
            world.value(score(model))
            - world.value(lambda x, m=model: np.broadcast_to(m.context_free, (len(x), 120)))
        )
    assert np.mean(values) > -0.003


def test_a_taste_for_titles_is_not_learnt_as_a_taste_for_pictures():
    """Viewers meet titles that they like; without u_t, pictures would get the credit."""
    world = PlantedTruth(3, taste_in_titles=0.5, taste_in_pictures=0.0)
    model, _ = world.fit(40_000, titles_by_taste=True)
    within = model.weights - model.title_effects[world.title]
    spread_of_pictures = (within[:, 1:-1] - within[:, 1:-1].mean(axis=0)).std()
    spread_of_titles = model.title_effects[:, 1:-1].std()
    assert spread_of_pictures < 0.15 * spread_of_titles


@pytest.mark.parametrize("seed", range(3))
def test_tastes_for_single_pictures_are_not_taken_for_noise(seed):
    """Features do not explain these tastes; a variance that starts too small would stay small."""
    world = PlantedTruth(seed)
    tastes = np.random.default_rng([seed, 9]).dirichlet(np.full(CONTEXT, 0.3), len(world.table))
    world.picture = 0.3 * tastes
    model, _ = world.fit(10_000)
    best = world.value(world.chances)
    even = world.value(lambda x: np.zeros((len(x), len(world.table))))
    assert world.value(score(model)) - even > 0.35 * (best - even)


def test_position_is_a_control_and_not_part_of_a_score():
    rng = np.random.default_rng(0)
    world = PlantedTruth(4)
    rows, shown, _ = world.log(40_000)
    position = rng.uniform(size=len(rows))
    rows[:, -1] = position
    rewards = (rng.uniform(size=len(rows)) < expit(-0.4 - 1.5 * position)).astype(float)
    log = {"artwork_ids": world.table.artwork_ids[shown], "rows": rows, "rewards": rewards}
    first = fit(reduce(**log), world.table, Spec(CONTEXT, CONTEXT))
    expected = Expected.alike(len(rows), first.expectation)
    model = fit(reduce(**log, expected=expected), world.table, Spec(CONTEXT, CONTEXT))
    assert model.controls[0] == pytest.approx(-1.5, abs=0.1)
    viewer = np.full((1, CONTEXT), 0.25)
    assert score(model)(viewer).mean() == pytest.approx(-0.4, abs=0.1)
    last = np.ones((len(world.table), 1))
    everywhere = model.rewards(score(model)(viewer)[0], last)
    assert everywhere.mean() == pytest.approx(expit(-1.9), abs=0.02)


def test_a_new_artwork_starts_from_others_like_it():
    world = PlantedTruth(5)
    model, _ = world.fit(40_000)
    new = ArtworkTable(np.array([1, 3]), np.array([100, 9999]), np.eye(CONTEXT)[[0, 0]])
    adopted = model.adopt(new)
    fond, indifferent = np.eye(CONTEXT)[0], np.eye(CONTEXT)[1]
    scores = score(adopted)(np.stack([fond, indifferent]))
    assert (scores[0] - scores[1] > 0.15).all()


def test_known_artworks_keep_their_vectors_when_others_arrive():
    world = PlantedTruth(5)
    model, _ = world.fit(2_000)
    adopted = model.adopt(world.table)
    np.testing.assert_array_equal(adopted.weights, model.weights)


@pytest.mark.parametrize("reward", [0.0, 1.0])
def test_a_log_without_contrast_gives_even_scores(reward):
    world = PlantedTruth(6)
    rows, shown, rewards = world.log(2_000)
    statistics = reduce(
        artwork_ids=world.table.artwork_ids[shown],
        rows=rows,
        rewards=np.full(len(rewards), reward),
    )
    model = fit(statistics, world.table, Spec(CONTEXT, CONTEXT))
    scores = score(model)(np.eye(CONTEXT))
    assert np.isfinite(scores).all()
    assert np.ptp(scores, axis=1).max() < 0.02


def test_without_decisions_all_artworks_have_the_same_weights():
    world = PlantedTruth(7)
    model = fit(empty(world.table.artwork_ids, CONTEXT + 3), world.table, Spec(CONTEXT, CONTEXT))
    probabilities = inverse_gap(score(model)(np.eye(CONTEXT)), world.starts, gamma=1000, floor=0.02)
    np.testing.assert_allclose(probabilities, 0.25)


def test_the_same_statistics_give_the_same_bits():
    *_, statistics, spec = make_problem(np.random.default_rng(1))
    table = make_problem(np.random.default_rng(1))[0]
    first, second = fit(statistics, table, spec), fit(statistics, table, spec)
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, second.arrays()[name])


def test_widths_that_disagree_are_refused_by_name():
    table, *_, statistics, spec = make_problem(np.random.default_rng(2))
    with pytest.raises(BadInput, match="statistics have width"):
        fit(statistics, table, Spec(spec.context + 1, spec.artwork_features))
    with pytest.raises(BadInput, match="features have width"):
        fit(statistics, table, Spec(spec.context, spec.artwork_features + 1))


def test_a_sample_of_titles_gives_the_same_spread(monkeypatch):
    def learnt():
        world = PlantedTruth(3, taste_in_titles=0.2, titles=120)
        model, _ = world.fit(60_000)
        return model, world.value(score(model))

    whole, value = learnt()
    monkeypatch.setattr("personalization.bandit.fit.SAMPLE", 40)
    sampled, value_of_sampled = learnt()
    assert not np.array_equal(whole.weights, sampled.weights)  # it was a sample
    assert (whole.weights - sampled.weights).std() < 0.1 * whole.weights.std()
    assert value_of_sampled == pytest.approx(value, rel=0.01)
