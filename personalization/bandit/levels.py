"""The three levels, solved in closed form block by block.

    r = z·(u_t + B f_a + δ_a) + controls·κ + ε

With Gaussian priors, the artwork's own δ_a and the title's u_t are eliminated
exactly (Schur complements), so that B and κ solve one small system assembled
from the blocks. Everything is a Cholesky factor; nothing is inverted.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.linalg.lapack import dtrtrs

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
    """Posterior means, and the variances around them that the fit needs.

    Attributes:
        title: (T, D) u_t.
        feature: (D, F+1) B; the first column belongs to the constant feature.
        artwork: (A, D) δ_a.
        control: (C,) κ.
        title_variance, artwork_variance: (T, D), (A, D) variances, given what lies above.
        feature_variance: (D, F+1) marginal variances of B.
    """

    title: Floats
    feature: Floats
    artwork: Floats
    control: Floats
    title_variance: Floats
    artwork_variance: Floats
    feature_variance: Floats


@dataclass(frozen=True)
class _Blocks:
    """Per artwork, after its δ is eliminated: precision of what is shared, and its right side.

    With S = Σ z zᵀ / noise, y = Σ r z / noise, X = Σ z controlsᵀ / noise and the prior's
    precision P, `own` is (S + P)⁻¹ [S, X, y]: all else follows from it.
    """

    own: Floats  # (A, D, D + C + 1)
    shared: Floats  # (A, D, D) G = P (S + P)⁻¹ S
    right: Floats  # (A, D) h = P (S + P)⁻¹ y
    mixed: Floats  # (A, D, C) P (S + P)⁻¹ X
    control: Floats  # (C, C) summed over artworks
    control_right: Floats  # (C,)


@dataclass(frozen=True)
class _Titles:
    """Titles eliminated: Cholesky factors (T, D, D), and L⁻¹ [coupling to B and κ, right side]."""

    factors: Floats
    whitened: Floats  # (T, D, D · (F+1) + C + 1)


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
    width, many = len(variances.title), features.shape[1]
    order = np.argsort(title, kind="stable")
    bounds = np.searchsorted(title[order], np.arange(titles + 1))
    blocks = _eliminate_artworks(statistics, width, variances)
    system, right = _assemble(blocks, features, variances)
    held = _eliminate_titles(blocks, features, order, bounds, variances)
    _subtract_titles(system, right, held)
    factor = cho_factor(system, lower=True)
    solved = cho_solve(factor, right)
    inverse_factor = solve_triangular(factor[0], np.eye(len(system)), lower=True)
    shared = width * many
    feature, control = solved[:shared].reshape(many, width).T, solved[shared:]
    title_mean = _title_means(held, solved)
    above = title_mean[title] + features @ feature.T
    return Solution(
        title=title_mean,
        feature=feature,
        artwork=_artwork_means(blocks, above, control),
        control=control,
        title_variance=_variances(held.factors),
        # (S + P)⁻¹ = (1 − (S + P)⁻¹ S) P⁻¹
        artwork_variance=(1.0 - np.diagonal(blocks.own[:, :, :width], axis1=1, axis2=2))
        * variances.artwork,
        feature_variance=(inverse_factor**2).sum(axis=0)[:shared].reshape(many, width).T,
    )


def artwork_covariances(statistics: Statistics, variances: Variances) -> Floats:
    """Return the posterior covariance of what each artwork adds, given what lies above: (A, D, D).

    What a fit hands on; its rounds need the variances alone.
    """
    width = len(variances.artwork)
    precision = statistics.ww[:, :width, :width] / variances.noise + np.diag(1 / variances.artwork)
    if not len(precision):
        return np.zeros((0, width, width))
    identity = np.broadcast_to(np.eye(width), precision.shape)
    return np.asarray(linalg.solve(precision, identity, assume_a="pos"))


def _eliminate_artworks(statistics: Statistics, width: int, variances: Variances) -> _Blocks:
    scaled = statistics.ww[:, :width] / variances.noise  # S, X
    right = statistics.rw / variances.noise
    precision = 1.0 / variances.artwork
    stacked = np.concatenate([scaled, right[:, :width, None]], axis=2)  # S, X, y
    own = np.asarray(
        linalg.solve(scaled[:, :, :width] + np.diag(precision), stacked, assume_a="pos")
        if len(stacked)
        else stacked
    )
    passed = precision[:, None] * own
    shared = passed[:, :, :width]
    # Xᵀ [(S + P)⁻¹ X, (S + P)⁻¹ y]
    explained = np.tensordot(scaled[:, :, width:], own[:, :, width:], axes=([0, 1], [0, 1]))
    return _Blocks(
        own=own,
        shared=0.5 * (shared + shared.transpose(0, 2, 1)),
        right=passed[:, :, -1],
        mixed=passed[:, :, width:-1],
        control=statistics.ww[:, width:, width:].sum(axis=0) / variances.noise - explained[:, :-1],
        control_right=right[:, width:].sum(axis=0) - explained[:, -1],
    )


def _assemble(blocks: _Blocks, features: Floats, variances: Variances) -> tuple[Floats, Floats]:
    """Return the small system for (B by columns, κ) and its right side, before the titles."""
    width, many = blocks.right.shape[1], features.shape[1]
    shared, controls = width * many, len(blocks.control)
    system = np.zeros((shared + controls, shared + controls))
    right = np.zeros(shared + controls)
    system[np.arange(shared), np.arange(shared)] = _feature_precision(variances, many)
    system[shared:, shared:] = blocks.control + np.eye(controls) / CONTROL_VARIANCE
    right[shared:] = blocks.control_right
    _add_artworks(system, right, blocks, features)
    return system, right


def _eliminate_titles(
    blocks: _Blocks, features: Floats, order: Ints, bounds: Ints, variances: Variances
) -> _Titles:
    """Eliminate each title's u: a factor and a few triangular solves."""
    width, many = blocks.right.shape[1], features.shape[1]
    shared = width * many
    titles, controls = len(bounds) - 1, blocks.mixed.shape[2]
    if not titles:
        return _Titles(np.zeros((0, width, width)), np.zeros((0, width, shared + controls + 1)))
    starts = bounds[:-1]
    flat = blocks.shared[order].reshape(len(order), width * width)
    summed = np.add.reduceat(flat, starts, axis=0).reshape(titles, width, width)
    factors = np.linalg.cholesky(summed + np.diag(1.0 / variances.title))
    mixed = np.add.reduceat(blocks.mixed[order], starts, axis=0)
    rights = np.add.reduceat(blocks.right[order], starts, axis=0)
    ordered = features[order]
    whitened = np.empty((titles, width, shared + controls + 1))
    for t in range(titles):
        members = slice(bounds[t], bounds[t + 1])
        coupling = (ordered[members].T @ flat[members]).reshape(many, width, width)
        side = np.empty((width, shared + controls + 1), order="F")
        side[:, :shared] = coupling.transpose(1, 0, 2).reshape(width, shared)
        side[:, shared:-1] = mixed[t]
        side[:, -1] = rights[t]
        whitened[t], _ = dtrtrs(factors[t], side, lower=1, overwrite_b=1)
    return _Titles(factors, whitened)


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


def _subtract_titles(system: Floats, right: Floats, held: _Titles) -> None:
    """Subtract each title's Schur complement, many titles to a matrix product."""
    at_once = 64
    for start in range(0, len(held.factors), at_once):
        rows = held.whitened[start : start + at_once].reshape(-1, len(right) + 1)
        coupling, own = rows[:, :-1], rows[:, -1]
        system -= coupling.T @ coupling
        right -= coupling.T @ own


def _title_means(held: _Titles, solved: Floats) -> Floats:
    """Return u_t = L⁻ᵀ (L⁻¹ right − L⁻¹ coupling · (B, κ)): (T, D)."""
    rest = held.whitened[:, :, -1] - held.whitened[:, :, :-1] @ solved
    if not len(rest):
        return rest
    return np.stack(
        [
            dtrtrs(factor, one, lower=1, trans=1)[0]
            for factor, one in zip(held.factors, rest, strict=True)
        ]
    )


def _artwork_means(blocks: _Blocks, above: Floats, control: Floats) -> Floats:
    """Return δ_a = (S + P)⁻¹ (y − S·above − X·κ): (A, D)."""
    width = above.shape[1]
    explained = (blocks.own[:, :, :width] @ above[:, :, None])[:, :, 0]
    return np.asarray(blocks.own[:, :, -1] - explained - blocks.own[:, :, width:-1] @ control)


def _variances(factors: Floats) -> Floats:
    """Return the diagonals of (L Lᵀ)⁻¹ for each factor: (T, D)."""
    if not len(factors):
        return np.zeros(factors.shape[:2])
    identity = np.broadcast_to(np.eye(factors.shape[1]), factors.shape)
    half = np.linalg.solve(factors, identity)
    return np.asarray((half**2).sum(axis=1))
