from dataclasses import replace

import numpy as np
import pytest

from audits.selftest import worlds
from audits.selftest.slate import ARTWORKS, TITLES, slate
from audits.selftest.worlds import Planted, WorldSpec

SPEC = WorldSpec(Planted(proxy=1.0), viewers=300, share=0.2, seed=(7, 1))


def misses(world):
    """How much more the group is shown marginal actors than the rest."""
    shown = world.exposure[:, slate().marginal].sum(axis=1) / TITLES
    return shown[world.members].mean() - shown[~world.members].mean()


def test_a_world_follows_from_its_seed():
    one, same = worlds.make(SPEC), worlds.make(SPEC)
    other = worlds.make(replace(SPEC, seed=(7, 2)))
    assert np.array_equal(one.exposure, same.exposure)
    assert np.array_equal(one.rewards, same.rewards)
    assert not np.array_equal(one.exposure, other.exposure)


def test_a_world_is_what_a_run_would_gather():
    world = worlds.make(SPEC)
    assert world.members.sum() == 60
    by_title = world.exposure.reshape(300, TITLES, ARTWORKS)
    assert by_title.sum(axis=2) == pytest.approx(1)
    assert by_title.min() > 0
    assert set(np.unique(world.history)) == {0.0, 1.0}
    assert world.history.sum(axis=1).min() >= 4
    assert set(np.unique(world.impressions)) == {0.0, 1.0}
    assert set(np.unique(world.owners)) == set(range(300))
    assert set(np.unique(world.rewards)) == {0.0, 1.0}


def test_the_groups_of_a_population_are_the_same_viewers_where_nothing_is_planted():
    world = worlds.population(Planted(), viewers=400, seed=1)
    group, rest = world.members, ~world.members
    assert np.array_equal(world.exposure[group], world.exposure[rest])
    assert np.array_equal(world.history[group], world.history[rest])
    assert np.array_equal(world.scores[: 200 * TITLES], world.scores[200 * TITLES :])


def test_a_stronger_proxy_drives_the_groups_further_apart():
    def apart(proxy):
        world = worlds.population(Planted(proxy), viewers=2_000, seed=1)
        shown = world.exposure
        return np.abs(shown[world.members].mean(axis=0) - shown[~world.members].mean(axis=0)).sum()

    assert 0 == apart(0) < apart(0.5) < apart(1) < apart(2)


def test_marginal_actors_and_value_are_planted_where_they_should_be():
    plain = worlds.population(Planted(1.0), viewers=2_000, seed=1)
    marginal = worlds.population(Planted(1.0, marginal=1.5), viewers=2_000, seed=1)
    assert misses(marginal) > misses(plain) + 0.05
    gap = worlds.population(Planted(value=0.03), viewers=2_000, seed=1)
    earned = [gap.scores[gap.members[gap.owners] == side].mean() for side in (True, False)]
    even = [gap.even[gap.members[gap.owners] == side].mean() for side in (True, False)]
    assert earned[0] - even[0] > earned[1] - even[1] + 0.005
    assert misses(gap) == 0


def test_the_doubly_robust_values_are_right_on_average():
    planted = Planted(1.0, value=0.03)
    truth = worlds.population(planted, viewers=10_000, seed=1)
    drawn = worlds.make(WorldSpec(planted, viewers=10_000, share=0.5, seed=(3,)))
    for name in ("scores", "even", "standard"):
        assert getattr(drawn, name).mean() == pytest.approx(getattr(truth, name).mean(), abs=0.006)
