"""What an estimated squared distance varies by, and what follows: intervals, power, viewers needed.

With Z the error of the difference of two means, an estimate of Q is Q + 2 √Q u·Z + (|Z|² − E|Z|²),
u the direction of the difference.  Bootstrap draws of Z give its distribution for every Q, and an
interval holds every Q under which the estimate that was made is no surprise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import MINIMUM_TO_TEST, Viewers
from audits.metrics.inference import POWER
from audits.metrics.measurement import Interval
from audits.metrics.refusals import LARGEST, CannotMeasure, Floats, floats

_HALVINGS = 60
_LEVEL = 0.05  # of each of the two one-sided tests behind a verdict


def signed_root(squares: ArrayLike) -> Floats:
    """Take roots of squares whose estimates can lie below 0.

    Args:
        squares: any shape; estimates of squared distances.

    Returns:
        √s, and −√−s below 0, in the same shape.

    Raises:
        CannotMeasure: a value is no finite number.
    """
    values = np.asarray(squares)
    values = floats("squares", values, shape=(None,) * values.ndim)
    roots: Floats = np.sign(values) * np.sqrt(np.abs(values))
    return roots


@dataclass(frozen=True, eq=False)
class Noise:
    """The error of a squared distance in each of B draws of the viewers.

    Attributes:
        along: (B,) the error of the means in the direction of the estimated difference.
        widest: (B,) the same in the direction in which it varies most.  This is assumed while
            the estimate does not stand out from chance, because then its direction is chance's.
        around: (B,) the squared error of the means, less its mean.
        offset: that mean: the variance of the means, which was removed from the estimate.
        viewers: how many viewers it comes from.

    Raises:
        CannotMeasure: the three do not have one length.
    """

    along: Floats
    widest: Floats
    around: Floats
    offset: float
    viewers: Viewers

    def __post_init__(self) -> None:
        shape = (len(self.around),)
        for field in ("along", "widest", "around"):
            floats(field, getattr(self, field), shape=shape)

    def interval(self, square: float, *, confidence: float) -> Interval:
        """Find every distance under which the estimate is no surprise.

        Args:
            square: the estimate of Q.
            confidence: between 0 and 1.

        Returns:
            Both ends as signed roots.

        Raises:
            CannotMeasure: `confidence` is out of range.
        """
        return self._interval(square, confidence, self._direction(square))

    def limits(self, square: float, *, confidence: float) -> Interval:
        """Find an interval that holds wherever the difference points, for a verdict.

        Args:
            square: the estimate of Q.
            confidence: between 0 and 1.

        Returns:
            Both ends as roots, 0 or more: a true distance is never negative.

        Raises:
            CannotMeasure: `confidence` is out of range.
        """
        found = self._interval(square, confidence, self.widest)
        return Interval(max(0.0, found.low), max(0.0, found.high))

    def detectable(self) -> float | None:
        """Find the smallest distance that so many viewers would show four times in five.

        Returns:
            The distance (one-sided 5 %); None where nothing varies, because then no distance can
            be shown at all.
        """
        if not np.any(self.around):
            return None
        threshold = float(np.quantile(self.around, 1 - _LEVEL))
        return float(signed_root(self._inverse(threshold, 1 - POWER, self.widest)))

    def viewers_needed(self, *, margin: float) -> Viewers:
        """Compute how many viewers find "within margin" four times in five without a difference.

        Args:
            margin: the margin on the root, above 0.

        Returns:
            The viewers of each side, both in today's proportion and at least 30.

        Raises:
            CannotMeasure: `margin` is not a positive number.
        """
        if not 0 < margin <= LARGEST:
            raise CannotMeasure("margin", "must be a positive number")
        fewer, more = 1e-6, 1e6  # viewers in multiples of today's
        for _ in range(_HALVINGS):
            middle = math.sqrt(fewer * more)
            if self._suffice(margin, middle):
                more = middle
            else:
                fewer = middle
        smaller = min(self.viewers.group, self.viewers.rest)
        times = max(more, MINIMUM_TO_TEST / smaller)
        group, rest = (
            math.ceil(round(times * side, 6)) for side in (self.viewers.group, self.viewers.rest)
        )
        return Viewers(group, rest, self.viewers.undeclared)

    def _suffice(self, margin: float, times: float) -> bool:
        """Would `times` as many viewers say "within" with a power of 80 %?"""
        around, widest = self.around / times, self.widest / math.sqrt(times)
        at_margin = margin**2 + _quantile(2 * margin * widest, around, _LEVEL)
        return bool(np.quantile(around, POWER) < at_margin)

    def _direction(self, square: float) -> Floats:
        """(B,) the error of the means in the direction that the difference has."""
        if square <= np.quantile(self.around, 1 - _LEVEL):
            return self.widest
        spread, most = float(self.along.var()), float(self.widest.var())
        # The estimated direction is partly chance's, which varies by Σλ² / Σλ: take that out.
        total = spread * (square + self.offset) - float(self.around.var()) / 2
        variance = min(max(total / square, 0.0), most)
        scaled: Floats = self.along * math.sqrt(variance / spread) if spread else self.along
        return scaled

    def _interval(self, square: float, confidence: float, along: Floats) -> Interval:
        if not 0 < confidence < 1:
            raise CannotMeasure("confidence", "must lie between 0 and 1")
        tail = (1 - confidence) / 2
        ends = [self._inverse(square, share, along) for share in (1 - tail, tail)]
        low, high = signed_root(ends)
        return Interval(float(low), float(high))

    def _inverse(self, square: float, share: float, along: Floats) -> float:
        """Find the Q whose estimates lie below `square` in this share of draws."""
        at_zero = square - float(np.quantile(self.around, share))
        if at_zero <= 0:
            return at_zero
        low, high = 0.0, max(2 * square, at_zero)
        while _at(high, along, self.around, share) < square:
            high *= 2
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if _at(middle, along, self.around, share) < square:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def _at(square: float, along: Floats, around: Floats, share: float) -> float:
    """Return the quantile of the estimates where Q is `square`."""
    return square + _quantile(2 * math.sqrt(square) * along, around, share)


def _quantile(moved: Floats, around: Floats, share: float) -> float:
    """Take a quantile of the draws and of their mirror images: errors have no direction."""
    return float(np.quantile(np.concatenate([around + moved, around - moved]), share))
