"""A mean of one difference a viewer, tested by sign flips: two arms that share their viewers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import MINIMUM_TO_TEST, Viewers
from audits.metrics.inference import (
    detectable_from_null,
    null_of,
    percentile_interval,
    permutation_p,
)
from audits.metrics.measurement import Measurement
from audits.metrics.refusals import CannotMeasure, Floats, floats, whole
from audits.metrics.resampling import BOOTSTRAP_DRAWS, PERMUTATIONS, bootstrap_counts

TOO_FEW_PAIRS = f"Fewer than {MINIMUM_TO_TEST} viewers have data."
_CHUNK = 128  # flips whose signs are held at once


def paired_effect(
    *,
    differences: ArrayLike,
    seed: int,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> Measurement:
    """Measure the mean of paired differences.

    If the two arms are alike, each viewer's difference may as well have the other sign.

    Args:
        differences: (N,) one arm less the other, of each viewer; N at least 1.
        seed: 0 or more.
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
    seed = whole("seed", seed, least=0)
    if len(apart) < MINIMUM_TO_TEST:
        return Measurement.without_test(estimate, viewers, TOO_FEW_PAIRS)
    first, second = (int(part) for part in np.random.SeedSequence(seed).generate_state(2))
    null = _flipped(apart, whole("permutations", permutations, least=1), first)
    drawn = bootstrap_counts(size=len(apart), draws=draws, seed=second) @ apart / len(apart)
    return Measurement(
        estimate=estimate,
        interval=percentile_interval(drawn),
        limits=percentile_interval(drawn, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=estimate, null=null, two_sided=True),
        viewers=viewers,
        detectable=detectable_from_null(null),
    )


def _flipped(apart: Floats, flips: int, seed: int) -> Floats:
    """(B,) the mean under each flip of the signs."""
    rng = np.random.default_rng(seed)
    means = np.empty(flips)
    for start in range(0, flips, _CHUNK):
        rows = slice(start, min(start + _CHUNK, flips))
        signs = rng.integers(0, 2, size=(rows.stop - start, len(apart))) * 2.0 - 1.0
        means[rows] = signs @ apart / len(apart)
    return means
