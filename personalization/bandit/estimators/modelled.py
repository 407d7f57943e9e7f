"""Estimators with a reward model: the model removes variance, and the weights remove its bias.

The model must not have learnt from the decisions that it is used on. Where the estimate relies on
the model (DM, switch-DR), it must not have learnt from other decisions of the same viewer either:
see `personalization.bandit.crossfit`.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import Floats, floats
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.log import DecisionLog

# A decision that would count for more than this many is left to the reward model.
THRESHOLD = 20.0


@dataclass(frozen=True)
class ModelledRewards:
    """What a reward model q expects of N decisions.

    Attributes:
        policy: (N,) Σ_a π(a) q(a) over each decision's eligible artworks, in rewards.
        shown: (N,) q of what was shown.

    Raises:
        BadInput: if they differ in length, or are not finite.
    """

    policy: Floats
    shown: Floats

    def __post_init__(self) -> None:
        policy = floats("expected", self.policy, (None,))
        object.__setattr__(self, "policy", policy)
        object.__setattr__(self, "shown", floats("expected_shown", self.shown, policy.shape))


def dm(log: DecisionLog, target: Floats, expected: ModelledRewards) -> Contributions:
    """Take the reward model's word: mean(Σ_a π(a) q(a)). Biased by whatever the model misses.

    Its interval shows the spread of viewers and not the model's error, so it covers the truth only
    as far as the model is right. No gate may use it.

    Args:
        log: of N decisions.
        target: (N,) the policy's probability of what was shown.
        expected: by the reward model, of the same decisions.

    Returns:
        what each decision contributes, in rewards.

    Raises:
        BadInput: naming the array that is wrong.
    """
    _check(log, expected)
    return Contributions(plain=expected.policy, weights=log.weights(target))


def dr(log: DecisionLog, target: Floats, expected: ModelledRewards) -> Contributions:
    """Correct the model by weighted residuals (Dudík, Langford and Li 2011). Unbiased.

    Args:
        log, target, expected: as for `dm`.

    Returns:
        what each decision contributes, in rewards.

    Raises:
        BadInput: naming the array that is wrong.
    """
    return Contributions(
        plain=dr_values(log, target, expected.policy, expected.shown), weights=log.weights(target)
    )


def sndr(log: DecisionLog, target: Floats, expected: ModelledRewards) -> Contributions:
    """As DR, with the correction normalised by the weights: Σ w (r − q) / Σ w.

    (Robins, Sued, Lei-Gomez and Rotnitzky 2007; Thomas and Brunskill 2016.)

    Args:
        log, target, expected: as for `dm`.

    Returns:
        what each decision contributes, in rewards.

    Raises:
        BadInput: naming the array that is wrong, or if `target` is 0 for everything shown.
    """
    _check(log, expected)
    weights = log.weights(target)
    residuals = weights * (log.rewards - expected.shown)
    return Contributions(plain=expected.policy, weights=weights, corrected=residuals)


def switch_dr(
    log: DecisionLog, target: Floats, expected: ModelledRewards, *, threshold: float = THRESHOLD
) -> Contributions:
    """As DR where a weight is at most `threshold`, the model alone where it is larger.

    (Wang, Agarwal and Dudík 2017.) Biased by what the model misses beyond the threshold.
    `choose_threshold` chooses one by the data.

    Args:
        log, target, expected: as for `dm`.
        threshold: from 0, which gives DM, to infinity, which gives DR.

    Returns:
        what each decision contributes, in rewards.

    Raises:
        BadInput: naming the argument that is wrong.
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


def dr_values(log: DecisionLog, target: Floats, expected: Floats, expected_shown: Floats) -> Floats:
    """Return the doubly robust value of each decision: Σ_a π(a) q(a) + w (r − q).

    Args:
        log, target: as for `dm`.
        expected, expected_shown: (N,) as in `ModelledRewards`.

    Returns:
        (N,) rewards.

    Raises:
        BadInput: naming the array that is wrong.
    """
    rewards = ModelledRewards(expected, expected_shown)
    _check(log, rewards)
    return rewards.policy + log.weights(target) * (log.rewards - rewards.shown)


def _check(log: DecisionLog, expected: ModelledRewards) -> None:
    floats("expected", expected.policy, log.rewards.shape)
