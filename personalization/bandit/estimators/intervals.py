"""From contributions to an estimate with its interval, and whether it may be believed.

Intervals are clustered by viewer (Liang and Zeger 1986), because one viewer's
decisions are not independent: the sums of influence of each viewer are the units.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit  # scipy.stats has it too, and takes as long to load as Django

from personalization.bandit.arrays import Floats
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.log import Log


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate, its interval, and how much it leans on few decisions.

    Attributes:
        value, low, high: the mean and its interval.
        effective: effective sample size (Σw)² / Σw² of the weights.
        largest_weight: the largest importance weight.
        decisions, viewers: how many stand behind it.
    """

    value: float
    low: float
    high: float
    effective: float
    largest_weight: float
    decisions: int
    viewers: int


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """Too little to conclude from: the words say of what, and there is no value to misread."""

    words: str
    effective: float
    largest_weight: float
    decisions: int
    viewers: int


@dataclass(frozen=True, slots=True)
class Floor:
    """The least from which anything is concluded.

    Attributes:
        effective: effective sample size.
        viewers: clusters; an interval from few of them has too few to estimate its width.
    """

    effective: float = 500.0
    viewers: int = 30


def estimate(log: Log, parts: Contributions, *, level: float = 0.95) -> Estimate:
    """Return the value of `parts` and its interval."""
    weights = parts.weights
    return _around(
        parts.value,
        parts.influence,
        log,
        level,
        effective_sample_size(weights),
        largest_weight(weights),
    )


def difference(
    log: Log, ours: Contributions, theirs: Contributions, *, level: float = 0.95
) -> Estimate:
    """Estimate how much more `ours` earns than `theirs` on the same decisions.

    Paired: what both share cancels, so the interval is that of the difference. It
    leans on few decisions as much as the worse of the two does.
    """
    both = (ours.weights, theirs.weights)
    return _around(
        ours.value - theirs.value,
        ours.influence - theirs.influence,
        log,
        level,
        min(effective_sample_size(weights) for weights in both),
        max(largest_weight(weights) for weights in both),
    )


def conclude(found: Estimate, floor: Floor) -> Estimate | Inconclusive:
    """Return the estimate, or a refusal in words if it stands on less than `floor`."""
    missing = []
    if not found.effective >= floor.effective:
        missing.append(
            f"an effective sample size of {found.effective:,.0f} "
            f"of the {floor.effective:,.0f} needed"
        )
    if found.viewers < floor.viewers:
        missing.append(f"{found.viewers:,} of the {floor.viewers:,} viewers needed")
    if not missing:
        return found
    return Inconclusive(
        words=f"Too little to conclude from: {' and '.join(missing)}.",
        effective=found.effective,
        largest_weight=found.largest_weight,
        decisions=found.decisions,
        viewers=found.viewers,
    )


def effective_sample_size(weights: Floats) -> float:
    """Return (Σw)² / Σw² (Kish 1965), 0 where all weights are 0."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def largest_weight(weights: Floats) -> float:
    return float(np.abs(weights).max())


def clustered(log: Log, contributions: Floats) -> Floats:
    """Return the sums of (N,) or (N, C) contributions by viewer: (G,) or (G, C)."""
    cluster = log.clusters
    if contributions.ndim == 1:
        return np.asarray(np.bincount(cluster, contributions), np.float64)
    return np.column_stack([np.bincount(cluster, column) for column in contributions.T])


def standard_error(log: Log, influence: Floats) -> float:
    """Return the cluster-robust standard error, with the factor G / (G − 1); inf of one viewer."""
    sums = clustered(log, influence)
    groups = len(sums)
    if groups < 2:
        return float("inf")
    variance = float(sums @ sums) * groups / (groups - 1)
    return float(variance**0.5) / len(influence)


def _around(
    value: float,
    influence: Floats,
    log: Log,
    level: float,
    effective: float,
    largest: float,
) -> Estimate:
    if not 0.0 < level < 1.0:
        raise BadInput("level must lie between 0 and 1")
    groups = log.groups
    error = standard_error(log, influence)
    reach = error
    if groups > 1:
        reach = float(stdtrit(groups - 1, 0.5 + level / 2)) * error
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        effective=effective,
        largest_weight=largest,
        decisions=len(influence),
        viewers=groups,
    )
