"""Measure 2: can a group be told from the artwork probabilities alone?

Area under the curve (AUC) of predicting g from e(v,·,·), out of fold, by two attackers, each with
the same attack on the raw history as its ceiling and label shuffles that run the whole pipeline
as its floor.  All fitting, components and penalty choice included, sees training folds only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.attack import (
    CHANCE,
    FULL,
    QUICK,
    Attack,
    Attacker,
    Effort,
    attack,
    resampled_auc,
)
from audits.metrics.groups import Contrast
from audits.metrics.inference import null_of, percentile_interval, permutation_p
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import floats

__all__ = [
    "FULL",
    "QUICK",
    "Attack",
    "Attacker",
    "Effort",
    "Leakage",
    "Retention",
    "attack",
    "leakage",
    "logged_leakage",
    "retention",
]


@dataclass(frozen=True)
class Retention:
    """R = (AUC_served − ½)/(AUC_history − ½).

    Both are None where the history itself does not tell the groups apart (its 95 % interval
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
    found = []
    for attacker in Attacker:
        on_served, on_history = (
            attack(
                features=features,
                contrast=contrast,
                strata=strata,
                attacker=attacker,
                seed=seed,
                effort=effort,
            )
            for features in (served, history)
        )
        kept = retention(
            served=on_served, history=on_history, contrast=contrast, seed=seed, draws=effort.draws
        )
        found.append(Leakage(attacker, on_served, on_history, kept))
    return tuple(found)


def retention(
    *, served: Attack, history: Attack, contrast: Contrast, seed: int, draws: int
) -> Retention:
    """R with its interval, the same viewers drawn for both attacks."""
    ceiling = history.measurement
    if ceiling.interval is None or ceiling.interval.low <= CHANCE:
        return Retention(None, None)
    rows = np.flatnonzero(np.isfinite(served.placements))
    members = contrast.members[rows]
    above, below = (
        resampled_auc(
            auc=one.measurement.estimate,
            placed=one.placements[rows],
            members=members,
            draws=draws,
            seed=seed,
        )
        - CHANCE
        for one in (served, history)
    )
    estimate = (served.measurement.estimate - CHANCE) / (ceiling.estimate - CHANCE)
    # A draw whose ceiling is at chance would divide by nothing: it counts as a very high share.
    return Retention(estimate, percentile_interval(above / np.maximum(below, 1e-3)))


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

    artworks (V, A) and titles (V, T): impressions of each.  One-sided p-value: do the artworks say
    more than the titles already do?
    """
    seen = floats("titles", titles, shape=(None, None))
    both = np.hstack([floats("artworks", artworks, shape=(len(seen), None)), seen])
    more, base = (
        attack(
            features=features,
            contrast=contrast,
            strata=strata,
            attacker=Attacker.LINEAR,
            seed=seed,
            effort=effort,
        )
        for features in (both, seen)
    )
    estimate = more.measurement.estimate - base.measurement.estimate
    viewers = more.measurement.viewers
    if not viewers.testable:
        return Measurement(estimate, None, None, None, None, viewers)
    rows = np.flatnonzero(np.isfinite(more.placements))
    resampled = resampled_auc(
        auc=estimate,
        placed=more.placements[rows] - base.placements[rows],
        members=contrast.members[rows],
        draws=effort.draws,
        seed=seed,
    )
    null = more.null_draws - base.null_draws
    return Measurement(
        estimate=estimate,
        interval=percentile_interval(resampled),
        limits=percentile_interval(resampled, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=estimate, null=null),
        viewers=viewers,
    )
