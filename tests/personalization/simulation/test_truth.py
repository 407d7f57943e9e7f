import numpy as np
import pytest
from scipy import sparse

from personalization.bandit.model import Model
from personalization.features.artworks import read_index
from personalization.features.history import title_facts
from personalization.simulation.truth import Pulls, Truth, make_truth, standardised
from personalization.simulation.worth import Slates, Worth
from tests.personalization.simulation.worlds import make_catalogue


@pytest.fixture
def truth(db) -> Truth:
    make_catalogue(6)
    index = read_index(1)
    tastes = np.random.default_rng(1).dirichlet(np.ones(18), 30)
    affinity = sparse.csr_array(np.random.default_rng(2).random((30, 1)))
    persons = np.unique(index.cast_people)[:1]
    return make_truth(tastes, affinity, persons, index, title_facts(index.title_ids), seed=3)


def chance(truth: Truth, viewer: int, place: int, position: int = 0) -> float:
    return float(truth.probability(np.array([viewer]), np.array([place]), np.array([position]))[0])


def test_it_is_the_formula_that_it_says(truth):
    pulls, viewer, place, position = truth.pulls, 4, 7, 9
    taste = truth.tastes[viewer]
    logit = (
        pulls.base
        + taste
        @ (
            pulls.title * truth.titles[place]
            + pulls.picture * truth.pictures[place]
            + pulls.kind * truth.kinds[place]
        )
        + truth.own[place]
        + pulls.cast * truth.known.todense()[viewer, place]
        + pulls.position * np.log(1 + position)
    )
    assert chance(truth, viewer, place, position) == pytest.approx(1 / (1 + np.exp(-logit)))


def test_a_place_further_down_is_played_less(truth):
    assert chance(truth, 0, 0, 0) > chance(truth, 0, 0, 5) > chance(truth, 0, 0, 19)


def test_who_knows_the_depicted_cast_plays_more(truth):
    known = truth.known.todense()
    viewer, place = np.argwhere(known > 0)[0]
    stranger = Truth(
        Pulls(), truth.tastes, truth.titles, truth.pictures, truth.kinds, truth.own,
        sparse.csr_array(known.shape),
    )  # fmt: skip
    assert chance(truth, viewer, place) > chance(stranger, viewer, place)


def test_the_same_seed_plants_the_same_truth_and_another_another(truth):
    index = read_index(1)
    again, other = (
        make_truth(
            truth.tastes,
            sparse.csr_array((30, 0)),
            np.zeros(0, np.int64),
            index,
            title_facts(index.title_ids),
            seed=seed,
        )
        for seed in (3, 4)
    )
    np.testing.assert_array_equal(again.own, truth.own)
    assert not np.allclose(other.own, truth.own)


def test_a_taste_that_all_share_says_nothing():
    assert (standardised(np.ones((5, 2))) == 0).all()


def test_policies_are_worth_their_whole_probabilities():
    worth = Worth()
    chances = np.array([0.1, 0.3, 0.2, 0.6])
    model: Model | None = None
    worth.add(
        Slates(
            starts=np.array([0, 2]),
            served=np.array([0.25, 0.75, 0.5, 0.5]),
            is_default=np.array([1.0, 0.0, 0.0, 0.0]),
            model=model,
            rows=np.arange(4),
            scores=None,
            plain=None,
        ),
        chances,
    )
    means = worth.means()
    assert means["uniform"] == pytest.approx((0.2 + 0.4) / 2)
    # The second title has no default among its eligible ones: its first stands in.
    assert means["default"] == pytest.approx((0.1 + 0.2) / 2)
    # No model chose, so nothing is known of what a model's policies would earn.
    assert means["serving"] is means["greedy"] is means["context_free"] is None
    assert worth.regret()["serving"] is None
    assert worth.sums["serving"] == pytest.approx(0.25 + 0.4)
    assert means["oracle"] == pytest.approx((0.3 + 0.6) / 2)
    assert worth.regret()["oracle"] == 0.0
    assert worth.regret()["uniform"] == pytest.approx(0.3)
