"""What every measure returns: the number, its interval, its null, and how many it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from audits.metrics.groups import Viewers
from audits.metrics.refusals import LARGEST, CannotMeasure


class MarginVerdict(StrEnum):
    """What an estimate says about a margin that was set before the run."""

    WITHIN = "within margin"
    OUTSIDE = "outside margin"
    INSUFFICIENT = "insufficient evidence"
    NOT_MEASURABLE = "not measurable here"


@dataclass(frozen=True)
class Interval:
    """The ends of an interval, on the estimate's own scale."""

    low: float
    high: float


@dataclass(frozen=True)
class Null:
    """What the estimate would be if the group made no difference.

    Attributes:
        mean: of the draws.
        low, high: their central 95 %.
        draws: how many shuffles it comes from.
    """

    mean: float
    low: float
    high: float
    draws: int


@dataclass(frozen=True)
class Measurement:
    """One estimate for one contrast.

    Attributes:
        estimate: the number.
        interval: its 95 % interval.
        limits: its 90 % interval, for the equivalence test (two one-sided tests at 5 %).
        null: the estimate under shuffled labels.
        p: its p-value.
        viewers: how many viewers with data it rests on.
        centre: the value that means "no difference": 0, or ½ for an AUC.
        detectable: the smallest effect that so many viewers would show (80 % power, 5 %); None
            where none would.
        untested: why there is no test; then interval, limits, null, p and detectable are None.
        settled: whether it is untested because the number could not have been another, whatever
            the policy; then more viewers would not help.
    """

    estimate: float
    interval: Interval | None
    limits: Interval | None
    null: Null | None
    p: float | None
    viewers: Viewers
    centre: float = 0.0
    detectable: float | None = None
    untested: str = ""
    settled: bool = False

    @classmethod
    def without_test(
        cls, estimate: float, viewers: Viewers, why: str, *, centre: float = 0.0
    ) -> Measurement:
        """Return an estimate that cannot be tested, with the reason in words."""
        return cls(estimate, None, None, None, None, viewers, centre, untested=why)

    @classmethod
    def not_measurable(cls, estimate: float, viewers: Viewers, why: str) -> Measurement:
        """Return an estimate that no policy could have changed, with the reason in words."""
        return cls(estimate, None, None, None, None, viewers, untested=why, settled=True)

    @property
    def excess(self) -> float | None:
        """How far the estimate lies above what chance alone gives; None without a null."""
        return None if self.null is None else self.estimate - self.null.mean

    def verdict(self, *, margin: float) -> MarginVerdict:
        """Test equivalence against a margin around `centre`.

        Args:
            margin: how far from `centre` still counts as no difference that matters; above 0.

        Returns:
            WITHIN if the 90 % interval lies inside the margin, OUTSIDE if it lies beyond, and
            INSUFFICIENT otherwise, and always where nothing was tested; NOT_MEASURABLE where the
            number could not have been another.

        Raises:
            CannotMeasure: `margin` is not a positive number.

        Source: Schuirmann 1987, two one-sided tests.
        """
        if not 0 < margin <= LARGEST:
            raise CannotMeasure("margin", "must be a positive number")
        if self.settled:
            return MarginVerdict.NOT_MEASURABLE
        if self.limits is None:
            return MarginVerdict.INSUFFICIENT
        low, high = self.limits.low - self.centre, self.limits.high - self.centre
        if -margin < low and high < margin:
            return MarginVerdict.WITHIN
        if low > margin or high < -margin:
            return MarginVerdict.OUTSIDE
        return MarginVerdict.INSUFFICIENT
