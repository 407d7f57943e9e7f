"""The log of a policy: for each decision its reward, its propensity and its viewer."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from personalization.bandit.arrays import Floats, Ints, floats, ints
from personalization.bandit.errors import BadInput

ROUNDING = 1e-12  # by how much a sum of probabilities may pass one


@dataclass(frozen=True)
class DecisionLog:
    """One entry for each decision; validates itself.

    A decision that was seen ten times is one entry, because its picture was drawn once.

    Attributes:
        rewards: (N,) from 0 to 1.
        propensities: (N,) logged probability of what was shown, in (0, 1].
        viewers: (N,) a whole number for each decision's viewer: the clusters.

    Raises:
        BadInput: naming the array that is wrong, or if there are no decisions.
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

    def __len__(self) -> int:
        return len(self.rewards)

    @cached_property
    def clusters(self) -> Ints:
        """The viewers, numbered from 0 without gaps: (N,)."""
        return np.unique(self.viewers, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def groups(self) -> int:
        """How many viewers there are."""
        return int(self.clusters.max()) + 1

    def weights(self, target: Floats) -> Floats:
        """Return each decision's importance weight, π(shown) / logged propensity.

        Args:
            target: (N,) the policy's probability of what was shown.

        Returns:
            (N,) from 0.

        Raises:
            BadInput: if `target` holds no probabilities, or not one for each decision.
        """
        target = floats("target", target, self.rewards.shape)
        if target.min() < 0 or target.max() > 1 + ROUNDING:
            raise BadInput("target must hold probabilities")
        return target / self.propensities
