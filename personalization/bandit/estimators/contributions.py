"""What each decision contributes to an estimate: the form that all estimators share."""

from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import Floats, floats
from personalization.bandit.errors import BadInput


@dataclass(frozen=True)
class Contributions:
    """Contributions of N decisions to a mean, or to a mean and a ratio of means.

    value = mean(plain) + mean(corrected) / mean(weights), the last term only where an estimator
    normalises by its own weights.

    Attributes:
        plain: (N,) rewards, with N from 1.
        weights: (N,) importance weights, from 0. Every estimator has them, because an estimate is
            never shown without how much it relies on few decisions.
        corrected: (N,) rewards; None for an estimator that is a plain mean.

    Raises:
        BadInput: naming the array that is wrong, or if a ratio has weights of 0 only.
    """

    plain: Floats
    weights: Floats
    corrected: Floats | None = None

    def __post_init__(self) -> None:
        plain = floats("plain", self.plain, (None,))
        if not len(plain):
            raise BadInput("plain must not be empty")
        weights = floats("weights", self.weights, plain.shape)
        if weights.min() < 0:
            raise BadInput("weights must not be negative")
        if self.corrected is not None:
            object.__setattr__(self, "corrected", floats("corrected", self.corrected, plain.shape))
            if not weights.any():
                raise BadInput("target gives no probability to anything that was shown")
        object.__setattr__(self, "plain", plain)
        object.__setattr__(self, "weights", weights)

    @property
    def value(self) -> float:
        """The estimate, in rewards per decision."""
        return float(self.plain.mean()) + self._ratio

    @property
    def influence(self) -> Floats:
        """Each decision's first-order influence on the value: (N,), mean zero.

        For the ratio by the delta method (Owen 2013, section 2.7).
        """
        influence = np.asarray(self.plain - self.plain.mean(), np.float64)
        if self.corrected is None:
            return influence
        centred = self.corrected - self._ratio * self.weights
        return np.asarray(influence + centred / self.weights.mean(), np.float64)

    @property
    def _ratio(self) -> float:
        if self.corrected is None:
            return 0.0
        return float(self.corrected.sum() / self.weights.sum())
