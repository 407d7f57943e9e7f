"""Measure 2: can a group be told from the artwork probabilities alone?

Area under the curve (AUC) of predicting g from e(v,·,·), out of fold, by two attackers, each with
the same attack on the raw history as its ceiling and label shuffles that run the whole pipeline
as its floor.  All fitting, components and penalty choice included, sees training folds only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import Floats


class Attacker(StrEnum):
    LINEAR = "linear"
    BOOSTED = "boosted"


@dataclass(frozen=True)
class Effort:
    """How hard an attack tries.  Estimate and null always use the same."""

    repeats: int
    shuffles: int
    boosted_repeats: int
    boosted_shuffles: int
    folds: int = 5
    components: int = 512  # the linear attacker's, at most
    boosted_components: int = 24
    rounds: int = 40
    draws: int = 2_000


FULL = Effort(repeats=5, shuffles=999, boosted_repeats=2, boosted_shuffles=199)
QUICK = Effort(repeats=2, shuffles=199, boosted_repeats=1, boosted_shuffles=99)


@dataclass(frozen=True)
class StratumAuc:
    """AUC among the viewers of one history-length stratum; no test under 30 a group (None)."""

    stratum: int
    auc: float | None
    null_mean: float | None
    p: float | None
    group: int
    rest: int


@dataclass(frozen=True)
class Attack:
    """One attacker on one matrix.

    `placements` (V,): for each declared viewer, how often they were ranked on the right side of
    the other side's viewers, out of fold; NaN for undeclared.  Their group means give the AUC.
    """

    attacker: Attacker
    measurement: Measurement  # centre ½
    strata: tuple[StratumAuc, ...]
    placements: Floats
    null_draws: Floats


@dataclass(frozen=True)
class Retention:
    """R = (AUC_served − ½)/(AUC_history − ½).

    `estimate` is None where the history itself does not tell the groups apart (its 95 % interval
    reaches ½): a share of nothing says nothing.
    """

    estimate: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Leakage:
    """One attacker's three numbers: served, history (the ceiling), and what is retained."""

    attacker: Attacker
    served: Attack
    history: Attack
    retention: Retention


def attack(
    *,
    features: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    attacker: Attacker,
    seed: int,
    effort: Effort = FULL,
) -> Attack:
    """AUC of telling the group from `features` (V, P), with its null and per history stratum."""
    raise NotImplementedError


def leakage(
    *,
    served: ArrayLike,
    history: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    effort: Effort = FULL,
) -> tuple[Leakage, ...]:
    """Both attackers on what is served (V, A) and on the raw history (V, H).

    served: e(v,·,·) over the slate; history: one column a title (1 watched, 0 not, or any weight).
    """
    raise NotImplementedError


def logged_leakage(
    *,
    artworks: ArrayLike,
    titles: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    effort: Effort = FULL,
) -> Measurement:
    """On logged data: AUC(titles and artworks) − AUC(titles only), by the linear attacker.

    artworks (V, A) and titles (V, T): impressions of each.
    """
    raise NotImplementedError
