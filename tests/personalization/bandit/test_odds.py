"""Rewards on the scale of log-odds, given what was expected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from personalization.bandit.errors import BadInput
from personalization.bandit.fit import fit
from personalization.bandit.odds import FURTHEST, Expectation, Expected, linearised, own_rates
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.table import ArtworkTable


def everywhere(line):
    """Expect the same line of every artwork."""
    line = np.asarray(line, float)
    return Expectation(np.zeros(0, np.int64), np.zeros((0, len(line))), line)


@given(st.floats(-20, 20), st.sampled_from([0.0, 1.0]))
def test_the_sums_are_slope_and_curvature_of_the_likelihood(odds, reward):
    """About o, the log-likelihood of o + h is, to second order, target·h' − weight·h'²/2."""
    near = float(np.clip(odds, -FURTHEST, FURTHEST))
    weight, target = linearised(np.array([odds]), np.array([reward]))
    slope = reward - expit(near)
    np.testing.assert_allclose(target[0] - weight[0] * near, slope, atol=1e-12)
    np.testing.assert_allclose(weight[0], expit(near) * (1 - expit(near)), atol=1e-12)


def test_the_weight_of_a_surprising_play_is_bounded():
    """However unlikely a model thought a play, its weight is bounded by FURTHEST."""
    weights, targets = linearised(np.array([-1e6, 1e6]), np.array([1.0, 0.0]))
    assert (np.abs(targets) < 1.01).all()
    assert (weights > 1e-4 * 9).all()


def test_repeated_steps_end_at_the_logistic_regression():
    rng = np.random.default_rng(0)
    rows = np.column_stack([np.ones(3000), rng.normal(size=(3000, 2))])
    rewards = (rng.random(3000) < expit(rows @ [-1.5, 0.8, -0.5])).astype(float)
    line = np.array([logit(rewards.mean()), 0.0, 0.0])
    for _ in range(12):
        expected = Expected.alike(3000, everywhere(line))
        sums = reduce(artwork_ids=np.ones(3000, int), rows=rows, rewards=rewards, expected=expected)
        line = np.linalg.solve(sums.ww[0], sums.rw[0])
    np.testing.assert_allclose(rows.T @ (rewards - expit(rows @ line)), 0.0, atol=1e-8)


def test_without_a_model_an_artwork_is_expected_to_keep_its_rate():
    shown = np.repeat([9, 4], [10_000, 20_000])
    rewards = np.concatenate([np.arange(10_000) % 2, np.arange(20_000) % 10 == 0]).astype(float)
    found = own_rates(shown, rewards, width=3)
    lines = found.of(np.array([9, 5, 4]))
    np.testing.assert_allclose(expit(lines[:, 0]), [0.5, 7 / 30, 0.1], atol=2e-3)
    assert (lines[:, 1:] == 0).all()


@pytest.mark.parametrize("reward", [0.0, 1.0])
def test_rates_without_contrast_have_log_odds(reward):
    found = own_rates(np.array([1, 1, 2]), np.full(3, reward), width=2)
    assert np.isfinite(found.lines).all()
    assert np.isfinite(own_rates(np.zeros(0, int), np.zeros(0), width=2).other).all()


def test_the_fallback_is_not_called_if_all_is_expected():
    def unasked():
        raise AssertionError

    model = Expectation(np.array([3]), np.array([[0.5]]), np.full(1, np.nan))
    lines = Expected(np.zeros(2, int), [model], unasked).lines(np.array([3]))
    assert lines.lines.tolist() == [[[0.5]]]
    with pytest.raises(AssertionError):
        Expected(np.zeros(2, int), [model], unasked).lines(np.array([4]))


def test_each_decision_has_the_expectation_of_the_model_that_made_it():
    rng = np.random.default_rng(1)
    rows = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    shown, chosen_by = rng.integers(1, 5, 300), rng.integers(-1, 2, 300)
    rewards = rng.integers(0, 2, 300).astype(float)
    first = Expectation(np.array([1, 2, 3, 4]), rng.normal(size=(4, 3)), np.full(3, np.nan))
    # The second does not know artworks 1 and 4.
    second = Expectation(np.array([2, 3]), rng.normal(size=(2, 3)), np.full(3, np.nan))
    rest = everywhere([-1.0, 0.2, 0.1])
    found = reduce(
        artwork_ids=shown,
        rows=rows,
        rewards=rewards,
        expected=Expected(chosen_by, [first, second], lambda: rest),
    )
    for place, artwork in enumerate(found.artwork_ids):
        wanted = np.zeros((3, 3))
        for at in np.flatnonzero(shown == artwork):
            by = (first, second, rest)[chosen_by[at]]
            line = by.of(np.array([artwork]))[0]
            if np.isnan(line).any():
                line = rest.other
            weight, _ = linearised(rows[at : at + 1] @ line, rewards[at : at + 1])
            wanted += weight * np.outer(rows[at], rows[at])
        np.testing.assert_allclose(found.ww[place], wanted, rtol=1e-9)


@pytest.mark.parametrize("chosen_by", [[0, 1], [-2, 0], [0.5, 0.0]])
def test_places_of_missing_models_are_refused(chosen_by):
    with pytest.raises(BadInput, match="chosen_by"):
        Expected(np.array(chosen_by), [everywhere([0.0])], lambda: everywhere([0.0]))


def test_expectations_of_other_decisions_are_refused():
    with pytest.raises(BadInput, match="chosen_by"):
        reduce(
            artwork_ids=np.arange(3),
            rows=np.ones((3, 1)),
            rewards=np.zeros(3),
            expected=Expected.alike(2, everywhere([0.0])),
        )


def test_the_viewers_of_a_picture_are_not_mistaken_for_its_effect():
    """Two pictures have no effect, and each is nearly always shown to other viewers of a title.

    Lines through chances bend apart where the title's lovers are; log-odds do not.
    """
    rng = np.random.default_rng(2)
    count = 200_000
    taste = rng.uniform(-1, 1, count)
    second = rng.random(count) < np.where(taste > 0, 0.98, 0.02)
    rewards = (rng.random(count) < expit(-3.0 + 3.0 * taste)).astype(float)
    rows = np.column_stack([np.ones(count), taste, np.zeros(count), np.zeros(count)])
    table = ArtworkTable(np.array([1, 2]), np.array([7, 7]), np.zeros((2, 0)))
    spec = Spec(context=1, artwork_features=0)

    def apart(expected):
        sums = reduce(artwork_ids=1 + second, rows=rows, rewards=rewards, expected=expected)
        model = fit(sums, table, spec)
        viewers = np.linspace(-1, 1, 21)[:, None]
        scores = model.scores(viewers, np.zeros((21, 2)), np.arange(2))
        return np.abs(np.diff(expit(scores), axis=1)).mean(), model

    by_rate, model = apart(None)
    for _ in range(4):
        knowing, model = apart(Expected.alike(count, model.expectation))
    assert knowing < 0.01
    assert by_rate > 4 * knowing
