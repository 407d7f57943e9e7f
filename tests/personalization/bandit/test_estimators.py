"""Estimators on small worlds with a known truth."""

import numpy as np
import pytest

from benchmarks.sticky import draw_sample, draw_world
from personalization.bandit import estimators
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators import (
    Contributions,
    DecisionLog,
    Estimate,
    Floor,
    Inconclusive,
    ModelledRewards,
)

ARMS = 4


class LoggedWorld:
    """Viewers who differ in fondness, with several decisions each among four artworks."""

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
        self.log = DecisionLog(rewards, self.logging[at, shown], self.viewer)
        self.shown_target = self.target[at, shown]
        guess = np.clip(self.chances + rng.normal(0, 0.05, self.chances.shape), 0, 1)
        self.expected = ModelledRewards((self.target * guess).sum(axis=1), guess[at, shown])

    def truth(self):
        """The target's value for viewers like these."""
        return float((self.target * self.chances).sum(axis=1).mean())

    def parts(self):
        log, shown, known = self.log, self.shown_target, self.expected
        return {
            "ips": estimators.ips(log, shown),
            "snips": estimators.snips(log, shown),
            "dr": estimators.dr(log, shown, known),
            "sndr": estimators.sndr(log, shown, known),
            "switch": estimators.switch_dr(log, shown, known, threshold=1.5),
            "dm": estimators.dm(log, shown, known),
        }

    def estimates(self):
        return {name: estimators.estimate(self.log, each) for name, each in self.parts().items()}


def width(found):
    return found.high - found.low


@pytest.fixture(scope="module")
def truth():
    return LoggedWorld(0, viewers=100_000, each=1).truth()


def test_intervals_cover_the_truth_about_as_often_as_they_say(truth):
    worlds = [LoggedWorld(seed).estimates() for seed in range(1, 251)]
    for name in ("ips", "snips", "dr", "sndr"):
        covered = np.mean([w[name].low <= truth <= w[name].high for w in worlds])
        assert 0.91 <= covered <= 0.99, name


def test_the_bootstrap_gives_the_interval_of_the_linearisation():
    world = LoggedWorld(5, viewers=400)
    for name, each in world.parts().items():
        by_formula = estimators.estimate(world.log, each)
        by_draws = estimators.bootstrap(world.log, each, seed=1)
        assert by_draws.value == by_formula.value
        assert width(by_draws) == pytest.approx(width(by_formula), rel=0.08), name
        assert estimators.bootstrap(world.log, each, seed=1) == by_draws


def test_a_bootstrapped_difference_is_paired():
    world = LoggedWorld(6)
    ours = estimators.dr(world.log, world.shown_target, world.expected)
    same = estimators.bootstrap_difference(world.log, ours, ours, seed=2)
    assert (same.value, same.low, same.high) == (0, 0, 0)
    theirs = estimators.dr(world.log, world.log.propensities, world.expected)
    found = estimators.bootstrap_difference(world.log, ours, theirs, seed=2)
    formula = estimators.difference(world.log, ours, theirs)
    assert width(found) == pytest.approx(width(formula), rel=0.1)


def test_the_bootstrap_draws_all_blocks_of_viewers(monkeypatch):
    world = LoggedWorld(7, viewers=100)
    parts = estimators.ips(world.log, world.shown_target)
    monkeypatch.setattr("personalization.bandit.estimators.redrawing.BLOCK", 7)
    found = estimators.bootstrap(world.log, parts, seed=3)
    assert width(found) == pytest.approx(width(estimators.estimate(world.log, parts)), rel=0.1)


def test_a_good_reward_model_narrows_the_interval():
    found = LoggedWorld(1).estimates()
    assert width(found["dr"]) < width(found["ips"])
    assert width(found["sndr"]) < width(found["snips"])


def test_a_wrong_reward_model_biases_only_estimators_that_rely_on_it(truth):
    world = LoggedWorld(8, viewers=4_000)
    wrong = ModelledRewards(world.expected.policy + 0.2, world.expected.shown + 0.2)
    found = {
        name: estimators.estimate(world.log, make(world.log, world.shown_target, wrong))
        for name, make in (
            ("dm", estimators.dm),
            ("dr", estimators.dr),
            ("sndr", estimators.sndr),
            ("switch", lambda *args: estimators.switch_dr(*args, threshold=1.0)),
        )
    }
    assert found["dr"].low <= truth <= found["dr"].high
    assert found["sndr"].low <= truth <= found["sndr"].high
    assert found["dm"].low > truth
    assert found["switch"].low > truth


def test_switching_goes_from_the_model_alone_to_doubly_robust():
    world = LoggedWorld(2)
    log, shown, known = world.log, world.shown_target, world.expected
    never = estimators.switch_dr(log, shown, known, threshold=np.inf)
    always = estimators.switch_dr(log, shown, known, threshold=0.0)
    assert np.array_equal(never.plain, estimators.dr(log, shown, known).plain)
    assert np.array_equal(always.plain, estimators.dm(log, shown, known).plain)


def test_the_chosen_threshold_cuts_off_a_dominating_weight():
    count = 2_000
    rng = np.random.default_rng(1)
    logged = np.where(np.arange(count) < 4, 0.001, 0.5)
    log = DecisionLog((rng.random(count) < 0.5).astype(float), logged, np.arange(count))
    shown = np.where(np.arange(count) < 4, 0.4, 0.5)
    known = ModelledRewards(np.full(count, 0.5), np.full(count, 0.5))
    beyond = estimators.mass_beyond(shown, logged)
    assert beyond[-1] == 0
    assert beyond[0] == pytest.approx(4 * 0.4)
    assert estimators.choose_threshold(log, shown, known, beyond) == 200.0


def test_artworks_that_were_never_logged_are_above_every_finite_threshold():
    beyond = estimators.mass_beyond(np.array([0.3, 0.7]), np.array([0.0, 1.0]))
    assert beyond[:-1] == pytest.approx(0.3)
    assert beyond[-1] == 0


def test_with_small_weights_the_chosen_threshold_is_infinite():
    world = LoggedWorld(2)
    beyond = estimators.mass_beyond(world.target.ravel(), world.logging.ravel())
    chosen = estimators.choose_threshold(world.log, world.shown_target, world.expected, beyond)
    assert chosen >= (world.shown_target / world.log.propensities).max()


def test_decisions_of_one_viewer_do_not_count_as_many():
    """Ten copies of each decision must not narrow the interval."""
    world = LoggedWorld(2, each=1)
    copies = DecisionLog(
        np.repeat(world.log.rewards, 10),
        np.repeat(world.log.propensities, 10),
        np.repeat(world.viewer, 10),
    )
    target = np.repeat(world.shown_target, 10)
    for make in (estimators.ips, estimators.snips):
        once = estimators.estimate(world.log, make(world.log, world.shown_target))
        often = estimators.estimate(copies, make(copies, target))
        assert width(often) == pytest.approx(width(once))


def test_page_views_as_decisions_are_biased_and_decisions_are_not():
    """Viewers come back to a picture that appeals, so its decision would count once per view."""
    rng = np.random.default_rng(12)
    world = draw_world(rng)
    sample = draw_sample(world, rng, viewers=20_000)
    log, truth = sample.log, world.value(world.target)
    shown = world.target[sample.kind, sample.shown]
    ours = estimators.estimate(log, estimators.ips(log, shown))
    assert ours.low <= truth <= ours.high
    views = DecisionLog(
        *(each.repeat(sample.views) for each in (log.rewards, log.propensities, log.viewers))
    )
    for make in (estimators.ips, estimators.snips):
        naive = estimators.estimate(views, make(views, shown.repeat(sample.views)))
        assert naive.low > truth + 0.01


def test_the_logging_policy_gets_its_own_mean():
    world = LoggedWorld(3)
    own = estimators.snips(world.log, world.log.propensities)
    found = estimators.estimate(world.log, own)
    assert found.value == pytest.approx(world.log.rewards.mean())
    assert found.effective == pytest.approx(len(world.viewer))
    assert found.largest_weight == pytest.approx(1)


def test_a_paired_difference_is_narrower_than_its_parts():
    world = LoggedWorld(4)
    ours = estimators.dr(world.log, world.shown_target, world.expected)
    nearly = estimators.dr(world.log, world.shown_target * 0.95, world.expected)
    found = estimators.difference(world.log, ours, nearly)
    assert width(found) < 0.3 * width(world.estimates()["dr"])


def test_a_difference_has_the_effective_sample_size_of_its_worse_side():
    log = DecisionLog(np.array([1.0, 0.0, 1.0]), np.array([0.5, 0.5, 0.1]), np.arange(3))
    even, wild = log.propensities, np.array([0.0, 0.0, 1.0])
    found = estimators.difference(log, estimators.ips(log, even), estimators.ips(log, wild))
    assert found.effective == pytest.approx(1)
    assert found.largest_weight == pytest.approx(10)


def test_degrees_of_freedom_are_those_by_which_a_standard_error_varies():
    random = np.random.default_rng(5)
    for draws in (random.normal(size=(4_000, 40)), random.standard_exponential((4_000, 40))):
        variances = draws.var(axis=1, ddof=1)
        kurtosis = ((draws - draws.mean()) ** 4).mean() / draws.var() ** 2
        like_chi_squared = 2 * variances.mean() ** 2 / variances.var()
        assert estimators.freedom(kurtosis, 40) == pytest.approx(like_chi_squared, rel=0.15)


def test_degrees_of_freedom_are_never_more_than_viewers_less_one():
    assert estimators.freedom(np.array([1.0, 3.0]), 30) == pytest.approx([29.0, 29.0])
    assert 0 < estimators.freedom(30.0, 30) < 2.1
    assert estimators.freedom(1.0, 2) == pytest.approx(1.0)


def test_a_viewer_who_dominates_widens_the_interval_beyond_the_standard_error():
    even = np.tile([0.0, 1.0], 50)
    heavy = np.where(np.arange(100) == 0, 30.0, even)
    log = DecisionLog(even, np.full(100, 0.5), np.arange(100))
    found = {
        name: estimators.estimate(log, Contributions(plain, np.ones(100)))
        for name, plain in (("even", even), ("heavy", heavy))
    }
    assert found["even"].freedom == pytest.approx(99.0)
    assert found["heavy"].freedom < 3.0
    half = found["heavy"].high - found["heavy"].value
    assert half > 3.0 * found["heavy"].error


def test_viewers_who_all_contribute_the_same_have_an_interval_without_width():
    log = DecisionLog(np.ones(10), np.ones(10), np.arange(10))
    found = estimators.estimate(log, Contributions(np.ones(10), np.ones(10)))
    assert (found.low, found.high, found.freedom) == (1.0, 1.0, pytest.approx(9.0))


def test_one_viewer_gives_no_interval():
    log = DecisionLog(np.array([1.0, 0.0]), np.array([0.5, 0.5]), np.array([1, 1]))
    parts = estimators.ips(log, np.array([0.5, 0.5]))
    for found in (estimators.estimate(log, parts), estimators.bootstrap(log, parts, seed=1)):
        assert (found.low, found.high) == (-np.inf, np.inf)


def test_too_little_data_is_refused_in_words_and_without_a_value():
    found = LoggedWorld(1, viewers=20).estimates()["ips"]
    refused = estimators.conclude(found, Floor(effective=1e4, viewers=30))
    assert isinstance(refused, Inconclusive)
    assert not hasattr(refused, "value")
    assert refused.words == (
        f"Too little to conclude from: an effective sample size of {found.effective:,.0f} "
        "of the 10,000 needed and 20 of the 30 viewers needed."
    )
    assert (refused.effective, refused.largest_weight) == (found.effective, found.largest_weight)


def test_the_floor_itself_is_enough():
    found = Estimate(0.1, 0.0, 0.2, 0.05, 29.0, 500.0, 3.0, 900, 30)
    assert estimators.conclude(found, Floor(effective=500.0, viewers=30)) is found


@pytest.mark.parametrize("bad", [0.0, -0.1, 1.1, np.nan])
def test_bad_propensities_are_refused_with_their_row(bad):
    with pytest.raises(BadInput, match="propensities"):
        DecisionLog(np.ones(3), np.array([0.5, bad, 0.5]), np.arange(3))


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
        DecisionLog(np.array(rewards), np.array(propensities), np.array(viewers, np.int64))


LOG = DecisionLog(np.ones(2), np.full(2, 0.5), np.arange(2))
ONE, TWO = np.ones(1), np.full(2, 0.5)
KNOWN = ModelledRewards(TWO, TWO)


@pytest.mark.parametrize(
    ("field", "act"),
    [
        ("target", lambda: estimators.ips(LOG, np.array([0.5, 1.5]))),
        ("target", lambda: estimators.snips(LOG, np.zeros(2))),
        ("target", lambda: estimators.sndr(LOG, np.zeros(2), KNOWN)),
        ("expected", lambda: estimators.dm(LOG, TWO, ModelledRewards(ONE, ONE))),
        ("expected_shown", lambda: ModelledRewards(TWO, ONE)),
        (
            "threshold",
            lambda: estimators.switch_dr(LOG, TWO, KNOWN, threshold=-1),
        ),
        ("logged", lambda: estimators.mass_beyond(TWO, np.array([0.5, 1.5]))),
        ("beyond", lambda: estimators.choose_threshold(LOG, TWO, KNOWN, ONE)),
        ("level", lambda: estimators.estimate(LOG, estimators.ips(LOG, TWO), level=1.0)),
        ("draws", lambda: estimators.bootstrap(LOG, estimators.ips(LOG, TWO), seed=1, draws=1)),
        ("plain", lambda: Contributions(np.array([np.nan]), ONE)),
        ("corrected", lambda: Contributions(TWO, TWO, ONE)),
    ],
)
def test_what_is_wrong_is_refused_by_name(field, act):
    with pytest.raises(BadInput, match=field):
        act()
