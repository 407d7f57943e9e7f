"""Eliminates the levels: artworks, then titles, until a small system for (B, κ) is left.

The artwork's own δ_a and the title's u_t are eliminated by Schur complements, block by block (Golub
and Van Loan 2013, section 4.3). What is kept of them is what is needed to find them again.
Everything is a Cholesky factor; nothing is inverted.

Inner steps of the fit: nothing is checked. A artworks, T titles; D numbers in z, C controls, F
features.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.linalg.lapack import dtrtrs

from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.statistics import Statistics

# The constant feature is the average viewer's rate of plays over all titles. It is nearly free,
# and cancels in every choice.
CONSTANT_VARIANCE = 25.0
CONTROL_VARIANCE = 4.0  # κ is in log-odds per unit of position: wide on that scale


@dataclass(frozen=True)
class Variances:
    """Prior variances of each level for each place of z, in squared log-odds.

    Attributes:
        title, feature, artwork: (D,) variances of u_t, of B's rows, of δ_a.
    """

    title: Floats
    feature: Floats
    artwork: Floats


@dataclass(frozen=True)
class Blocks:
    """Per artwork, after its δ is eliminated: precision of what is shared, and its right side.

    With the statistics' weighted sums S of z zᵀ, X of z controlsᵀ and y of z, and the
    prior's precision P, `own` is (S + P)⁻¹ [S, X, y]; the rest follows from it.
    """

    own: Floats  # (A, D, D + C + 1)
    shared: Floats  # (A, D, D) G = P (S + P)⁻¹ S
    right: Floats  # (A, D) h = P (S + P)⁻¹ y
    mixed: Floats  # (A, D, C) P (S + P)⁻¹ X
    control: Floats  # (C, C) summed over artworks
    control_right: Floats  # (C,)


@dataclass(frozen=True)
class Titles:
    """What is kept of the eliminated titles: Cholesky factors L, and L⁻¹ [coupling, right side]."""

    factors: Floats  # (T, D, D)
    whitened: Floats  # (T, D, D · (F+1) + C + 1)


def eliminate_artworks(statistics: Statistics, width: int, variances: Variances) -> Blocks:
    """Eliminate each artwork's δ, with one solve per artwork.

    Args:
        statistics: of A artworks and rows [z (D), controls (C)].
        width: D.
        variances: of the priors.
    """
    sums = statistics.ww[:, :width]  # S, X
    right = statistics.rw
    precision = 1.0 / variances.artwork
    stacked = np.concatenate([sums, right[:, :width, None]], axis=2)  # S, X, y
    own = np.asarray(
        linalg.solve(sums[:, :, :width] + np.diag(precision), stacked, assume_a="pos")
        if len(stacked)
        else stacked
    )
    passed = precision[:, None] * own
    shared = passed[:, :, :width]
    # Xᵀ [(S + P)⁻¹ X, (S + P)⁻¹ y]
    explained = np.tensordot(sums[:, :, width:], own[:, :, width:], axes=([0, 1], [0, 1]))
    return Blocks(
        own=own,
        shared=0.5 * (shared + shared.transpose(0, 2, 1)),
        right=passed[:, :, -1],
        mixed=passed[:, :, width:-1],
        control=statistics.ww[:, width:, width:].sum(axis=0) - explained[:, :-1],
        control_right=right[:, width:].sum(axis=0) - explained[:, -1],
    )


def assemble(blocks: Blocks, features: Floats, variances: Variances) -> tuple[Floats, Floats]:
    """Return the small system for (B by columns, κ), before the titles are eliminated.

    Args:
        blocks: from `eliminate_artworks`.
        features: (A, F+1) with a leading constant.
        variances: of the priors.

    Returns:
        the symmetric system, (D·(F+1) + C) squared, and its right side.
    """
    width, many = blocks.right.shape[1], features.shape[1]
    shared, controls = width * many, len(blocks.control)
    system = np.zeros((shared + controls, shared + controls))
    right = np.zeros(shared + controls)
    system[np.arange(shared), np.arange(shared)] = _feature_precision(variances, many)
    system[shared:, shared:] = blocks.control + np.eye(controls) / CONTROL_VARIANCE
    right[shared:] = blocks.control_right
    _add_artworks(system, right, blocks, features)
    return system, right


def eliminate_titles(
    blocks: Blocks, features: Floats, order: Ints, bounds: Ints, variances: Variances
) -> Titles:
    """Eliminate each title's u, with one factor and a few triangular solves per title.

    Args:
        blocks: from `eliminate_artworks`.
        features: (A, F+1) with a leading constant.
        order: (A,) artworks sorted by title.
        bounds: (T + 1,) where each title's artworks begin in `order`, and the end.
        variances: of the priors.
    """
    width, many = blocks.right.shape[1], features.shape[1]
    shared = width * many
    titles, controls = len(bounds) - 1, blocks.mixed.shape[2]
    if not titles:
        return Titles(np.zeros((0, width, width)), np.zeros((0, width, shared + controls + 1)))
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
    return Titles(factors, whitened)


def subtract_titles(system: Floats, right: Floats, held: Titles) -> None:
    """Subtract the Schur complement of every title, many titles to a matrix product.

    Args:
        system, right: from `assemble`; changed in place.
        held: from `eliminate_titles`.
    """
    at_once = 64
    for start in range(0, len(held.factors), at_once):
        rows = held.whitened[start : start + at_once].reshape(-1, len(right) + 1)
        coupling, own = rows[:, :-1], rows[:, -1]
        system -= coupling.T @ coupling
        right -= coupling.T @ own


def _feature_precision(variances: Variances, many: int) -> Floats:
    """Return the prior precision of B, column by column: (D · (F+1),)."""
    width = len(variances.feature)
    return np.concatenate(
        [
            np.full(width, 1.0 / CONSTANT_VARIANCE),
            np.tile(1.0 / variances.feature, many - 1),
        ]
    )


def _add_artworks(system: Floats, right: Floats, blocks: Blocks, features: Floats) -> None:
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
