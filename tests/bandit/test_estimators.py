import numpy as np
import pytest

from personalization.bandit.errors import BadInput
from personalization.bandit.estimators import Log, difference, dr, dr_values, ips, snips

ARMS = 4


class World:
    """Viewers of differing fondness, each with several decisions among four artworks."""

    def __init__(self, seed, *, viewers=300, each=5):
        rng = np.random.default_rng(seed)
        fondness = rng.beta(2, 8, size=viewers)
        lift = rng.uniform(0, 0.3, size=(viewers, ARMS))
        self.chances = np.repeat(np.clip(fondness[:, None] + lift, 0, 1), each, axis=0)
        self.viewer = np.repeat(np.arange(viewers), each)
        count = len(self.viewer)
        self.logging = rng.dirichlet(np.full(ARMS, 5.0), size=count) * 0.9 + 0.1 / ARMS
        self.target = rng.dirichlet(np.full(ARMS, 2.0), size=count)
        shown = (self.logging.cumsum(axis=1) > rng.uniform(size=(count, 1))).argmax(axis=1)
        at = np.arange(count)
        rewards = (rng.uniform(size=count) < self.chances[at, shown]).astype(float)
        self.log = Log(rewards, self.logging[at, shown], self.viewer)
        self.shown_target = self.target[at, shown]
        guess = np.clip(self.chances + rng.normal(0, 0.05, self.chances.shape), 0, 1)
        self.expected = (self.target * guess).sum(axis=1)
        self.expected_shown = guess[at, shown]

    def truth(self):
        """The target's value for viewers like these (the expectation over viewers: see below)."""
        return float((self.target * self.chances).sum(axis=1).mean())

    def estimates(self):
        return {
            "ips": ips(self.log, self.shown_target),
            "snips": snips(self.log, self.shown_target),
            "dr": dr(self.log, self.shown_target, self.expected, self.expected_shown),
        }


def population_value(seed=0):
    return World(seed, viewers=100_000, each=1).truth()


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    truth = population_value()
    worlds = [World(seed).estimates() for seed in range(1, 251)]
    for name in ("ips", "snips", "dr"):
        covered = np.mean([w[name].low <= truth <= w[name].high for w in worlds])
        assert 0.91 <= covered <= 0.99, name


def test_a_good_reward_model_narrows_the_interval():
    found = World(1).estimates()
    assert found["dr"].high - found["dr"].low < found["ips"].high - found["ips"].low


def test_decisions_of_one_viewer_do_not_count_as_many():
    """Copying each decision ten times must not narrow the interval."""
    world = World(2, each=1)
    copies = Log(
        np.repeat(world.log.rewards, 10),
        np.repeat(world.log.propensities, 10),
        np.repeat(world.viewer, 10),
    )
    once = ips(world.log, world.shown_target)
    often = ips(copies, np.repeat(world.shown_target, 10))
    assert often.high - often.low == pytest.approx(once.high - once.low)


def test_the_logging_policy_gets_its_own_mean():
    world = World(3)
    own = snips(world.log, world.log.propensities)
    assert own.value == pytest.approx(world.log.rewards.mean())
    assert own.effective == pytest.approx(len(world.viewer))
    assert own.largest_weight == pytest.approx(1)


def test_a_paired_difference_is_narrower_than_its_parts():
    world = World(4)
    ours = dr_values(world.log, world.shown_target, world.expected, world.expected_shown)
    nearly = world.shown_target * 0.95
    theirs = dr_values(world.log, nearly, world.expected, world.expected_shown)
    weights = world.log.weights(world.shown_target)
    found = difference(world.log, ours, theirs, weights)
    alone = world.estimates()["dr"]
    assert found.high - found.low < 0.3 * (alone.high - alone.low)


def test_one_viewer_gives_no_interval():
    log = Log(np.array([1.0, 0.0]), np.array([0.5, 0.5]), np.array([1, 1]))
    found = ips(log, np.array([0.5, 0.5]))
    assert (found.low, found.high) == (-np.inf, np.inf)


@pytest.mark.parametrize("bad", [0.0, -0.1, 1.1, np.nan])
def test_bad_propensities_are_refused_with_their_row(bad):
    with pytest.raises(BadInput, match="propensities"):
        Log(np.ones(3), np.array([0.5, bad, 0.5]), np.arange(3))


@pytest.mark.parametrize(
    ("field", "log"),
    [
        ("rewards", ([], [], [])),
        ("rewards", ([2.0], [0.5], [1])),
        ("propensities", ([1.0], [0.5, 0.5], [1])),
        ("viewers", ([1.0], [0.5], [1, 2])),
    ],
)
def test_bad_logs_are_refused_by_name(field, log):
    rewards, propensities, viewers = log
    with pytest.raises(BadInput, match=field):
        Log(np.array(rewards), np.array(propensities), np.array(viewers, np.int64))
