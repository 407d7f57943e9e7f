import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, logit

from personalization.bandit import kernels
from personalization.bandit.errors import BadInput
from personalization.bandit.policy import (
    greedy,
    inverse_gap,
    least_probability,
    sharpness,
    uniform,
)


@st.composite
def slates(draw):
    counts = draw(st.lists(st.integers(1, 40), min_size=1, max_size=6))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    scores = draw(arrays(np.float64, (2, sum(counts)), elements=st.floats(-1, 1)))
    return scores, starts, np.array(counts)


POLICIES = {
    "inverse_gap": lambda scores, starts: inverse_gap(scores, starts, gamma=500, floor=0.02),
    "greedy": lambda scores, starts: greedy(scores, starts, floor=0.02),
    "uniform": lambda scores, starts: np.broadcast_to(
        uniform(starts, scores.shape[1]), scores.shape
    ),
}


@pytest.mark.parametrize("name", POLICIES)
@given(slate=slates())
def test_probabilities_sum_to_one_and_respect_the_floor(name, slate):
    scores, starts, counts = slate
    probabilities = POLICIES[name](scores, starts)
    sums = np.add.reduceat(probabilities, starts, axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-12)
    least = np.minimum.reduceat(probabilities, starts, axis=1)
    assert (least >= np.minimum(0.02, 0.5 / counts) - 1e-12).all()


@given(slate=slates())
def test_probabilities_grow_with_the_score(slate):
    scores, starts, counts = slate
    probabilities = inverse_gap(scores, starts, gamma=500, floor=0.02)
    for start, count in zip(starts, counts, strict=True):
        for viewer in range(2):
            part = slice(start, start + count)
            order = np.argsort(scores[viewer, part], kind="stable")
            sorted_probabilities = probabilities[viewer, part][order]
            gaps = np.diff(scores[viewer, part][order])
            assert (np.diff(sorted_probabilities)[gaps > 0] >= -1e-12).all()


@given(slate=slates())
def test_a_title_does_not_depend_on_the_rest_of_the_page(slate):
    scores, starts, counts = slate
    whole = inverse_gap(scores, starts, gamma=500, floor=0.02)
    last = slice(starts[-1], starts[-1] + counts[-1])
    alone = inverse_gap(scores[:, last], np.zeros(1, np.int64), gamma=500, floor=0.02)
    np.testing.assert_array_equal(whole[:, last], alone)


def test_a_sharper_gamma_prefers_the_best_more():
    scores, starts = np.array([0.1, 0.2, 0.15]), np.zeros(1, np.int64)
    best = [inverse_gap(scores, starts, gamma=g, floor=0.01)[1] for g in (0, 10, 100, 1000)]
    assert best == sorted(best)
    assert best[0] == pytest.approx(1 / 3)


def test_one_artwork_is_certain():
    assert inverse_gap(np.array([0.3]), np.zeros(1, np.int64), gamma=10, floor=0.02) == [1.0]


@pytest.mark.parametrize(
    ("scores", "starts", "named"),
    [
        ([np.nan], [0], "scores"),
        ([np.inf, 0], [0], "scores"),
        ([0.1, 0.2], [1], "starts"),
        ([0.1, 0.2], [0, 2], "starts"),
        ([0.1, 0.2], [0, 0], "starts"),
        ([0.1, 0.2], [], "starts"),
    ],
)
def test_bad_slates_are_refused_by_name(scores, starts, named):
    with pytest.raises(BadInput, match=named):
        inverse_gap(np.array(scores), np.array(starts, np.int64), gamma=1, floor=0.02)


@given(decisions=st.floats(0, 1e9))
def test_sharpness_doubles_with_four_times_the_decisions(decisions):
    assert sharpness(4 * decisions) == pytest.approx(2 * sharpness(decisions))


@pytest.mark.parametrize("decisions", [-1.0, np.nan, np.inf])
def test_sharpness_needs_a_count_of_decisions(decisions):
    with pytest.raises(BadInput, match="decisions"):
        sharpness(decisions)


@pytest.mark.parametrize(
    ("decisions", "least"),
    [(0, 0.005), (100_000, 0.005), (400_000, 0.0025), (625_000, 0.002), (1e9, 0.002)],
)
def test_the_floor_falls_with_the_root_of_the_decisions_to_its_least(decisions, least):
    assert least_probability(decisions) == pytest.approx(least)


@pytest.mark.parametrize("decisions", [-1.0, np.nan, np.inf])
def test_the_floor_needs_a_count_of_decisions(decisions):
    with pytest.raises(BadInput, match="decisions"):
        least_probability(decisions)


def test_gaps_of_log_odds_are_approximately_those_of_shares():
    odds = np.linspace(-7, 7, 141)
    slopes = [kernels.share_slope(each) for each in odds]
    np.testing.assert_allclose(slopes, expit(odds) * expit(-odds), rtol=0.15)
    for best in logit(np.linspace(0.01, 0.5, 50)):
        for below in np.linspace(0.1, 6.0, 60):
            scores, gamma = np.array([best, best - below]), 500.0
            other = inverse_gap(scores, np.zeros(1, np.int64), gamma=gamma, floor=1e-9, odds=True)[
                1
            ]
            gap = (1 / other - 2) / gamma
            assert 1 / 1.6 < gap / (expit(best) - expit(best - below)) < 1.6


def test_titles_that_are_seldom_played_are_explored_more():
    """The same gap in log-odds is fewer plays for a title that is hardly ever played."""
    starts = np.array([0, 2])
    scores = np.array([0.0, -0.5, -6.0, -6.5])
    found = inverse_gap(scores, starts, gamma=500, floor=0.005, odds=True)
    assert found[1] < 0.03
    assert 0.2 < found[3] < 0.5
