"""Measure 6: what the policy is worth to each group, off-policy, the viewer being the unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.inference import BOOTSTRAP_DRAWS, PERMUTATIONS
from audits.metrics.measurement import Interval, Measurement


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
    """
    raise NotImplementedError
