"""A mean of one difference a viewer, tested by sign flips: two arms that share their viewers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.chances import Use, checked_seeds, uniforms
from audits.metrics.groups import MINIMUM_TO_TEST, Viewers
from audits.metrics.inference import (
    detectable_from_null,
    null_of,
    percentile_interval,
    permutation_p,
)
from audits.metrics.measurement import Measurement
from audits.metrics.refusals import CannotMeasure, Floats, Ints, floats, whole
from audits.metrics.resampling import BOOTSTRAP_DRAWS, PERMUTATIONS, bootstrap_counts

TOO_FEW_PAIRS = f"Fewer than {MINIMUM_TO_TEST} viewers have data."
_CHUNK = 128  # flips whose signs are held at once


def paired_effect(
    *,
    differences: ArrayLike,
    seeds: ArrayLike,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> Measurement:
    """Measure the mean of paired differences.

    If the two arms are alike, each viewer's difference may as well have the other sign.

    Args:
        differences: (N,) one arm less the other, of each viewer; N at least 1.
        seeds: (N,) one whole number a viewer, 0 or more; flips and draws follow from it.
        permutations: how often the signs are flipped, at least 1.
        draws: how often the viewers are drawn anew, at least 1.

    Returns:
        The mean with a two-sided p-value, and an interval from viewers drawn anew.  All N viewers
        count as the group.  Fewer than 30 are not tested.

    Raises:
        CannotMeasure: by the argument's name; no viewer.

    Source: Fisher 1935, The Design of Experiments, section 21.
    """
    apart = floats("differences", differences, shape=(None,))
    if not len(apart):
        raise CannotMeasure("differences", "need at least one viewer")
    viewers = Viewers(len(apart), 0, 0)
    estimate = float(apart.mean())
    own = checked_seeds(seeds, viewers=len(apart))
    if len(apart) < MINIMUM_TO_TEST:
        return Measurement.without_test(estimate, viewers, TOO_FEW_PAIRS)
    null = _flipped(apart, whole("permutations", permutations, least=1), own)
    drawn = bootstrap_counts(seeds=own, draws=draws) @ apart / len(apart)
    return Measurement(
        estimate=estimate,
        interval=percentile_interval(drawn),
        limits=percentile_interval(drawn, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=estimate, null=null, two_sided=True),
        viewers=viewers,
        detectable=detectable_from_null(null),
    )


def _flipped(apart: Floats, flips: int, seeds: Ints) -> Floats:
    """(B,) the mean under each flip of the signs."""
    means = np.empty(flips)
    for start in range(0, flips, _CHUNK):
        count = min(_CHUNK, flips - start)
        random = uniforms(seeds=seeds, use=Use.SIGNS, count=count, first=start)
        means[start : start + count] = np.where(random < 0.5, -1.0, 1.0) @ apart / len(apart)
    return means
