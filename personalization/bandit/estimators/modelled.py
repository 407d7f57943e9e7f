"""Estimators with a reward model: it takes out variance, and the weights its bias.

The model must not have learnt from the decisions that it is used on; nor, where the
estimate leans on it (DM, switch-DR), from other decisions of the same viewer: see
`personalization.bandit.crossfit`.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import Floats, floats
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.log import Log

# A decision that would count for more than so many is left to the reward model.
THRESHOLD = 20.0


@dataclass(frozen=True)
class ModelledRewards:
    """What a reward model expects: of the policy, and of what was shown.

    Attributes:
        policy: (N,) Σ_a π(a) q(a) over each decision's eligible artworks.
        shown: (N,) q of what was shown.
    """

    policy: Floats
    shown: Floats

    def __post_init__(self) -> None:
        policy = floats("expected", self.policy, (None,))
        object.__setattr__(self, "policy", policy)
        object.__setattr__(self, "shown", floats("expected_shown", self.shown, policy.shape))


def dm(log: Log, target: Floats, expected: ModelledRewards) -> Contributions:
    """Believe the reward model: mean(Σ_a π(a) q(a)). Biased by whatever the model misses.

    Its interval holds the spread of viewers, not the model's error: it covers the
    truth only as far as the model is right. No gate may use it.
    """
    _check(log, expected)
    return Contributions(plain=expected.policy, weights=log.weights(target))


def dr(log: Log, target: Floats, expected: ModelledRewards) -> Contributions:
    """Correct the model by weighted residuals (Dudík, Langford and Li 2011). Unbiased."""
    return Contributions(
        plain=dr_values(log, target, expected.policy, expected.shown), weights=log.weights(target)
    )


def sndr(log: Log, target: Floats, expected: ModelledRewards) -> Contributions:
    """As DR, with the correction normalised by the weights: Σ w (r − q) / Σ w.

    (Robins, Sued, Lei-Gomez and Rotnitzky 2007; Thomas and Brunskill 2016.)
    Raises BadInput if the policy could have shown nothing that was shown.
    """
    _check(log, expected)
    weights = log.weights(target)
    residuals = weights * (log.rewards - expected.shown)
    return Contributions(plain=expected.policy, weights=weights, corrected=residuals)


def switch_dr(
    log: Log, target: Floats, expected: ModelledRewards, *, threshold: float = THRESHOLD
) -> Contributions:
    """As DR where a weight is at most `threshold`, the model alone where it is larger.

    (Wang, Agarwal and Dudík 2017.) Biased by what the model misses beyond the
    threshold; infinity gives DR, 0 gives DM. `choose_threshold` chooses by the data.
    """
    if not threshold >= 0:
        raise BadInput("threshold must be a number from 0")
    _check(log, expected)
    weights = log.weights(target)
    kept = np.where(weights <= threshold, weights, 0.0)
    return Contributions(
        plain=expected.policy + kept * (log.rewards - expected.shown),
        weights=weights,
    )


def dr_values(log: Log, target: Floats, expected: Floats, expected_shown: Floats) -> Floats:
    """Return doubly robust values per decision, (N,): Σ_a π(a) q(a) + w (r − q)."""
    found = ModelledRewards(expected, expected_shown)
    _check(log, found)
    return found.policy + log.weights(target) * (log.rewards - found.shown)


def _check(log: Log, expected: ModelledRewards) -> None:
    floats("expected", expected.policy, log.rewards.shape)
