"""From contributions to an estimate with its interval, and whether anything may be concluded.

Intervals are clustered by viewer (Liang and Zeger 1986), because the decisions of one viewer are
not independent. The units are the sums of each viewer's influence. Student's t has the degrees of
freedom that the spread of those sums really has. A few busy viewers or large weights make them
fewer than there are viewers (Satterthwaite 1946).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit  # scipy.stats has it too, and takes as long to load as Django

from personalization.bandit.arrays import Floats, floats, number
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.log import DecisionLog


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate, its interval, and how much it relies on few decisions.

    Attributes:
        value, low, high: the mean and its interval, in rewards per decision.
        error: the standard error, in rewards per decision; freedom: its degrees of freedom.
        effective: effective sample size (Σw)² / Σw² of the weights, in decisions.
        largest_weight: the largest importance weight.
        decisions, viewers: how many it comes from.
    """

    value: float
    low: float
    high: float
    error: float
    freedom: float
    effective: float
    largest_weight: float
    decisions: int
    viewers: int


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """Too little to conclude from. There is no value that could be misread.

    Attributes:
        words: what there is too little of, as a sentence.
        effective, largest_weight, decisions, viewers: as in `Estimate`.
    """

    words: str
    effective: float
    largest_weight: float
    decisions: int
    viewers: int


@dataclass(frozen=True, slots=True)
class Floor:
    """The least from which anything is concluded.

    Attributes:
        effective: effective sample size, in decisions, from 0.
        viewers: clusters, from 0; the width of an interval from few of them is unreliable.

    Raises:
        BadInput: naming the attribute that makes no sense.
    """

    effective: float = 500.0
    viewers: int = 30

    def __post_init__(self) -> None:
        number("effective", self.effective, least=0.0)
        number("viewers", self.viewers, least=0)


def estimate(log: DecisionLog, parts: Contributions, *, level: float = 0.95) -> Estimate:
    """Return the value of contributions and its interval.

    Args:
        log: of N decisions.
        parts: what each of them contributes.
        level: of the interval, between 0 and 1.

    Returns:
        the value with the interval of Student's t with `freedom` degrees of freedom.

    Raises:
        BadInput: if `parts` is of other decisions, or `level` makes no sense.
    """
    check_lengths(log, parts=parts)
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
    log: DecisionLog, ours: Contributions, theirs: Contributions, *, level: float = 0.95
) -> Estimate:
    """Estimate how much more `ours` earns than `theirs` on the same decisions.

    The difference is paired: what both share cancels, and the interval is that of the difference.
    Its effective sample size and largest weight are those of the worse of the two.

    Args:
        log: of N decisions.
        ours, theirs: what each of them contributes to either value.
        level: as for `estimate`.

    Raises:
        BadInput: as `estimate`.
    """
    check_lengths(log, ours=ours, theirs=theirs)
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
    """Return the estimate, or a refusal in words if it comes from less than the floor.

    Args:
        found: the estimate.
        floor: the least that it may come from.
    """
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
    """Return the effective sample size (Σw)² / Σw² (Kish 1965).

    Args:
        weights: (N,) importance weights.

    Returns:
        decisions, from 0 (where all weights are 0) to N.

    Raises:
        BadInput: if they are no finite numbers.
    """
    weights = floats("weights", weights, (None,))
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def largest_weight(weights: Floats) -> float:
    """Return the largest importance weight.

    Args:
        weights: (N,) importance weights.

    Returns:
        the largest, 0 if there are none.

    Raises:
        BadInput: if they are no finite numbers.
    """
    return float(np.abs(floats("weights", weights, (None,))).max(initial=0.0))


def clustered(log: DecisionLog, contributions: Floats) -> Floats:
    """Return the sums of contributions by viewer.

    Args:
        log: of N decisions by G viewers.
        contributions: (N,) or (N, C).

    Returns:
        (G,) or (G, C).

    Raises:
        BadInput: if they are of another number of decisions, or not finite.
    """
    columns = (None,) * (np.ndim(contributions) - 1)
    contributions = floats("contributions", contributions, (len(log), *columns))
    cluster = log.clusters
    if contributions.ndim == 1:
        return np.asarray(np.bincount(cluster, contributions), np.float64)
    return np.column_stack([np.bincount(cluster, column) for column in contributions.T])


def standard_error(log: DecisionLog, influence: Floats) -> float:
    """Return the cluster-robust standard error, with the factor G / (G − 1) for G viewers.

    Args:
        log: of N decisions by G viewers.
        influence: (N,) each decision's influence on the value, with mean zero.

    Returns:
        in the unit of the value; infinite if there is one viewer.

    Raises:
        BadInput: as `clustered`.
    """
    return _error(clustered(log, influence), len(influence))


def freedom(kurtosis: float | Floats, groups: int) -> Any:
    """Return the degrees of freedom of a standard error: those by which it really varies.

    The variance of a sample variance is σ⁴ (2 / (G − 1) + (κ − 3) / G). A chi-squared variable with
    this many degrees of freedom has the same (Satterthwaite 1946).

    Args:
        kurtosis: κ of the viewers' sums, from 1; one, or an array.
        groups: G viewers, from 2.

    Returns:
        from above 0 to G − 1, which it is for sums that are normal or have lighter tails.
    """
    excess = np.maximum(np.asarray(kurtosis) - 3.0, 0.0)
    return 2.0 / (2.0 / (groups - 1) + excess / groups)


def reach(error: float | Floats, freedom: float | Floats, *, beyond: float | Floats) -> Any:
    """Return how far a bound by Student's t lies from the estimate.

    Args:
        error: standard error, from 0; one, or an array.
        freedom: degrees of freedom, above 0.
        beyond: the chance that the truth lies beyond the bound, above 0 and at most .5.

    Returns:
        in the unit of the error, in the shape that the arguments broadcast to.
    """
    return -stdtrit(freedom, beyond) * error


def check_lengths(log: DecisionLog, **every: Contributions) -> None:
    """Refuse contributions of other decisions than the log's.

    Args:
        log: of N decisions.
        every: contributions by the name of the argument that gave them.

    Raises:
        BadInput: naming the argument that has another length.
    """
    for name, parts in every.items():
        if len(parts.plain) != len(log):
            raise BadInput(f"{name} is of {len(parts.plain)} decisions, the log of {len(log)}")


def _around(
    value: float,
    influence: Floats,
    log: DecisionLog,
    level: float,
    effective: float,
    largest: float,
) -> Estimate:
    if not 0.0 < level < 1.0:
        raise BadInput("level must lie between 0 and 1")
    sums = clustered(log, influence)
    groups = len(sums)
    error = _error(sums, len(influence))
    free = float(freedom(_kurtosis(sums), groups)) if groups > 1 else 0.0
    half = float(reach(error, free, beyond=0.5 - level / 2)) if groups > 1 else error
    return Estimate(
        value=value,
        low=value - half,
        high=value + half,
        error=error,
        freedom=free,
        effective=effective,
        largest_weight=largest,
        decisions=len(influence),
        viewers=groups,
    )


def _error(sums: Floats, decisions: int) -> float:
    groups = len(sums)
    if groups < 2:
        return float("inf")
    return float((float(sums @ sums) * groups / (groups - 1)) ** 0.5) / decisions


def _kurtosis(sums: Floats) -> float:
    """Return the kurtosis of sums with mean zero; that of a normal law where all are 0."""
    squares = sums**2
    second = float(squares.mean())
    return float(squares @ squares) / len(sums) / second**2 if second else 3.0
