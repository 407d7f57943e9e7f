"""The three levels, solved in closed form block by block.

    r = z·(u_t + B f_a + δ_a) + controls·κ + ε

With Gaussian priors, the artwork's own δ_a and the title's u_t are eliminated
exactly (Schur complements), so that B and κ solve one small system assembled
from the blocks. Everything is a Cholesky factor; nothing is inverted.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from personalization.bandit.errors import Floats, Ints
from personalization.bandit.statistics import Statistics


@dataclass(frozen=True)
class Variances:
    """Prior variances of each level for each place of z, and the noise of one reward.

    Attributes:
        title, feature, artwork: (D,) variances of u_t, of B's rows, of δ_a.
        noise: variance of a reward around its expectation.
    """

    title: Floats
    feature: Floats
    artwork: Floats
    noise: float


@dataclass(frozen=True)
class Solution:
    """Posterior means, and the posterior covariance of what each artwork adds.

    Attributes:
        title: (T, D) u_t.
        feature: (D, F+1) B; the first column belongs to the constant feature.
        artwork: (A, D) δ_a.
        control: (C,) κ.
        title_covariance, artwork_covariance: (T, D, D), (A, D, D), given B and κ.
        feature_variance: (D, F+1) marginal variances of B.
    """

    title: Floats
    feature: Floats
    artwork: Floats
    control: Floats
    title_covariance: Floats
    artwork_covariance: Floats
    feature_variance: Floats


@dataclass(frozen=True)
class _Blocks:
    """Per artwork, after its δ is eliminated: precision of what is shared, and its right side."""

    own: Floats  # (A, D, D) Cholesky factor, lower, of S + P
    shared: Floats  # (A, D, D) G = P (S + P)⁻¹ S
    right: Floats  # (A, D) h = P (S + P)⁻¹ y
    mixed: Floats  # (A, D, C)
    control: Floats  # (C, C) summed over artworks
    control_right: Floats  # (C,)


# The constant feature is the average viewer's rate of play, whatever the title: left
# nearly free. It cancels in every choice.
CONSTANT_VARIANCE = 1.0
CONTROL_VARIANCE = 1.0  # κ is a share of plays per unit of position: wide on that scale


def solve(
    statistics: Statistics, features: Floats, title: Ints, titles: int, variances: Variances
) -> Solution:
    """Return the joint posterior of all levels.

    Args:
        statistics: aligned with `features`, rows [z (D), controls (C)].
        features: (A, F+1) with a leading constant.
        title: (A,) index of each artwork's title, below `titles`.
        variances: of the priors.
    """
    width = len(variances.title)
    blocks = _eliminate_artworks(statistics, width, variances)
    order = np.argsort(title, kind="stable")
    bounds = np.searchsorted(title[order], np.arange(titles + 1))
    factors, system, right, held = _eliminate_titles(blocks, features, order, bounds, variances)
    factor = cho_factor(system, lower=True)
    solved = cho_solve(factor, right)
    inverse_factor = solve_triangular(factor[0], np.eye(len(system)), lower=True)
    shared_count = width * features.shape[1]
    feature = solved[:shared_count].reshape(features.shape[1], width).T
    control = solved[shared_count:]
    title_mean = (
        np.stack(
            [cho_solve((factors[t], True), held[t][0] - held[t][1] @ solved) for t in range(titles)]
        )
        if titles
        else np.zeros((0, width))
    )
    artwork = _artworks(
        blocks, statistics, title_mean[title] + features @ feature.T, control, variances.noise
    )
    identity = np.eye(width)
    return Solution(
        title=title_mean,
        feature=feature,
        artwork=artwork,
        control=control,
        title_covariance=_inverses(factors, identity),
        artwork_covariance=_inverses(blocks.own, identity),
        feature_variance=(inverse_factor**2)
        .sum(axis=0)[:shared_count]
        .reshape(features.shape[1], width)
        .T,
    )


def _eliminate_artworks(statistics: Statistics, width: int, variances: Variances) -> _Blocks:
    scaled = statistics.ww / variances.noise
    right = statistics.rw / variances.noise
    precision = np.diag(1.0 / variances.artwork)
    own = np.asarray(np.linalg.cholesky(scaled[:, :width, :width] + precision), np.float64)
    stacked = np.concatenate([scaled[:, :width, :], right[:, :width, None]], axis=2)  # S, cross, y
    half = _solve_lower(own, stacked)
    full = _solve_upper(own, half)
    passed = precision @ full  # P (S + P)⁻¹ [S, cross, y]
    shared = passed[:, :, :width]
    cross_half = half[:, :, width:-1]
    return _Blocks(
        own=own,
        shared=0.5 * (shared + shared.transpose(0, 2, 1)),
        right=passed[:, :, -1],
        mixed=passed[:, :, width:-1],
        control=(scaled[:, width:, width:] - cross_half.transpose(0, 2, 1) @ cross_half).sum(
            axis=0
        ),
        control_right=(
            right[:, width:] - (cross_half.transpose(0, 2, 1) @ half[:, :, -1:])[:, :, 0]
        ).sum(axis=0),
    )


def _eliminate_titles(
    blocks: _Blocks, features: Floats, order: Ints, bounds: Ints, variances: Variances
) -> tuple[Floats, Floats, Floats, list[tuple[Floats, Floats]]]:
    """Assemble the small system for (B by columns, κ).

    Returns:
        Cholesky factors (T, D, D) of each title's block; the system and its right
        side; and per title the pair (its right side, its coupling to B and κ).
    """
    width = blocks.right.shape[1]
    many = features.shape[1]
    controls = blocks.control.shape[0]
    size = width * many + controls
    system = np.zeros((size, size))
    right = np.zeros(size)
    system[np.arange(width * many), np.arange(width * many)] = _feature_precision(variances, many)
    system[width * many :, width * many :] = blocks.control + np.eye(controls) / CONTROL_VARIANCE
    right[width * many :] = blocks.control_right
    _add_artworks(system, right, blocks, features)
    titles = len(bounds) - 1
    factors = np.empty((titles, width, width))
    held: list[tuple[Floats, Floats]] = []
    for t in range(titles):
        members = order[bounds[t] : bounds[t + 1]]
        precision = blocks.shared[members].sum(axis=0) + np.diag(1.0 / variances.title)
        factors[t] = np.linalg.cholesky(precision)
        coupling = np.concatenate(
            [
                np.tensordot(features[members], blocks.shared[members], axes=(0, 0))
                .transpose(1, 0, 2)
                .reshape(width, width * many),
                blocks.mixed[members].sum(axis=0),
            ],
            axis=1,
        )
        own_right = blocks.right[members].sum(axis=0)
        held.append((own_right, coupling))
    _subtract_titles(system, right, factors, held)
    return factors, system, right, held


def _feature_precision(variances: Variances, many: int) -> Floats:
    """Return the prior precision of B, column by column: (D · (F+1),)."""
    width = len(variances.feature)
    return np.concatenate(
        [
            np.full(width, 1.0 / CONSTANT_VARIANCE),
            np.tile(1.0 / variances.feature, many - 1),
        ]
    )


def _add_artworks(system: Floats, right: Floats, blocks: _Blocks, features: Floats) -> None:
    """Add Σ_a f fᵀ ⊗ G and the couplings with the controls."""
    count, many = features.shape
    width = blocks.right.shape[1]
    shared = width * many
    products = (features[:, :, None] * features[:, None, :]).reshape(count, many * many)
    summed = products.T @ blocks.shared.reshape(count, width * width)
    system[:shared, :shared] += (
        summed.reshape(many, many, width, width).transpose(0, 2, 1, 3).reshape(shared, shared)
    )
    mixed = np.tensordot(features, blocks.mixed, axes=(0, 0)).reshape(shared, -1)
    system[:shared, shared:] += mixed
    system[shared:, :shared] += mixed.T
    right[:shared] += np.tensordot(features, blocks.right, axes=(0, 0)).reshape(shared)


def _subtract_titles(
    system: Floats, right: Floats, factors: Floats, held: list[tuple[Floats, Floats]]
) -> None:
    """Subtract each title's Schur complement, many titles to a matrix product."""
    at_once = 64
    for start in range(0, len(held), at_once):
        part = range(start, min(start + at_once, len(held)))
        whitened = np.concatenate(
            [
                solve_triangular(factors[t], np.column_stack([held[t][1], held[t][0]]), lower=True)
                for t in part
            ]
        )
        coupling, own = whitened[:, :-1], whitened[:, -1]
        system -= coupling.T @ coupling
        right -= coupling.T @ own


def _artworks(
    blocks: _Blocks, statistics: Statistics, above: Floats, control: Floats, noise: float
) -> Floats:
    """Return δ_a = (S + P)⁻¹ (y − S·above − cross·κ)."""
    width = above.shape[1]
    residual = (
        statistics.rw[:, :width]
        - (statistics.ww[:, :width, :width] @ above[:, :, None])[:, :, 0]
        - statistics.ww[:, :width, width:] @ control
    ) / noise
    solved = _solve_upper(blocks.own, _solve_lower(blocks.own, residual[:, :, None]))
    return np.asarray(solved[:, :, 0])


def _solve_lower(factors: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(factors, right))


def _solve_upper(factors: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(factors.transpose(0, 2, 1), right))


def _inverses(factors: Floats, identity: Floats) -> Floats:
    """Return (L Lᵀ)⁻¹ for each factor: posterior covariances, asked for as such."""
    if not len(factors):
        return np.zeros((0, *identity.shape))
    half = _solve_lower(factors, np.broadcast_to(identity, factors.shape))
    return half.transpose(0, 2, 1) @ half
