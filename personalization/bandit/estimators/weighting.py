"""Estimators that only weight what was earned: no reward model, no bias from one."""

import numpy as np

from personalization.bandit.arrays import Floats
from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.log import Log


def ips(log: Log, target: Floats) -> Contributions:
    """Weight by inverse propensity: mean(w r) (Horvitz and Thompson 1952). Unbiased.

    Args:
        target: (N,) the policy's probability of what was shown.
    """
    return Contributions(plain=ips_values(log, target), weights=log.weights(target))


def snips(log: Log, target: Floats) -> Contributions:
    """Normalise by the weights' own mean: Σ w r / Σ w (Swaminathan and Joachims 2015).

    Consistent, of less variance than IPS, never outside the range of rewards.
    Raises BadInput if the policy could have shown nothing that was shown.
    """
    weights = log.weights(target)
    return Contributions(plain=np.zeros(len(log)), weights=weights, corrected=weights * log.rewards)


def ips_values(log: Log, target: Floats) -> Floats:
    """Return w·r per decision: (N,)."""
    return log.weights(target) * log.rewards
