"""Measure 6: what the policy is worth to each group, off-policy, the viewer being the unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.differences import mean_difference
from audits.metrics.groups import MINIMUM_TO_TEST, Contrast
from audits.metrics.inference import percentile_interval
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import Bools, CannotMeasure, Floats, Ints, floats, integers
from audits.metrics.resampling import Resampling, bootstrap_counts

_NOTHING = 1e-12  # a sum of weights that counts as none
ALL_THE_SAME = (
    "Every decision earned the same, so that the rewards do not show how far chance moves them."
)


class Estimator(StrEnum):
    """How logged decisions of another policy are weighed: importance sampling (IPS), the same
    with weights that add up to one (SNIPS), or doubly robust (DR)."""

    IPS = "ips"
    SNIPS = "snips"
    DR = "dr"


@dataclass(frozen=True)
class Level:
    """One side's value per decision, and how far its importance weights can be trusted.

    Attributes:
        estimate: quality plays per decision.
        interval: its 95 % interval; None where fewer than 30 viewers have a decision that the
            policy could have made, or all earned the same and so show no spread.
        viewers, decisions: how many there are.
        effective_sample_size: (Σ w)² / Σ w², 0 where every weight is 0 (Kish 1965).
        largest_weight: the largest importance weight.
    """

    estimate: float
    interval: Interval | None
    viewers: int
    decisions: int
    effective_sample_size: float
    largest_weight: float


@dataclass(frozen=True)
class GroupValue:
    """The two sides' values and their difference, group minus rest."""

    group: Level
    rest: Level
    difference: Measurement


def policy_value(
    *,
    viewers: ArrayLike,
    weights: ArrayLike,
    rewards: ArrayLike | None,
    contrast: Contrast,
    resampling: Resampling,
    estimator: Estimator = Estimator.SNIPS,
    scores: ArrayLike | None = None,
) -> GroupValue:
    """Estimate the target policy's value for a group and the rest from N logged decisions.

    A side's value is Σ value / Σ decisions (IPS, DR) or Σ w r / Σ w (SNIPS).  The viewers are the
    clusters of its interval.  Viewers without a decision count for nothing.  Viewers whose
    weights are all 0 made no decision that the target policy could have made, so they do not
    count towards the floor of 30 viewers a side.  Where all rewards are the same, as where nobody
    played anything, nothing is tested.

    Args:
        viewers: (N,) the row of the panel of each decision's viewer.
        weights: (N,) π(a)/p(a) of the artwork shown, 0 or more.
        rewards: (N,) in [0, 1]; None where `scores` say what two policies differ by.
        contrast: the group against the rest, over the panel's V viewers.
        resampling: strata, seeds, and how many shuffles and draws.
        estimator: how decisions are weighed.
        scores: (N,) doubly robust values of the decisions; needed by DR, and only by it.

    Returns:
        Both sides' values, and their difference with a two-sided p-value.

    Raises:
        CannotMeasure: by the argument's name; a side without a decision, or (SNIPS) without a
            weight above 0.

    Source: Horvitz & Thompson 1952 (IPS); Swaminathan & Joachims 2015 (SNIPS); Dudík, Langford &
        Li 2011 (DR).
    """
    owners = integers("viewers", viewers, shape=(None,))
    size = len(contrast.declared)
    if not len(owners) or (owners < 0).any() or (owners >= size).any():
        raise CannotMeasure("viewers", f"must hold rows of the panel, 0 to {size - 1}")
    importance = _importance(weights, owners)
    values, counts = _parts(estimator, importance, rewards, scores, owners)
    log = _Log(owners, importance, values, counts, size)
    contrast = contrast.among(log.decisions > 0)
    group, rest = (log.level(side, resampling) for side in (contrast.members, contrast.rest))
    difference = mean_difference(
        values=log.values,
        exposures=log.counts,
        evidence=log.evidence,
        contrast=contrast,
        resampling=resampling,
    )
    counted = contrast.declared[owners] & (importance > 0)
    drawn = [np.asarray(each)[counted] for each in (rewards, scores) if each is not None]
    if rewards is not None and not difference.untested and all(map(_same, drawn)):
        difference = Measurement.without_test(difference.estimate, difference.viewers, ALL_THE_SAME)
    return GroupValue(group, rest, difference)


def _same(values: Floats) -> bool:
    return bool(np.ptp(values) == 0)


def _importance(weights: ArrayLike, owners: Ints) -> Floats:
    importance = floats("weights", weights, shape=owners.shape)
    if (importance < 0).any():
        raise CannotMeasure("weights", "must not be negative")
    return importance


def _parts(
    estimator: Estimator,
    importance: Floats,
    rewards: ArrayLike | None,
    scores: ArrayLike | None,
    owners: Ints,
) -> tuple[Floats, Floats]:
    """(N,) what each decision adds above and below the fraction bar."""
    given = np.zeros(len(owners)) if rewards is None else rewards
    earned = floats("rewards", given, shape=owners.shape)
    if ((earned < 0) | (earned > 1)).any():
        raise CannotMeasure("rewards", "must lie between 0 and 1")
    if (estimator is Estimator.DR) != (scores is not None):
        raise CannotMeasure("scores", "belong to the doubly robust estimator, and only to it")
    if scores is not None:
        return floats("scores", scores, shape=owners.shape), np.ones(len(owners))
    below = importance if estimator is Estimator.SNIPS else np.ones(len(owners))
    return importance * earned, below


class _Log:
    """The logged decisions, summed for each of the panel's V viewers."""

    def __init__(
        self, owners: Ints, importance: Floats, values: Floats, counts: Floats, size: int
    ) -> None:
        self.owners = owners
        self.importance = importance
        self.decisions = np.bincount(owners, minlength=size)
        self.evidence: Bools = np.bincount(owners, importance > 0, minlength=size) > 0
        self.values = np.bincount(owners, values, minlength=size).astype(np.float64)
        self.counts = np.bincount(owners, counts, minlength=size).astype(np.float64)

    def level(self, side: Bools, resampling: Resampling) -> Level:
        """Return the value of the viewers on one side (V,), all of whom have a decision."""
        if not side.any():
            raise CannotMeasure("viewers", "leave one side without a decision")
        above, below = self.values[side], self.counts[side]
        if below.sum() <= _NOTHING:
            raise CannotMeasure("weights", "leave one side without a decision that counts")
        interval = None
        if int((side & self.evidence).sum()) >= MINIMUM_TO_TEST:
            drawn = bootstrap_counts(seeds=resampling.seeds[side], draws=resampling.draws)
            earned = (drawn @ above) / np.maximum(drawn @ below, _NOTHING)
            if np.ptp(earned) > _NOTHING:
                interval = percentile_interval(earned)
        trust = self.importance[side[self.owners]]
        largest = float(trust.max())
        scaled = trust / largest if largest > 0 else trust
        return Level(
            estimate=float(above.sum() / below.sum()),
            interval=interval,
            viewers=len(above),
            decisions=len(trust),
            effective_sample_size=_effective(scaled),
            largest_weight=largest,
        )


def _effective(scaled: Floats) -> float:
    """Kish's effective sample size of weights whose largest is 1; 0 where all are 0."""
    squares = float((scaled**2).sum())
    return float(scaled.sum()) ** 2 / squares if squares > 0 else 0.0
