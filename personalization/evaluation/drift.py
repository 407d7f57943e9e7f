"""How far the viewers of the unseen days are from those of the newest training days.

Each number of the viewer vector is compared by itself: the shift of its mean, in standard
deviations on the training days (a standardised mean difference; Austin 2009). Both sides weight a
viewer by their decisions, as the fit and the estimates do. As many training days are compared as
there are unseen days, and not all of them: on every young site histories grow, and tastes change
with the seasons. Only a jump should stop a night.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import Floats
from personalization.bandit.statistics import Statistics
from personalization.evaluation.report import Shift

# The least standard deviation that is used. A share that nearly nobody has would otherwise show a
# large shift as soon as one viewer has it.
LEAST_SPREAD = 0.02


@dataclass(frozen=True)
class Moments:
    """Sums over decisions: how many, Σ x and Σ x² of the viewer vector, (d,)."""

    count: float
    sums: Floats
    squares: Floats

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(
            self.count + other.count, self.sums + other.sums, self.squares + other.squares
        )

    def less(self, older: "Moments", share: float) -> "Moments":
        """Return these sums without `share` of older ones that are part of them."""
        return Moments(
            self.count - share * older.count,
            self.sums - share * older.sums,
            self.squares - share * older.squares,
        )

    @property
    def mean(self) -> Floats:
        return self.sums / max(self.count, 1e-300)

    @property
    def deviation(self) -> Floats:
        variance = self.squares / max(self.count, 1e-300) - self.mean**2
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)), np.float64)


def moments_of(vectors: Floats) -> Moments:
    """Return the moments of (N, d) vectors."""
    return Moments(float(len(vectors)), vectors.sum(axis=0), (vectors**2).sum(axis=0))


def moments_learnt(statistics: Statistics, width: int) -> Moments:
    """Return the moments that the fit's own sums hold: rows w begin with [1, x_v]."""
    vector = slice(1, 1 + width)
    sums, squares = statistics.moments
    return Moments(float(sums[0]), sums[vector], squares[vector])


def drift(learnt: Moments, unseen: Moments, names: tuple[str, ...]) -> Shift:
    """Return the furthest shift among the numbers called `names`."""
    spread = np.maximum(learnt.deviation, LEAST_SPREAD)
    shifts = (unseen.mean - learnt.mean) / spread
    worst = int(np.abs(shifts).argmax())
    return Shift(names[worst], float(shifts[worst]))
