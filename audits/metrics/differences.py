"""The difference between two groups' means of one number per viewer, with all its inference."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.inference import (
    BOOTSTRAP_DRAWS,
    PERMUTATIONS,
    bootstrap_weights,
    null_of,
    percentile_interval,
    permutation_p,
    permuted_members,
    standard_errors_to_detect,
)
from audits.metrics.measurement import Measurement
from audits.metrics.panel import select
from audits.metrics.refusals import Bools, Floats, Refused, floats


def mean_difference(
    *,
    values: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    exposures: ArrayLike | None = None,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> Measurement:
    """Mean of `values` (V,) over the group minus its mean over the rest.

    With `exposures` (V,) the means are ratios Σ values / Σ exposures over each side (how many
    decisions each viewer's sum is about); viewers with none then count for nothing.  Two-sided
    p-value by permuting labels within strata; interval by drawing viewers anew.
    """
    sums = floats("values", values, shape=(None,))
    counts = _counts(exposures, sums)
    rows, members, cells = select(contrast=contrast, viewers=len(sums), strata=strata)
    sums, counts = sums[rows], counts[rows]
    for side in (members, ~members):
        if counts[side].sum() <= 0:
            raise Refused("exposures", "must not be all zero on either side")
    estimate = float(_difference(members[None, :], sums, counts)[0])
    if not contrast.viewers.testable:
        return Measurement(estimate, None, None, None, None, contrast.viewers)
    first, second = (int(part) for part in np.random.SeedSequence(seed).generate_state(2))
    labels = permuted_members(members=members, strata=cells, draws=permutations, seed=first)
    null = _difference(labels, sums, counts)
    group, rest = bootstrap_weights(members=members, draws=draws, seed=second)
    resampled = _ratio(group @ sums[members], group @ counts[members]) - _ratio(
        rest @ sums[~members], rest @ counts[~members]
    )
    return Measurement(
        estimate=estimate,
        interval=percentile_interval(resampled),
        limits=percentile_interval(resampled, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=estimate, null=null, two_sided=True),
        viewers=contrast.viewers,
        detectable=standard_errors_to_detect() * float(null.std()),
    )


def _counts(exposures: ArrayLike | None, sums: Floats) -> Floats:
    if exposures is None:
        return np.ones_like(sums)
    counts = floats("exposures", exposures, shape=sums.shape)
    if (counts < 0).any():
        raise Refused("exposures", "must not be negative")
    return counts


def _difference(labels: Bools, sums: Floats, counts: Floats) -> Floats:
    """(b,) the difference for each label vector (b, N)."""
    chosen = labels.astype(np.float64)
    group, within = chosen @ sums, chosen @ counts
    return _ratio(group, within) - _ratio(sums.sum() - group, counts.sum() - within)


def _ratio(above: Floats, below: Floats) -> Floats:
    """above / below, and 0 where nothing was counted (a draw of viewers without a decision)."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 1e-12)
