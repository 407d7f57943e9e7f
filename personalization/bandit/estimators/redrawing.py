"""Intervals by the bootstrap over viewers, which need no linearisation.

Whole viewers are drawn, each Poisson(1) times. This approximates the multinomial draw of as many
viewers, and lets blocks of viewers be drawn one after another in bounded memory (Hanley and
MacGibbon 2006; Chamandy, Muralidharan, Najmi and Naidu 2012).
"""

from dataclasses import replace

import numpy as np

from personalization.bandit.arrays import Floats, whole
from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.intervals import (
    Estimate,
    check_lengths,
    clustered,
    difference,
    estimate,
)
from personalization.bandit.estimators.log import DecisionLog

DRAWS = 2_000
BLOCK = 2_048  # viewers whose multiplicities are in memory at once


def bootstrap(
    log: DecisionLog, parts: Contributions, *, seed: int, draws: int = DRAWS, level: float = 0.95
) -> Estimate:
    """Return the estimate with a percentile interval.

    Args:
        log, parts, level: as for `estimate`.
        seed: of the draws.
        draws: how often viewers are drawn, from 2.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    check_lengths(log, parts=parts)
    (values,) = _redrawn(log, [parts], seed, draws)
    return _percentiles(estimate(log, parts, level=level), values, level)


def bootstrap_difference(
    log: DecisionLog,
    ours: Contributions,
    theirs: Contributions,
    *,
    seed: int,
    draws: int = DRAWS,
    level: float = 0.95,
) -> Estimate:
    """Return the paired difference with a percentile interval: both are taken over the same draws.

    Args:
        log, ours, theirs, level: as for `difference`.
        seed, draws: as for `bootstrap`.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    check_lengths(log, ours=ours, theirs=theirs)
    own, other = _redrawn(log, [ours, theirs], seed, draws)
    return _percentiles(difference(log, ours, theirs, level=level), own - other, level)


def _redrawn(log: DecisionLog, every: list[Contributions], seed: int, draws: int) -> list[Floats]:
    """Return the value of each of `every` in each draw: (draws,) for each."""
    draws = whole("draws", draws, least=2)
    sums = clustered(log, np.column_stack([np.ones(len(log)), *(_columns(each) for each in every)]))
    totals = np.zeros((draws, sums.shape[1]))
    random = np.random.default_rng(seed)
    for start in range(0, len(sums), BLOCK):
        block = sums[start : start + BLOCK]
        totals += random.poisson(1.0, (draws, len(block))).astype(np.float64) @ block
    decisions = totals[:, 0]
    values = []
    for number, each in enumerate(every):
        plain, corrected, weights = totals[:, 1 + 3 * number : 4 + 3 * number].T
        value = _share(plain, decisions)
        values.append(value if each.corrected is None else value + _share(corrected, weights))
    return values


def _columns(parts: Contributions) -> Floats:
    corrected = np.zeros_like(parts.plain) if parts.corrected is None else parts.corrected
    return np.column_stack([parts.plain, corrected, parts.weights])


def _share(above: Floats, below: Floats) -> Floats:
    """Return above / below; 0 for a draw without any viewer."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _percentiles(found: Estimate, values: Floats, level: float) -> Estimate:
    if found.viewers < 2:
        return found
    low, high = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2])
    return replace(found, low=float(low), high=float(high))
