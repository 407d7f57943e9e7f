import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from personalization.bandit.draw import page_uniforms, pick, pick_available, uniforms
from personalization.bandit.errors import BadInput

KEY, VIEWER = b"key", uuid.UUID(int=7).bytes
ONE = np.zeros(1, np.int64)
# A change of these numbers changes every picture that viewers see.
PINNED = [0.3440396470539996, 0.9675238071049277, 0.8024026255850827]


def test_the_same_inputs_give_the_same_bits_on_any_machine():
    found = uniforms(KEY, VIEWER, "2951.3", np.array([1, 2, 3]))
    np.testing.assert_array_equal(found, uniforms(KEY, VIEWER, "2951.3", np.array([1, 2, 3])))
    assert found.tolist() == PINNED


def test_a_title_s_draw_does_not_depend_on_other_titles():
    many = uniforms(KEY, VIEWER, "1.0", np.arange(100))
    assert uniforms(KEY, VIEWER, "1.0", np.array([42]))[0] == many[42]


def test_many_pages_at_once_draw_as_each_page_alone():
    viewers, windows = [VIEWER, uuid.UUID(int=8).bytes, b""], ["2951.3", "1.0", ""]
    titles = [np.arange(4), np.zeros(0, np.int64), np.array([7, 2])]
    found = page_uniforms(KEY, viewers, windows, np.concatenate(titles), np.array([4, 0, 2]))
    alone = [uniforms(KEY, *each) for each in zip(viewers, windows, titles, strict=True)]
    assert found.tobytes() == np.concatenate(alone).tobytes()


@pytest.mark.parametrize("sizes", [[4], [2, 1], [5, -1]])
def test_pages_that_do_not_hold_all_the_titles_are_refused(sizes):
    with pytest.raises(BadInput, match="sizes"):
        page_uniforms(KEY, [VIEWER] * 2, ["1.0"] * 2, np.arange(4), np.array(sizes))


@pytest.mark.parametrize(
    "other",
    [(b"other", VIEWER, "1.0"), (KEY, uuid.UUID(int=8).bytes, "1.0"), (KEY, VIEWER, "1.1")],
)
def test_key_viewer_and_window_each_change_the_draw(other):
    ours = uniforms(KEY, VIEWER, "1.0", np.arange(50))
    assert not np.isclose(ours, uniforms(*other, np.arange(50))).any()


def test_draws_are_uniform_and_independent_over_titles_viewers_and_windows():
    by_title = uniforms(KEY, VIEWER, "1.0", np.arange(20_000))
    by_viewer = np.array(
        [uniforms(KEY, bytes([i, j]), "1", ONE)[0] for i in range(99) for j in range(99)]
    )
    by_window = np.array([uniforms(KEY, VIEWER, f"{i}.0", ONE)[0] for i in range(5_000)])
    for sample in (by_title, by_viewer, by_window):
        assert stats.kstest(sample, "uniform").pvalue > 0.001
        assert abs(np.corrcoef(sample[1:], sample[:-1])[0, 1]) < 4 / len(sample) ** 0.5


def test_frequencies_match_the_probabilities():
    probabilities = np.array([0.5, 0.3, 0.15, 0.05])
    u = uniforms(KEY, VIEWER, "1.0", np.arange(40_000))
    drawn = np.bincount([pick(probabilities, ONE, u[i : i + 1])[0] for i in range(40_000)])
    assert stats.chisquare(drawn, probabilities * 40_000).pvalue > 0.001


@given(st.integers(1, 8), st.floats(0, 1, exclude_max=True), st.integers(0, 2**32))
def test_a_viewer_keeps_a_drawn_artwork_that_is_still_there(count, u, seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(count))
    before = pick(probabilities, ONE, np.array([u]))[0]
    gone = rng.uniform(size=count) < 0.5
    gone[before] = False
    after, _ = pick_available(probabilities, ONE, np.array([u]), gone)
    assert after[0] == before


def test_after_a_withdrawal_frequencies_match_the_remaining_propensities():
    probabilities = np.array([0.4, 0.3, 0.2, 0.1])
    gone = np.array([True, False, False, True])
    u = uniforms(KEY, VIEWER, "1.0", np.arange(40_000))
    drawn = np.zeros(4)
    for value in u:
        places, remaining = pick_available(probabilities, ONE, np.array([value]), gone)
        drawn[places[0]] += 1
    np.testing.assert_allclose(remaining, [0, 0.6, 0.4, 0], atol=1e-12)
    assert drawn[0] == drawn[3] == 0
    assert stats.chisquare(drawn[1:3], remaining[1:3] * 40_000).pvalue > 0.001


def test_a_title_whose_artworks_are_all_gone_has_none():
    places, remaining = pick_available(
        np.array([0.5, 0.5, 1.0]),
        np.array([0, 2]),
        np.array([0.1, 0.9]),
        np.array([True, True, False]),
    )
    assert places.tolist() == [-1, 2]
    assert remaining.tolist() == [0, 0, 1]


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 2**32))
def test_an_impossible_artwork_is_never_drawn(u, seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(4))
    probabilities[rng.integers(4)] = 0
    probabilities /= probabilities.sum()
    assert probabilities[pick(probabilities, ONE, np.array([u]))[0]] > 0
