"""Measure 1: are two groups shown different artworks of the same titles?

p_g,t(a) is the mean of e(v,t,a) over the viewers v of a group; D_t = ½ Σ_a |p_g,t − p_rest,t| is a
total variation, D = Σ w_t D_t.  Total variation is biased upward in small samples, so D never
stands without its permutation null and the excess over that null's mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.differences import mean_difference
from audits.metrics.groups import Contrast
from audits.metrics.inference import (
    BOOTSTRAP_DRAWS,
    PERMUTATIONS,
    benjamini_hochberg,
    bootstrap_weights,
    null_of,
    percentile_interval,
    permutation_p,
    permuted_members,
    standard_errors_to_detect,
)
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.panel import select
from audits.metrics.refusals import (
    Bools,
    Floats,
    Ints,
    Refused,
    floats,
    integers,
    probabilities,
    title_starts,
)

_CHUNK = 128  # label vectors multiplied at once: bounds memory at chunk × artworks


@dataclass(frozen=True)
class TitleDifference:
    """One title's D_t; `adjusted_p` by Benjamini-Hochberg over the slate; None: not tested."""

    title: int
    estimate: float
    null_mean: float | None
    p: float | None
    adjusted_p: float | None


@dataclass(frozen=True)
class ExposureDifference:
    """D over the slate and D_t title by title, in the slate's order.

    The interval's low end is corrected for the bias by the null's mean and its high end is not:
    the expectation of D lies above the true difference by at most that bias, so both ends are
    conservative, and "within margin" is never reached by the correction alone.
    """

    overall: Measurement
    titles: tuple[TitleDifference, ...]


def exposure_difference(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    weights: ArrayLike | None = None,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> ExposureDifference:
    """Measure D of the policy itself for one group against the rest.

    exposure (V, A): e(v,t,a), the policy's probabilities, adding up to 1 over each title;
    titles (A,): each artwork's title, a title's artworks side by side; strata (V,): within which
    labels are permuted (`inference.history_strata`); weights (T,): w_t per title in the order of
    appearance, scaled to add up to 1 (default: equal).
    Raises Refused by the argument's name.
    """
    names = integers("titles", titles, shape=(None,))
    shown = probabilities("exposure", exposure, titles=names)
    return _measure(shown, names, contrast, strata, seed, weights, permutations, draws)


def logged_exposure_difference(
    *,
    impressions: ArrayLike,
    titles: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    weights: ArrayLike | None = None,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> ExposureDifference:
    """As `exposure_difference`, of what was really shown: the second column beside it.

    impressions (V, A): how often each viewer saw each artwork.  p_g,t is the group's share of
    impressions within the title; a title that one side never saw counts as no difference.
    Which titles people saw and the noise of single draws are in here: the viewer stays the unit.
    """
    names = integers("titles", titles, shape=(None,))
    seen = floats("impressions", impressions, shape=(None, len(names)))
    if (seen < 0).any():
        raise Refused("impressions", "must not be negative")
    return _measure(seen, names, contrast, strata, seed, weights, permutations, draws)


def depicted_difference(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    depicted_share: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    weights: ArrayLike | None = None,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> Measurement:
    """Δ_r = Σ_t w_t Σ_a f_r(a)(p_g − p_rest): is class r shown more to the group (positive)?

    depicted_share (A,): f_r(a), the share of the depicted people in class r; 0 for nobody.
    """
    names = integers("titles", titles, shape=(None,))
    shown = probabilities("exposure", exposure, titles=names)
    share = floats("depicted_share", depicted_share, shape=names.shape)
    if ((share < 0) | (share > 1)).any():
        raise Refused("depicted_share", "must lie between 0 and 1")
    per_viewer = shown @ (share * title_weights(names, weights))
    return mean_difference(
        values=per_viewer,
        contrast=contrast,
        strata=strata,
        seed=seed,
        permutations=permutations,
        draws=draws,
    )


def title_weights(titles: Ints, weights: ArrayLike | None) -> Floats:
    """(A,) each artwork's title's weight w_t, the titles' weights scaled to add up to one."""
    starts = title_starts("titles", titles)
    given = (
        np.ones(len(starts))
        if weights is None
        else floats("weights", weights, shape=(len(starts),))
    )
    if (given < 0).any() or given.sum() <= 0:
        raise Refused("weights", "must not be negative, nor all zero")
    return np.repeat(given / given.sum(), np.diff(np.r_[starts, len(titles)]))


def _measure(
    shown: Floats,
    titles: Ints,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    weights: ArrayLike | None,
    permutations: int,
    draws: int,
) -> ExposureDifference:
    starts = title_starts("titles", titles)
    per_title = title_weights(titles, weights)[starts]
    rows, members, cells = select(contrast=contrast, viewers=len(shown), strata=strata)
    variation = _Variation(shown[rows], starts)
    observed = variation.of_labels(members[None, :])[0]
    total = float(observed @ per_title)
    names = titles[starts]
    if not contrast.viewers.testable:
        bare = tuple(
            TitleDifference(int(name), float(value), None, None, None)
            for name, value in zip(names, observed, strict=True)
        )
        return ExposureDifference(
            Measurement(total, None, None, None, None, contrast.viewers), bare
        )
    first, second = (int(part) for part in np.random.SeedSequence(seed).generate_state(2))
    labels = permuted_members(members=members, strata=cells, draws=permutations, seed=first)
    null, by_title = _null(variation, labels, per_title, observed)
    resampled = np.concatenate(
        [chunk @ per_title for chunk in variation.of_bootstrap(members, draws, second)]
    )
    overall = Measurement(
        estimate=total,
        interval=_interval(total, resampled, null, 0.95),
        limits=_interval(total, resampled, null, 0.90),
        null=null_of(null),
        p=permutation_p(observed=total, null=null),
        viewers=contrast.viewers,
        # As an excess over the null's mean, on the null's own spread.
        detectable=standard_errors_to_detect() * float(null.std()),
    )
    return ExposureDifference(overall, _by_title(names, observed, *by_title, permutations))


def _null(
    variation: _Variation, labels: Bools, per_title: Floats, observed: Floats
) -> tuple[Floats, tuple[Floats, Ints]]:
    """D of every shuffled label vector; per title, the mean D_t and how often it is reached."""
    overall = np.empty(len(labels))
    sums = np.zeros(len(per_title))
    reached = np.zeros(len(per_title), dtype=np.int64)
    for start in range(0, len(labels), _CHUNK):
        chunk = variation.of_labels(labels[start : start + _CHUNK])
        overall[start : start + len(chunk)] = chunk @ per_title
        sums += chunk.sum(axis=0)
        reached += (chunk >= observed - 1e-9).sum(axis=0)
    return overall, (sums / len(labels), reached)


def _by_title(
    names: Ints, observed: Floats, means: Floats, reached: Ints, permutations: int
) -> tuple[TitleDifference, ...]:
    p = (1 + reached) / (1 + permutations)
    columns = zip(names, observed, means, p, benjamini_hochberg(p), strict=True)
    return tuple(
        TitleDifference(int(name), float(value), float(mean), float(raw), float(adjusted))
        for name, value, mean, raw, adjusted in columns
    )


def _interval(estimate: float, resampled: Floats, null: Floats, confidence: float) -> Interval:
    """Centre the bootstrap on D (its draws carry the bias once more), correct the low end only."""
    around = percentile_interval(resampled - resampled.mean(), confidence=confidence)
    return Interval(
        max(0.0, estimate + around.low - float(null.mean())),
        min(1.0, estimate + around.high),
    )


class _Variation:
    """D_t of many weightings of the viewers at once: two matrix products and one reduction."""

    def __init__(self, shown: Floats, starts: Ints) -> None:
        self.shown = shown
        self.starts = starts
        self.lengths = np.diff(np.r_[starts, shown.shape[1]])
        self.total = shown.sum(axis=0)

    def of_labels(self, labels: Bools) -> Floats:
        """(b, T) D_t for label vectors (b, V)."""
        group = labels.astype(np.float64) @ self.shown
        return self._between(group, self.total - group)

    def of_bootstrap(self, members: Bools, draws: int, seed: int) -> Iterator[Floats]:
        """(b, T) chunks of D_t, the viewers of each side drawn anew."""
        group_weights, rest_weights = bootstrap_weights(members=members, draws=draws, seed=seed)
        group, rest = self.shown[members], self.shown[~members]
        for start in range(0, draws, _CHUNK):
            rows = slice(start, start + _CHUNK)
            yield self._between(group_weights[rows] @ group, rest_weights[rows] @ rest)

    def _between(self, group: Floats, rest: Floats) -> Floats:
        difference = np.abs(self._shares(group) - self._shares(rest))
        halves: Floats = np.add.reduceat(difference, self.starts, axis=1) / 2
        # A side without an impression of a title says nothing about it.
        halves[~(self._seen(group) & self._seen(rest))] = 0.0
        return halves

    def _seen(self, sums: Floats) -> Bools:
        seen: Bools = np.add.reduceat(sums, self.starts, axis=1) > 1e-9
        return seen

    def _shares(self, sums: Floats) -> Floats:
        whole = np.add.reduceat(sums, self.starts, axis=1)
        whole[whole <= 1e-9] = 1.0
        shares: Floats = sums / np.repeat(whole, self.lengths, axis=1)
        return shares
