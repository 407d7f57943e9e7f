"""A mean of one difference a viewer, tested by sign flips: two arms that share their viewers.

Where the arms differ by titles that many viewers share, say those replaced in their histories, what
sets these few titles apart is no evidence about others. Then the titles' own spread counts too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from audits.metrics.chances import Use, checked_seeds, uniforms
from audits.metrics.groups import MINIMUM_TO_TEST, Viewers
from audits.metrics.inference import (
    detectable_effect,
    detectable_from_null,
    null_of,
    percentile_interval,
    permutation_p,
)
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import CannotMeasure, Floats, Ints, floats, integers, whole
from audits.metrics.resampling import BOOTSTRAP_DRAWS, PERMUTATIONS, bootstrap_counts

TOO_FEW_PAIRS = f"Fewer than {MINIMUM_TO_TEST} viewers have data."
FEWEST_TITLES = 30  # of which a spread is known: with fewer, the test alarms too often
TOO_FEW_TITLES = f"Fewer than {FEWEST_TITLES} titles make up the difference."
_CHUNK = 128  # flips whose signs are held at once


@dataclass(frozen=True, eq=False)
class Shared:
    """The titles that make up the viewers' differences.

    Attributes:
        rows: (S,) a viewer's place among the N, from 0; each viewer is named at least once.
        titles: (S,) a title that makes up a part of that viewer's difference, as all theirs do.
    """

    rows: Ints
    titles: Ints


def paired_effect(
    *,
    differences: ArrayLike,
    seeds: ArrayLike,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
    shared: Shared | None = None,
) -> Measurement:
    """Measure the mean of paired differences.

    If the two arms are alike, each viewer's difference may as well have the other sign. With
    `shared`, a second test takes the titles as a sample of titles; the larger p-value counts, and
    the interval holds those of both.

    Args:
        differences: (N,) one arm less the other, of each viewer; N at least 1.
        seeds: (N,) one whole number a viewer, 0 or more; flips and draws follow from it.
        permutations: how often the signs are flipped, at least 1.
        draws: how often the viewers are drawn anew, at least 1.
        shared: the titles that the differences come from; without it they are taken as given.

    Returns:
        The mean with a two-sided p-value, and an interval from viewers drawn anew.  All N viewers
        count as the group.  Fewer than 30 viewers or 30 titles are not tested.

    Raises:
        CannotMeasure: by the argument's name; no viewer.

    Source: Fisher 1935, The Design of Experiments, section 21; for titles, the variance of sums
        over overlapping clusters, Aronow, Samii & Assenova 2015, Cluster-Robust Variance Estimation
        for Dyadic Data, from above.
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
    p = permutation_p(observed=estimate, null=null, two_sided=True)
    interval, limits = percentile_interval(drawn), percentile_interval(drawn, confidence=0.90)
    chance, detectable = null_of(null), detectable_from_null(null)
    if shared is not None:
        titles, error = _error_by_title(apart, shared)
        if titles < FEWEST_TITLES:
            return Measurement.without_test(estimate, viewers, TOO_FEW_TITLES)
        p = max(p, _chance_of_zero(estimate, error, titles))
        reach = error * float(stdtrit(titles - 1, 0.975))
        chance = replace(chance, low=min(chance.low, -reach), high=max(chance.high, reach))
        detectable = max(detectable or 0.0, detectable_effect(error)) or None
        interval, limits = (
            _holding(found, estimate, error * float(stdtrit(titles - 1, (1 + confidence) / 2)))
            for found, confidence in ((interval, 0.95), (limits, 0.90))
        )
    return Measurement(
        estimate=estimate,
        interval=interval,
        limits=limits,
        null=chance,
        p=p,
        viewers=viewers,
        detectable=detectable,
    )


def _error_by_title(apart: Floats, shared: Shared) -> tuple[int, float]:
    """Return the number of titles, and the mean's standard error if titles were drawn anew.

    A title's part in a viewer's difference is not known. So the whole difference counts for each of
    the viewer's titles: that holds the title's own part in full, and errs to the wide side.
    """
    rows = integers("rows", shared.rows, shape=(None,))
    titles = integers("titles", shared.titles, shape=rows.shape)
    named = np.bincount(rows[rows >= 0], minlength=len(apart))
    if (rows < 0).any() or len(named) != len(apart) or not named.all():
        raise CannotMeasure("rows", f"must name each of {len(apart)} viewers, and nobody else")
    names, place = np.unique(titles, return_inverse=True)
    sums = np.bincount(place, weights=apart[rows] - apart.mean())
    count = len(names)
    return count, float(np.sqrt(count / max(count - 1, 1) * (sums @ sums)) / len(apart))


def _chance_of_zero(estimate: float, error: float, titles: int) -> float:
    """Return the two-sided p-value of no difference."""
    if error == 0:
        return 1.0 if estimate == 0 else 0.0
    return float(2 * stdtr(titles - 1, -abs(estimate) / error))


def _holding(found: Interval, estimate: float, reach: float) -> Interval:
    return Interval(min(found.low, estimate - reach), max(found.high, estimate + reach))


def _flipped(apart: Floats, flips: int, seeds: Ints) -> Floats:
    """(B,) the mean under each flip of the signs."""
    means = np.empty(flips)
    for start in range(0, flips, _CHUNK):
        count = min(_CHUNK, flips - start)
        random = uniforms(seeds=seeds, use=Use.SIGNS, count=count, first=start)
        means[start : start + count] = np.where(random < 0.5, -1.0, 1.0) @ apart / len(apart)
    return means
