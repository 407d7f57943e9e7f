"""Measure 2: can a group be told from the artwork probabilities alone?

The number is the area under the curve (AUC) of predicting g from e(v,·,·), out of fold, by two
attackers.  The same attack on the raw history is its ceiling, and label shuffles that run the
whole pipeline are its floor.  All fitting, with components and penalty, sees training folds only.
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
from audits.metrics.chances import checked_seeds
from audits.metrics.groups import Contrast
from audits.metrics.inference import null_of, percentile_interval, permutation_p
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import CannotMeasure, floats

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
    """R = (AUC_served − ½)/(AUC_history − ½), and its 95 % interval.

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
    seeds: ArrayLike,
    effort: Effort = FULL,
) -> tuple[Leakage, ...]:
    """Run both attackers on what is served and on the raw history.

    Args:
        served: (V, A) e(v,·,·) over the slate.
        history: (V, H) one column a title: 1 watched, 0 not, or any weight.
        contrast: the group against the rest.
        strata: (V,) labels are shuffled within a stratum only.
        seeds: (V,) one whole number a viewer, 0 or more.
        effort: how hard the attackers try.

    Returns:
        One result for each attacker, the linear one first.

    Raises:
        CannotMeasure: by the argument's name; a side with fewer viewers than folds.
    """
    matrices = [
        floats(name, values, shape=(len(contrast.declared), None))
        for name, values in (("served", served), ("history", history))
    ]
    results = []
    for attacker in Attacker:
        on_served, on_history = (
            attack(
                features=features,
                contrast=contrast,
                strata=strata,
                attacker=attacker,
                seeds=seeds,
                effort=effort,
            )
            for features in matrices
        )
        kept = retention(
            served=on_served,
            history=on_history,
            contrast=contrast,
            seeds=seeds,
            draws=effort.draws,
        )
        results.append(Leakage(attacker, on_served, on_history, kept))
    return tuple(results)


def retention(
    *, served: Attack, history: Attack, contrast: Contrast, seeds: ArrayLike, draws: int
) -> Retention:
    """Measure which share of the history's leakage is served.

    Args:
        served, history: two attacks of the same viewers, with the same seeds.
        contrast: the group against the rest.
        seeds: (V,) one whole number a viewer, 0 or more.
        draws: how often the viewers are drawn anew, the same ones for both attacks.

    Returns:
        R and its interval; None for both where the history does not leak.

    Raises:
        CannotMeasure: the attacks are of different viewers.
    """
    if not np.array_equal(served.rows, history.rows):
        raise CannotMeasure("history", "must be an attack of the viewers of `served`")
    own = checked_seeds(seeds, viewers=len(contrast.declared))
    ceiling = history.measurement
    if ceiling.interval is None or ceiling.interval.low <= CHANCE:
        return Retention(None, None)
    above, below = (
        resampled_auc(
            auc=one.measurement.estimate,
            placements=one.placements,
            members=contrast.members[one.rows],
            draws=draws,
            seeds=own[one.rows],
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
    seeds: ArrayLike,
    effort: Effort = FULL,
) -> Measurement:
    """Measure, on logged data, AUC(titles and artworks) − AUC(titles only), by the linear attacker.

    Args:
        artworks: (V, A) impressions of each artwork, 0 or more.
        titles: (V, T) impressions of each title, 0 or more.
        contrast: the group against the rest.  Viewers without an impression are not counted.
        strata: (V,) labels are shuffled within a stratum only.
        seeds: (V,) one whole number a viewer, 0 or more.
        effort: how hard the attacker tries.

    Returns:
        The difference, with a one-sided p-value: do the artworks tell more than the titles do?

    Raises:
        CannotMeasure: by the argument's name; a side with fewer viewers than folds.
    """
    seen = floats("titles", titles, shape=(len(contrast.declared), None))
    pictures = floats("artworks", artworks, shape=(len(seen), None))
    for field, counts in (("titles", seen), ("artworks", pictures)):
        if (counts < 0).any():
            raise CannotMeasure(field, "must not be negative")
    own = checked_seeds(seeds, viewers=len(seen))
    both = np.hstack([pictures, seen])
    contrast = contrast.among(both.sum(axis=1) > 0)
    more, base = (
        attack(
            features=features,
            contrast=contrast,
            strata=strata,
            attacker=Attacker.LINEAR,
            seeds=seeds,
            effort=effort,
        )
        for features in (both, seen)
    )
    estimate = more.measurement.estimate - base.measurement.estimate
    viewers = more.measurement.viewers
    if more.measurement.untested:
        return Measurement.without_test(estimate, viewers, more.measurement.untested)
    resampled = resampled_auc(
        auc=estimate,
        placements=more.placements - base.placements,
        members=contrast.members[more.rows],
        draws=effort.draws,
        seeds=own[more.rows],
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
