"""Measure 2: can a group be told from the artwork probabilities alone?

The number is the area under the curve (AUC) of predicting g from e(v,·,·), out of fold, by three
attackers, of which the strongest counts.  The strongest attack on everything that the choice is
computed from is its ceiling, and label shuffles that run the whole pipeline, with the choice of the
strongest, are its floor.  All that sees labels, and the choice of a penalty, sees training folds
only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.attack import (
    Attack,
    attack,
    attack_by,
    resampled_auc,
    strongest,
)
from audits.metrics.chances import checked_seeds
from audits.metrics.effort import FULL, QUICK, Attacker, Effort
from audits.metrics.groups import Contrast
from audits.metrics.inference import null_of, percentile_interval, permutation_p
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import CannotMeasure, Floats, floats
from audits.metrics.tally import CHANCE

__all__ = [
    "FULL",
    "QUICK",
    "Attack",
    "Attacker",
    "AttackerLeakage",
    "Effort",
    "Leakage",
    "Retention",
    "attack",
    "attack_by",
    "leakage",
    "logged_leakage",
    "retention",
    "strongest",
]


@dataclass(frozen=True)
class Retention:
    """R = (AUC_served − ½)/(AUC_ceiling − ½), and its 95 % interval.

    Both lie at 1 or below.  What is served is computed from the inputs, so nobody can tell more
    from it: an estimate above 1 is the noise of two attacks, and counts as 1.

    Both are None where the inputs themselves do not tell the groups apart (the ceiling's 95 %
    interval reaches ½): a share of nothing says nothing.
    """

    estimate: float | None
    interval: Interval | None


@dataclass(frozen=True)
class AttackerLeakage:
    """One attacker's two numbers: on what is served, and on what it is computed from."""

    attacker: Attacker
    served: Attack
    inputs: Attack


@dataclass(frozen=True)
class Leakage:
    """The strongest attacker's numbers, and each attacker's own.

    Attributes:
        served: the strongest attack on what is served.
        inputs: the strongest attack on what the choice is computed from.
        ceiling: that attack, or the one on what is served where it reads more: whoever has the
            inputs can compute what is served.
        retention: the share of the ceiling's leakage that is served.
        attackers: each attacker's own numbers.
    """

    served: Attack
    inputs: Attack
    ceiling: Attack
    retention: Retention
    attackers: tuple[AttackerLeakage, ...]


def leakage(
    *,
    served: ArrayLike,
    history: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seeds: ArrayLike,
    inputs: Sequence[ArrayLike] = (),
    effort: Effort = FULL,
) -> Leakage:
    """Run every attacker on what is served, and on everything that it is computed from.

    Args:
        served: (V, A) e(v,·,·) over the slate.
        history: (V, H) one column a title: 1 watched, 0 not, or any weight.
        contrast: the group against the rest.
        strata: (V,) labels are shuffled within a stratum only.
        seeds: (V,) one whole number a viewer, 0 or more.
        inputs: matrices of V rows: what the choice is computed from beside the history, such as
            viewer vectors and matches.
        effort: how hard the attackers try.

    Returns:
        The strongest attacker's numbers, and each attacker's own, the linear one first.

    Raises:
        CannotMeasure: by the argument's name; a side with fewer viewers than folds.
    """
    common: dict[str, Any] = {
        "contrast": contrast, "strata": strata, "seeds": seeds, "effort": effort,
    }  # fmt: skip
    viewers = len(contrast.declared)
    shown = floats("served", served, shape=(viewers, None))
    plays = floats("history", history, shape=(viewers, None))
    beside = [floats("inputs", each, shape=(viewers, None)) for each in inputs]
    everything = _side_by_side([plays, *beside])
    on_served, on_inputs = (
        list(attack_by(attackers=Attacker, features=features, **common))
        for features in (shown, everything)
    )
    of_each = tuple(map(AttackerLeakage, Attacker, on_served, on_inputs))
    if beside:  # a linear attacker may read more from the plays without the rest around them
        on_inputs.append(attack(features=plays, attacker=Attacker.LINEAR, **common))
    best = strongest(attacks=on_served, **common)
    most = strongest(attacks=on_inputs, **common)
    ceiling = most.or_higher(best)
    kept = retention(served=best, inputs=most, contrast=contrast, seeds=seeds, draws=effort.draws)
    return Leakage(best, most, ceiling, kept, of_each)


def _side_by_side(blocks: Sequence[Floats]) -> Floats:
    """Join matrices with the same total variance each, so that none drowns another."""
    scaled = []
    for block in blocks:
        centred = block - block.mean(axis=0)
        spread = float(np.linalg.norm(centred))
        if spread > 0:
            scaled.append(centred / spread)
    return np.hstack(scaled) if scaled else np.zeros((len(blocks[0]), 1))


def retention(
    *, served: Attack, inputs: Attack, contrast: Contrast, seeds: ArrayLike, draws: int
) -> Retention:
    """Measure which share of the ceiling is served: the ceiling is the larger of two attacks.

    It is so in each draw too. Where what is served tells as much as the inputs, a draw may still
    say that the inputs tell more; with one of both as the ceiling of all draws, the interval was
    1 to 1 there, and covered in 9 of 119 worlds (`selftest_audit`).

    Args:
        served, inputs: two attacks of the same viewers, with the same seeds.
        contrast: the group against the rest.
        seeds: (V,) one whole number a viewer, 0 or more.
        draws: how often the viewers are drawn anew, the same ones for both attacks.

    Returns:
        R and its interval, at most 1; None for both where the ceiling may be chance.

    Raises:
        CannotMeasure: the attacks are of different viewers.
    """
    if not np.array_equal(served.rows, inputs.rows):
        raise CannotMeasure("inputs", "must be an attack of the viewers of `served`")
    own = checked_seeds(seeds, viewers=len(contrast.declared))
    most = inputs.or_higher(served).measurement
    if most.interval is None or most.interval.low <= CHANCE:
        return Retention(None, None)
    of_served, of_inputs = (
        resampled_auc(
            auc=one.measurement.estimate,
            placements=one.placements,
            members=contrast.members[one.rows],
            draws=draws,
            seeds=own[one.rows],
            widening=one.widening,
        )
        - CHANCE
        for one in (served, inputs)
    )
    estimate = (served.measurement.estimate - CHANCE) / (most.estimate - CHANCE)
    # A draw whose ceiling is at chance would divide by nothing.
    drawn = of_served / np.maximum(np.maximum(of_served, of_inputs), 1e-3)
    return Retention(min(estimate, 1.0), percentile_interval(drawn))


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
    null = more.null_draws - base.null_draws
    # Both attacks learn from the same viewers, so the difference is as much wider than placements
    # say as each of them is. (Its own null is no measure: there both attacks read the same noise,
    # and where artworks tell something they do not. `selftest_audit`: 91 of 100 intervals held.)
    resampled = resampled_auc(
        auc=estimate,
        placements=more.placements - base.placements,
        members=contrast.members[more.rows],
        draws=effort.draws,
        seeds=own[more.rows],
        widening=max(more.widening, base.widening),
    )
    return Measurement(
        estimate=estimate,
        interval=percentile_interval(resampled),
        limits=percentile_interval(resampled, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=estimate, null=null),
        viewers=viewers,
    )
