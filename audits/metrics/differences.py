"""The difference between two groups' means of one number per viewer, with all its inference."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.inference import (
    detectable_from_null,
    null_of,
    percentile_interval,
    permutation_p,
)
from audits.metrics.measurement import Measurement
from audits.metrics.panel import compare
from audits.metrics.refusals import Bools, CannotMeasure, Floats, booleans, floats
from audits.metrics.resampling import Resampling, bootstrap_weights, permuted_members

_NOTHING = 1e-12  # a sum of exposures that counts as none


def mean_difference(
    *,
    values: ArrayLike,
    contrast: Contrast,
    resampling: Resampling,
    exposures: ArrayLike | None = None,
    evidence: ArrayLike | None = None,
) -> Measurement:
    """Measure the mean of `values` over the group minus its mean over the rest.

    Args:
        values: (V,) one number for each viewer.
        contrast: the group against the rest.
        resampling: strata, seeds, and how many shuffles and draws.
        exposures: (V,) what each viewer's number is about (say, decisions), 0 or more. The means
            are then ratios Σ values / Σ exposures, and viewers with 0 count for nothing.
        evidence: (V,) True for a viewer whose data bear on the difference; default: exposures
            above 0. Only these count towards the floor of 30 viewers a side.

    Returns:
        The difference, with a two-sided p-value from labels shuffled within strata and an
        interval from viewers drawn anew.

    Raises:
        CannotMeasure: by the argument's name; a side without a viewer or without exposure.
    """
    sums = floats("values", values, shape=(None,))
    counts = _counts(exposures, sums)
    known = counts > 0
    if evidence is not None:
        known &= booleans("evidence", evidence, shape=sums.shape)
    who = compare(contrast=contrast, viewers=len(sums), strata=resampling.strata, evidence=known)
    sums, counts, members = sums[who.rows], counts[who.rows], who.members
    for side in (members, ~members):
        if counts[side].sum() <= _NOTHING:
            raise CannotMeasure("exposures", "must not be all zero on either side")
    estimate = float(_difference(members[None, :], sums, counts)[0])
    if who.untested:
        return Measurement.without_test(estimate, who.viewers, who.untested)
    seeds = resampling.seeds[who.rows]
    labels = permuted_members(
        members=members, strata=who.strata, draws=resampling.permutations, seeds=seeds
    )
    null = _difference(labels, sums, counts)
    group, rest = bootstrap_weights(members=members, draws=resampling.draws, seeds=seeds)
    resampled = _ratio(group @ sums[members], group @ counts[members]) - _ratio(
        rest @ sums[~members], rest @ counts[~members]
    )
    return Measurement(
        estimate=estimate,
        interval=percentile_interval(resampled),
        limits=percentile_interval(resampled, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=estimate, null=null, two_sided=True),
        viewers=who.viewers,
        detectable=detectable_from_null(null),
    )


def _counts(exposures: ArrayLike | None, sums: Floats) -> Floats:
    if exposures is None:
        return np.ones_like(sums)
    counts = floats("exposures", exposures, shape=sums.shape)
    if (counts < 0).any():
        raise CannotMeasure("exposures", "must not be negative")
    return counts


def _difference(labels: Bools, sums: Floats, counts: Floats) -> Floats:
    """(b,) the difference for each label vector (b, N)."""
    chosen = labels.astype(np.float64)
    group, within = chosen @ sums, chosen @ counts
    return _ratio(group, within) - _ratio(sums.sum() - group, counts.sum() - within)


def _ratio(above: Floats, below: Floats) -> Floats:
    """above / below, and 0 where nothing was counted (a draw of viewers without a decision)."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > _NOTHING)
