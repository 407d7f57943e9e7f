"""What every measure returns: the number, its interval, its null, and on how many it rests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from audits.metrics.groups import Viewers


class Verdict(StrEnum):
    WITHIN = "within margin"
    OUTSIDE = "outside margin"
    INSUFFICIENT = "insufficient evidence"


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Null:
    """What the estimate would be if the group made no difference: mean, 95 % range, draws."""

    mean: float
    low: float
    high: float
    draws: int


@dataclass(frozen=True)
class Measurement:
    """One estimate for one contrast.

    `interval` is the 95 % interval; `limits` the 90 % one that the equivalence test reads (two
    one-sided tests at 5 %); `centre` the value that means "no difference" (0, or ½ for an AUC).
    `interval`, `limits`, `null` and `p` are None where a group is too small to test.
    """

    estimate: float
    interval: Interval | None
    limits: Interval | None
    null: Null | None
    p: float | None
    viewers: Viewers
    centre: float = 0.0
    # The smallest effect that so many viewers would have shown (80 % power, 5 %).
    detectable: float | None = None

    @property
    def excess(self) -> float | None:
        """How far the estimate lies above what chance alone gives."""
        return None if self.null is None else self.estimate - self.null.mean

    def verdict(self, *, margin: float) -> Verdict:
        """Equivalence against `margin` around `centre`; never "within" for too little data."""
        if self.limits is None:
            return Verdict.INSUFFICIENT
        low, high = self.limits.low - self.centre, self.limits.high - self.centre
        if -margin < low and high < margin:
            return Verdict.WITHIN
        if low > margin or high < -margin:
            return Verdict.OUTSIDE
        return Verdict.INSUFFICIENT
