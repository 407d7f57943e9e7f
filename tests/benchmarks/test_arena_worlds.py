import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.arena.movielens import FOLDER, NoMovieLens, movielens
from benchmarks.arena.planted import WORLDS
from benchmarks.arena.play import check, nights, play
from benchmarks.arena.policies.simple import ContextFreeThompson, Uniform
from benchmarks.arena.world import draw_batch, play_batch


@pytest.fixture(scope="module")
def linear():
    return WORLDS["linear"](7)


class Oracle:
    """Knows the truth."""

    def __init__(self, world):
        self.world = world

    def choose(self, batch):
        chances = np.where(batch.there, self.world.chances(batch), -1)
        return np.eye(chances.shape[1])[chances.argmax(axis=1)]

    def learn(self, log):
        pass


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_has_plays_a_best_artwork_and_something_to_learn(name):
    world = WORLDS[name](3)
    chances = world.chances(draw_batch(world, 0, 2_000, seed=3))
    assert 0.005 < chances.mean() < 0.2
    assert (chances > 0).all() and (chances < 1).all()
    assert chances.max(axis=1).mean() > 1.15 * chances.mean()


def test_a_seed_gives_one_world_and_another_seed_another():
    one, same, other = (WORLDS["nonlinear"](seed).appeal(0) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_tastes_drift_in_the_drifting_world_only():
    for name, build in WORLDS.items():
        world = build(1)
        moved = np.abs(world.appeal(20) - world.appeal(0)).max()
        assert (moved > 0.3) == (name == "drifting")


def test_artworks_arrive_and_are_not_shown_before():
    world = WORLDS["arriving"](1)
    first, later = (draw_batch(world, night, 500, seed=1).there for night in (0, 60))
    assert (first.sum(axis=1) >= 2).all()
    assert later.mean() > first.mean() + 0.2


def test_knowing_the_truth_has_no_regret_and_guessing_has(linear):
    given = {"decisions": 2_000, "seed": 1, "checkpoints": [1_000, 2_000]}
    assert play(linear, Oracle(linear), **given).checkpoints[2_000] == pytest.approx(0, abs=1e-9)
    guessed = play(linear, Uniform(linear, seed=1), **given).checkpoints
    assert guessed[2_000] > 1.8 * guessed[1_000] > 0


def test_the_regret_is_what_the_draws_cost_on_average(linear):
    """Expected regret, from probabilities, against best chance less the chance drawn."""
    batch = draw_batch(linear, 0, 20_000, seed=4)
    even = Uniform(linear, seed=4).choose(batch)
    log, regret = play_batch(linear, batch, even, seed=4)
    chances = linear.chances(batch)
    drawn = chances[np.arange(len(batch)), log.chosen]
    assert regret == pytest.approx((chances.max(axis=1) - drawn).sum(), rel=0.03)
    assert log.rewards.mean() == pytest.approx(drawn.mean(), rel=0.06)


def test_context_free_learning_beats_guessing(linear):
    given = {"decisions": 20_000, "seed": 2, "checkpoints": [20_000]}
    learnt = play(linear, ContextFreeThompson(linear, seed=2), **given).checkpoints[20_000]
    assert learnt < 0.95 * play(linear, Uniform(linear, seed=2), **given).checkpoints[20_000]


@settings(max_examples=30)
@given(decisions=st.integers(1, 2_000_000))
def test_the_nights_add_up_and_grow(decisions):
    sizes = nights(decisions)
    assert sum(sizes) == decisions
    assert min(sizes) > 0
    assert sizes[:-1] == sorted(sizes[:-1])


def test_more_than_two_million_decisions_are_refused():
    with pytest.raises(ValueError, match="2000000"):
        nights(2_000_001)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda p: p[:, :-1], "shape"),
        (lambda p: p * 2, "sum"),
        (lambda p: np.where(p > 0, p, 0.1), "nothing may be shown"),
        (lambda p: p - np.eye(p.shape[1])[np.zeros(len(p), int)], "negative"),
    ],
)
def test_an_answer_that_is_no_distribution_is_refused(spoil, words):
    world = WORLDS["arriving"](1)
    batch = draw_batch(world, 0, 50, seed=1)
    even = Uniform(world, seed=1).choose(batch)
    check(batch, even)
    with pytest.raises(ValueError, match=words):
        check(batch, spoil(even))


def test_without_its_folder_the_movielens_world_says_what_to_set(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    with pytest.raises(NoMovieLens, match=FOLDER):
        movielens(1)
