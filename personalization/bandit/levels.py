"""The three levels, solved in closed form block by block.

    log-odds of a play = z·(u_t + B f_a + δ_a) + controls·κ

With Gaussian priors, the artwork's own δ_a and the title's u_t are eliminated exactly
(`elimination`), so that B and κ solve one small system. From those two, u_t and δ_a follow, block
by block again. The prior is that of hierarchical linear models (Lindley and Smith 1972).

Inner steps of the fit: nothing is checked.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.linalg.lapack import dtrtrs

from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.elimination import (
    CONSTANT_VARIANCE,
    CONTROL_VARIANCE,
    Blocks,
    Titles,
    Variances,
    assemble,
    eliminate_artworks,
    eliminate_titles,
    subtract_titles,
)
from personalization.bandit.statistics import Statistics

__all__ = [
    "CONSTANT_VARIANCE",
    "CONTROL_VARIANCE",
    "Solution",
    "Variances",
    "solve",
]


@dataclass(frozen=True)
class Solution:
    """Posterior means, and the variances around them that the fit needs.

    Attributes:
        title: (T, D) u_t.
        feature: (D, F+1) B; the first column belongs to the constant feature.
        artwork: (A, D) δ_a.
        control: (C,) κ.
        title_variance, artwork_variance: (T, D), (A, D) variances, given the levels above.
        feature_variance: (D, F+1) marginal variances of B.
    """

    title: Floats
    feature: Floats
    artwork: Floats
    control: Floats
    title_variance: Floats
    artwork_variance: Floats
    feature_variance: Floats


def solve(
    statistics: Statistics, features: Floats, title: Ints, titles: int, variances: Variances
) -> Solution:
    """Return the joint posterior of all levels.

    Args:
        statistics: aligned with `features`, of rows [z (D), controls (C)].
        features: (A, F+1) with a leading constant.
        title: (A,) index of each artwork's title, below `titles`.
        titles: T, how many titles there are.
        variances: of the priors, in squared log-odds.
    """
    width, many = len(variances.title), features.shape[1]
    order = np.argsort(title, kind="stable")
    bounds = np.searchsorted(title[order], np.arange(titles + 1))
    blocks = eliminate_artworks(statistics, width, variances)
    system, right = assemble(blocks, features, variances)
    held = eliminate_titles(blocks, features, order, bounds, variances)
    subtract_titles(system, right, held)
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


def _title_means(held: Titles, solved: Floats) -> Floats:
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


def _artwork_means(blocks: Blocks, above: Floats, control: Floats) -> Floats:
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
