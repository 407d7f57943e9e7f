"""The closed form equals the dense Gaussian posterior, solved directly."""

import numpy as np
import pytest

from personalization.bandit.levels import (
    CONSTANT_VARIANCE,
    CONTROL_VARIANCE,
    Variances,
    solve,
)
from personalization.bandit.odds import linearised
from tests.personalization.bandit.worlds import EXPECTED, make_problem


def dense_posterior(rows, shown, weights, targets, features, title, titles, variances):
    """Solve for [B columns, κ, u_1 …, δ_1 …] with one design matrix and one prior.

    Each decision is a normal observation of precision weights[i] and weighted mean targets[i].
    """
    width, many = len(variances.title), features.shape[1]
    count, controls = len(features), rows.shape[1] - width
    z, c = rows[:, :width], rows[:, width:]
    blocks = [z * features[shown, f][:, None] for f in range(many)]
    blocks.append(c)
    blocks += [z * (title[shown] == t)[:, None] for t in range(titles)]
    blocks += [z * (shown == a)[:, None] for a in range(count)]
    design = np.column_stack(blocks)
    prior = np.concatenate(
        [
            np.full(width, CONSTANT_VARIANCE),
            np.tile(variances.feature, many - 1),
            np.full(controls, CONTROL_VARIANCE),
            np.tile(variances.title, titles),
            np.tile(variances.artwork, count),
        ]
    )
    precision = design.T @ (design * weights[:, None]) + np.diag(1 / prior)
    mean = np.linalg.solve(precision, design.T @ targets)
    shared = width * many
    after_titles = shared + controls + titles * width
    return {
        "feature": mean[:shared].reshape(many, width).T,
        "control": mean[shared : shared + controls],
        "title": mean[shared + controls : after_titles].reshape(titles, width),
        "artwork": mean[after_titles:].reshape(count, width),
        "covariance": np.linalg.inv(precision),
    }


@pytest.mark.parametrize("controls", [0, 1, 2])
@pytest.mark.parametrize("decisions", [0, 7, 600])
def test_it_equals_the_dense_posterior(decisions, controls):
    rng = np.random.default_rng(decisions + controls)
    table, rows, shown, rewards, statistics, spec = make_problem(
        rng, decisions=decisions, controls=controls
    )
    known = statistics.aligned(table.artwork_ids)
    features = np.column_stack([np.ones(len(table)), table.features])
    distinct, title = table.titles()
    width = spec.width
    variances = Variances(
        rng.uniform(0.01, 0.1, width),
        rng.uniform(0.01, 0.1, width),
        rng.uniform(0.01, 0.1, width),
    )
    ours = solve(known, features, title, len(distinct), variances)
    weights, targets = linearised(rows @ EXPECTED[: rows.shape[1]], rewards)
    dense = dense_posterior(
        rows, shown, weights, targets, features, title, len(distinct), variances
    )
    for level in ("feature", "control", "title", "artwork"):
        np.testing.assert_allclose(getattr(ours, level), dense[level], atol=1e-9)
    shared = width * features.shape[1]
    np.testing.assert_allclose(
        ours.feature_variance.T.ravel(), np.diag(dense["covariance"])[:shared], atol=1e-9
    )


def test_an_artwork_without_decisions_has_its_prior():
    rng = np.random.default_rng(5)
    table, _, _, _, statistics, spec = make_problem(rng, decisions=300)
    known = statistics.aligned(table.artwork_ids)
    for name in ("n", "r", "rw", "ww"):
        getattr(known, name)[4] = 0
    features = np.column_stack([np.ones(len(table)), table.features])
    _, title = table.titles()
    variances = Variances(*[np.full(spec.width, 0.05)] * 3)
    solution = solve(known, features, title, 4, variances)
    np.testing.assert_allclose(solution.artwork[4], 0, atol=1e-12)
    np.testing.assert_allclose(solution.artwork_variance[4], 0.05)
    precision = known.ww[:, : spec.width, : spec.width] + np.diag(1 / variances.artwork)
    diagonals = np.diagonal(np.linalg.inv(precision), axis1=1, axis2=2)
    np.testing.assert_allclose(solution.artwork_variance, diagonals, rtol=1e-9)
