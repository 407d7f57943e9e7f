"""Measure 6: what the policy is worth to each group, off-policy, the viewer being the unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.differences import mean_difference
from audits.metrics.groups import MINIMUM_TO_TEST, Contrast
from audits.metrics.inference import (
    BOOTSTRAP_DRAWS,
    PERMUTATIONS,
    bootstrap_counts,
    percentile_interval,
)
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import Bools, Floats, Ints, Refused, floats, integers


class Estimator(StrEnum):
    IPS = "ips"
    SNIPS = "snips"
    DR = "dr"


@dataclass(frozen=True)
class Level:
    """One side's value per decision, with how far its importance weights can be trusted."""

    estimate: float
    interval: Interval | None
    viewers: int
    decisions: int
    effective_sample_size: float
    largest_weight: float


@dataclass(frozen=True)
class GroupValue:
    """The two sides' values and their difference (group minus rest)."""

    group: Level
    rest: Level
    difference: Measurement


def policy_value(
    *,
    viewers: ArrayLike,
    weights: ArrayLike,
    rewards: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    estimator: Estimator = Estimator.SNIPS,
    scores: ArrayLike | None = None,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> GroupValue:
    """Value of the target policy by group from N logged decisions.

    viewers (N,): row of the panel; weights (N,): π(a)/p(a) of the artwork shown; rewards (N,) in
    [0, 1]; scores (N,): per-decision doubly robust values, needed by (and only by) `DR`.

    A side's value is Σ value / Σ decisions (IPS, DR) or Σ w r / Σ w (SNIPS); the viewers are the
    clusters of its interval.  Viewers without a decision count for nothing.
    """
    owners = integers("viewers", viewers, shape=(None,))
    size = len(contrast.declared)
    if not len(owners) or (owners < 0).any() or (owners >= size).any():
        raise Refused("viewers", f"must hold rows of the panel, 0 to {size - 1}")
    importance = _importance(weights, owners)
    values, counts = _parts(estimator, importance, rewards, scores, owners)
    sums: Floats = np.bincount(owners, values, minlength=size).astype(np.float64)
    exposures: Floats = np.bincount(owners, counts, minlength=size).astype(np.float64)
    sides = []
    for side, part in enumerate((contrast.members, contrast.declared & ~contrast.members)):
        trust = importance[part[owners]]
        sides.append(_level(sums, exposures, part, owners, trust, seed + side, draws))
    difference = mean_difference(
        values=sums,
        exposures=exposures,
        contrast=contrast,
        strata=strata,
        seed=seed,
        permutations=permutations,
        draws=draws,
    )
    return GroupValue(sides[0], sides[1], difference)


def _importance(weights: ArrayLike, owners: Ints) -> Floats:
    importance = floats("weights", weights, shape=owners.shape)
    if (importance < 0).any():
        raise Refused("weights", "must not be negative")
    return importance


def _parts(
    estimator: Estimator,
    importance: Floats,
    rewards: ArrayLike,
    scores: ArrayLike | None,
    owners: Ints,
) -> tuple[Floats, Floats]:
    """(N,) what each decision adds above and below the fraction bar."""
    earned = floats("rewards", rewards, shape=owners.shape)
    if ((earned < 0) | (earned > 1)).any():
        raise Refused("rewards", "must lie between 0 and 1")
    if (estimator is Estimator.DR) != (scores is not None):
        raise Refused("scores", "belong to the doubly robust estimator, and only to it")
    if scores is not None:
        return floats("scores", scores, shape=owners.shape), np.ones(len(owners))
    below = importance if estimator is Estimator.SNIPS else np.ones(len(owners))
    return importance * earned, below


def _level(
    sums: Floats,
    exposures: Floats,
    part: Bools,
    owners: Ints,
    trust: Floats,
    seed: int,
    draws: int,
) -> Level:
    seen = part & (np.bincount(owners, minlength=len(part)) > 0)
    above, below = sums[seen], exposures[seen]
    if below.sum() <= 0:
        raise Refused("weights", "leave one side without a decision that counts")
    interval = None
    if len(above) >= MINIMUM_TO_TEST:
        drawn = bootstrap_counts(size=len(above), draws=draws, seed=seed)
        interval = percentile_interval((drawn @ above) / np.maximum(drawn @ below, 1e-12))
    return Level(
        estimate=float(above.sum() / below.sum()),
        interval=interval,
        viewers=int(seen.sum()),
        decisions=len(trust),
        effective_sample_size=float(trust.sum() ** 2 / (trust**2).sum()),
        largest_weight=float(trust.max()),
    )
