"""Estimators that only weight rewards: they need no reward model, and have no bias from one."""

import numpy as np

from personalization.bandit.arrays import Floats
from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.log import DecisionLog


def ips(log: DecisionLog, target: Floats) -> Contributions:
    """Weight by inverse propensity: mean(w r) (Horvitz and Thompson 1952). Unbiased.

    Args:
        log: of N decisions.
        target: (N,) the policy's probability of what was shown.

    Returns:
        what each decision contributes, in rewards.

    Raises:
        BadInput: if `target` makes no sense.
    """
    weights = log.weights(target)
    return Contributions(plain=weights * log.rewards, weights=weights)


def snips(log: DecisionLog, target: Floats) -> Contributions:
    """Normalise by the weights' own mean: Σ w r / Σ w (Swaminathan and Joachims 2015).

    Consistent, with less variance than IPS, and never outside the range of rewards.

    Args:
        log, target: as for `ips`.

    Returns:
        what each decision contributes, in rewards.

    Raises:
        BadInput: if `target` makes no sense, or is 0 for everything that was shown.
    """
    weights = log.weights(target)
    return Contributions(plain=np.zeros(len(log)), weights=weights, corrected=weights * log.rewards)
