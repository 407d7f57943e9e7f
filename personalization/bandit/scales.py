"""How far tastes move a title's plays: far where plays are common, little where they are rare.

A reward is 0 or 1. What a viewer likes moves its log-odds, and so its chance p by
p(1 − p) times as much; p(1 − p) is also its variance. One Newton step of a logistic
regression from each title's own rate (McCullagh and Nelder 1989, 2.5) is therefore the
linear fit with each title's tastes measured in units of its p(1 − p):

    r = s_t · (z·(u_t + B f_a + δ_a) + controls·κ) + ε,    var ε = s_t · noise

which needs the same sums: Σ wwᵀ counts s_t times, Σ rw as it is.
"""

from dataclasses import replace

import numpy as np

from personalization.bandit.errors import Floats, Ints
from personalization.bandit.statistics import Statistics

LEAST_NOISE = 1e-3  # of a reward: kept off zero for days without any
LEAST = 1e-3  # of a scale: a title that nobody or everybody plays still learns


def noise(statistics: Statistics) -> float:
    """Return the variance of a reward around the rate of all."""
    decisions = statistics.decisions
    mean = float(statistics.r.sum()) / decisions if decisions else 0.0
    return max(mean * (1.0 - mean), LEAST_NOISE)


def title_scales(statistics: Statistics, title: Ints, titles: int) -> Floats:
    """Return each title's p(1 − p), in units of `noise`: (T,), about one.

    p is the title's rate, shrunk to that of all by as much as the titles' rates differ
    beyond chance (the method of moments of DerSimonian and Laird 1986). Where they do
    not, every scale is one.

    Args:
        title: (A,) index of each artwork's title, below `titles`.
    """
    n = np.bincount(title, statistics.n, minlength=titles)
    won = np.bincount(title, statistics.r, minlength=titles)
    decisions, seen = n.sum(), n > 0
    if seen.sum() < 2:
        return np.ones(titles)
    mean, spread = won.sum() / decisions, noise(statistics)
    rates = np.divide(won, n, out=np.full(titles, mean), where=seen)
    beyond = (n * (rates - mean) ** 2).sum() - (seen.sum() - 1) * spread
    between = beyond / (decisions - (n**2).sum() / decisions)
    if between <= 0.0:
        return np.ones(titles)
    prior = spread / between  # as many decisions as the common rate counts for
    shrunk = (won + prior * mean) / (n + prior)
    return np.asarray(np.maximum(shrunk * (1.0 - shrunk) / spread, LEAST))


def scaled(statistics: Statistics, scales: Floats) -> Statistics:
    """Return the statistics of a fit in which tastes are in units of each artwork's scale."""
    return replace(statistics, ww=statistics.ww * scales[:, None, None])
