"""The basis of the fit, in which the units and the rotation of the viewer vector do not matter.

In it, the viewer vector has mean 0, and variance 1 in every direction, over the decisions learnt
from, each counted by its information p(1 − p). The match has a mean square of 1. A prior that is
the same for all directions there is one prior for all bases that the vector may come in: Zellner's
(1986), centred. So under x → A x + b with an invertible A the fit gives the same scores.

Inner steps of the fit: nothing is checked.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import Floats
from personalization.bandit.statistics import Statistics

# A direction in which viewers differ by less than a thousandth of a standard deviation of its
# numbers is none: shares that add up to one do not differ in their sum, but for rounding.
DISTINCT = 1e-6
CONSTANT = 1e-12  # a variance below this share of the mean square is rounding
AT_ONCE = 256  # artworks whose sums are changed together, so that little memory is used


@dataclass(frozen=True)
class Basis:
    """Rows w of the fit, seen as change · w.

    Attributes:
        change: (R + 2 + C, W) from [1, x_v, match, controls] to [1, R directions, match, controls].
        context: d, the length of x_v.
    """

    change: Floats
    context: int

    @property
    def directions(self) -> int:
        """R, in how many directions viewers differ: at most d."""
        rows, width = self.change.shape
        return int(rows) - int(width) + self.context

    @property
    def width(self) -> int:
        """Length of z in this basis: R + 2."""
        return self.directions + 2

    def seen(self, statistics: Statistics) -> Statistics:
        """Return the sums in this basis.

        Args:
            statistics: of A artworks and rows of width W.

        Returns:
            sums of width R + 2 + C; their moments are zero, because squares cannot be changed
            number by number.
        """
        width = len(self.change)
        products = np.empty((len(statistics.artwork_ids), width, width))
        for begin in range(0, len(products), AT_ONCE):
            some = slice(begin, begin + AT_ONCE)
            products[some] = self.change @ statistics.ww[some] @ self.change.T
        return Statistics(
            statistics.artwork_ids,
            statistics.n,
            statistics.r,
            statistics.rw @ self.change.T,
            products,
            np.zeros((2, width)),
        )

    def back(self, effects: Floats) -> Floats:
        """Return effects on z = [1, x_v, match] from effects on z in this basis.

        Args:
            effects: (…, R + 2).

        Returns:
            (…, d + 2), which give the same scores.
        """
        return np.asarray(effects @ self.change[: self.width, : self.context + 2])


def basis_of(statistics: Statistics, context: int) -> Basis:
    """Return the basis in which these decisions' viewers are white.

    Args:
        statistics: of rows [1, x_v, match, controls]. Without decisions, viewers differ in no
            direction.
        context: d, the length of x_v.
    """
    total = statistics.ww.sum(axis=0)
    width, places = len(total), slice(1, 1 + context)
    weight = total[0, 0] if total[0, 0] > 0 else 1.0
    mean = total[0, places] / weight
    white = _whitening(total[places, places] / weight, mean)
    many = len(white)
    change = np.zeros((width - context + many, width))
    change[0, 0] = 1.0
    change[1 : 1 + many, places] = white
    change[1 : 1 + many, 0] = -white @ mean
    square = total[1 + context, 1 + context] / weight
    change[1 + many, 1 + context] = 1.0 / np.sqrt(square) if square > 0 else 0.0
    controls = np.arange(width - context - 2)
    change[2 + many + controls, 2 + context + controls] = 1.0
    return Basis(change, context)


def _whitening(squares: Floats, mean: Floats) -> Floats:
    """Return K with K · (squares − mean · meanᵀ) · Kᵀ = 1: (R, d), where R is the rank."""
    covariance = squares - np.outer(mean, mean)
    variance = np.diagonal(covariance)
    # What is left of a constant number is rounding.
    varies = variance > CONSTANT * np.diagonal(squares)
    scale = np.divide(1.0, np.sqrt(variance, where=varies, out=np.ones_like(variance)))
    scale *= varies
    # On the scale of correlations, numbers of very different units keep their digits.
    variances, directions = np.linalg.eigh(covariance * scale * scale[:, None])
    distinct = variances > DISTINCT
    return np.asarray((directions[:, distinct] / np.sqrt(variances[distinct])).T * scale)
