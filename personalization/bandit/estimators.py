"""Off-policy estimates: what a policy would have earned, from another policy's log.

Three layers: values per decision, their mean, its interval clustered by viewer
(Liang and Zeger 1986), because one viewer's decisions are not independent.
Bad propensities are refused at the door.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from personalization.bandit.errors import BadInput, Floats, Ints, floats, ints


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


@dataclass(frozen=True)
class Log:
    """What was decided and earned: one entry a decision, aligned; validates itself.

    Attributes:
        rewards: (N,) from 0 to 1.
        propensities: (N,) logged probability of what was shown, in (0, 1].
        viewers: (N,) a number for each viewer: the clusters.
    """

    rewards: Floats
    propensities: Floats
    viewers: Ints

    def __post_init__(self) -> None:
        rewards = floats("rewards", self.rewards, (None,))
        if not len(rewards):
            raise BadInput("rewards must not be empty")
        propensities = floats("propensities", self.propensities, rewards.shape)
        wrong = np.flatnonzero((propensities <= 0) | (propensities > 1))
        if len(wrong):
            raise BadInput(
                f"propensities must lie in (0, 1]; row {wrong[0]} holds {propensities[wrong[0]]}"
            )
        if rewards.min() < 0 or rewards.max() > 1:
            raise BadInput("rewards must lie from 0 to 1")
        object.__setattr__(self, "rewards", rewards)
        object.__setattr__(self, "propensities", propensities)
        object.__setattr__(self, "viewers", ints("viewers", self.viewers, rewards.shape))

    def weights(self, target: Floats) -> Floats:
        """Return π(shown) / logged propensity: (N,)."""
        target = floats("target", target, self.rewards.shape)
        if target.min() < 0 or target.max() > 1 + 1e-12:
            raise BadInput("target must hold probabilities")
        return target / self.propensities


def ips_values(log: Log, target: Floats) -> Floats:
    """Return w·r per decision (Horvitz and Thompson 1952)."""
    return log.weights(target) * log.rewards


def dr_values(log: Log, target: Floats, expected: Floats, expected_shown: Floats) -> Floats:
    """Return doubly robust values per decision (Dudík, Langford and Li 2011).

    Args:
        target: (N,) the policy's probability of what was shown.
        expected: (N,) Σ_a π(a) q(a) under a reward model that did not learn from this log.
        expected_shown: (N,) q of what was shown.
    """
    shape = log.rewards.shape
    expected = floats("expected", expected, shape)
    shown = floats("expected_shown", expected_shown, shape)
    return expected + log.weights(target) * (log.rewards - shown)


def ips(log: Log, target: Floats, *, level: float = 0.95) -> Estimate:
    """Estimate the value by inverse propensity weighting."""
    return _mean(ips_values(log, target), log, log.weights(target), level)


def snips(log: Log, target: Floats, *, level: float = 0.95) -> Estimate:
    """Estimate the value by self-normalised weights; the interval by the delta method."""
    weights = log.weights(target)
    total = weights.sum()
    if total == 0:
        raise BadInput("target gives no probability to anything that was shown")
    value = float(weights @ log.rewards / total)
    influence = weights * (log.rewards - value) / (total / len(weights))
    return _around(value, influence, log, weights, level)


def dr(
    log: Log, target: Floats, expected: Floats, expected_shown: Floats, *, level: float = 0.95
) -> Estimate:
    """Estimate the value doubly robustly."""
    values = dr_values(log, target, expected, expected_shown)
    return _mean(values, log, log.weights(target), level)


def difference(
    log: Log, ours: Floats, theirs: Floats, weights: Floats, *, level: float = 0.95
) -> Estimate:
    """Estimate a difference of two policies from their values on the same decisions.

    Paired: what both share cancels, so the interval is that of the difference.
    """
    shape = log.rewards.shape
    return _mean(
        floats("ours", ours, shape) - floats("theirs", theirs, shape),
        log,
        floats("weights", weights, shape),
        level,
    )


def effective_sample_size(weights: Floats) -> float:
    """Return (Σw)² / Σw² (Kish 1965), 0 where all weights are 0."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _mean(values: Floats, log: Log, weights: Floats, level: float) -> Estimate:
    value = float(values.mean())
    return _around(value, values - value, log, weights, level)


def _around(value: float, influence: Floats, log: Log, weights: Floats, level: float) -> Estimate:
    """Put an interval around a mean whose influence per decision is known."""
    _, cluster = np.unique(log.viewers, return_inverse=True)
    sums = np.bincount(cluster, influence)
    groups = len(sums)
    if groups > 1:
        variance = float(sums @ sums) * groups / (groups - 1) / len(influence) ** 2
        reach = float(student.ppf(0.5 + level / 2, groups - 1)) * variance**0.5
    else:
        reach = float("inf")
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        effective=effective_sample_size(weights),
        largest_weight=float(np.abs(weights).max()),
        decisions=len(influence),
        viewers=groups,
    )
