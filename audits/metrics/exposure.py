"""Measure 1: are two groups shown different artworks of the same titles?

p_g,t(a) is the mean of e(v,t,a) over the viewers v of a group; D_t = ½ Σ_a |p_g,t − p_rest,t| is a
total variation, D = Σ w_t D_t.  Total variation is biased upward in small samples, so D always
stands beside its permutation null and the excess over that null's mean, and no verdict follows from
it: `distance` is what a margin is set on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.depicting import SAME_PLAIN
from audits.metrics.differences import mean_difference
from audits.metrics.groups import MINIMUM_TO_TEST, Contrast
from audits.metrics.inference import (
    benjamini_hochberg,
    detectable_from_null,
    null_of,
    percentile_interval,
    permutation_p,
)
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.panel import Compared, compare
from audits.metrics.refusals import (
    Bools,
    CannotMeasure,
    Floats,
    Ints,
    floats,
    integers,
    probabilities,
    title_starts,
    title_varies,
)
from audits.metrics.resampling import Resampling, bootstrap_weights, permuted_members
from audits.metrics.threads import side_by_side

_CHUNK = 128  # label vectors multiplied at once: bounds memory at chunk × artworks
_UNSEEN = 1e-9  # a sum of exposure that counts as none


@dataclass(frozen=True)
class TitleDifference:
    """One title's difference.

    Attributes:
        title: its id.
        estimate: D_t, in [0, 1].
        null_mean: the mean D_t of shuffled labels.
        p, adjusted_p: one-sided, and adjusted over the slate by Benjamini-Hochberg.

    The last three are None where the title was not tested.
    """

    title: int
    estimate: float
    null_mean: float | None
    p: float | None
    adjusted_p: float | None


@dataclass(frozen=True)
class ExposureDifference:
    """D over the slate, and D_t title by title in the slate's order.

    Both ends of the interval are on D's own scale: like D, they lie above the true difference by
    what chance adds.
    """

    overall: Measurement
    titles: tuple[TitleDifference, ...]


def exposure_difference(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    contrast: Contrast,
    resampling: Resampling,
    weights: ArrayLike | None = None,
) -> ExposureDifference:
    """Measure D of the policy itself for one group against the rest.

    Args:
        exposure: (V, A) e(v,t,a), the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        contrast: the group against the rest.
        resampling: strata, seeds, and how many shuffles and draws.
        weights: (T,) w_t of each title in the order of `titles`, 0 or more; they are scaled to
            add up to 1 (default: equal).

    Returns:
        D in [0, 1] with a one-sided p-value, and each title's D_t.

    Raises:
        CannotMeasure: by the argument's name; a side without a viewer.

    Source: total variation distance, Levin & Peres 2017, chapter 4.
    """
    names = integers("titles", titles, shape=(None,))
    shown = probabilities("exposure", exposure, titles=names)
    return _measure(_Slate(names, weights), shown, contrast, resampling)


def logged_exposure_difference(
    *,
    impressions: ArrayLike,
    titles: ArrayLike,
    contrast: Contrast,
    resampling: Resampling,
    weights: ArrayLike | None = None,
) -> ExposureDifference:
    """Measure D of what was really shown, for the column beside the policy's own.

    p_g,t is the group's share of impressions within the title.  A title that one side never saw
    counts as no difference.  The titles that people met and the noise of single draws are part of
    this number.  The viewer stays the unit.

    Args:
        impressions: (V, A) how often each viewer saw each artwork, 0 or more.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        contrast: the group against the rest.  Viewers without an impression are not counted.
        resampling: strata, seeds, and how many shuffles and draws.
        weights: (T,) as in `exposure_difference`.

    Returns:
        D in [0, 1] with a one-sided p-value, and each title's D_t.  A title is tested where at
        least 30 viewers of each side saw it.

    Raises:
        CannotMeasure: by the argument's name; a side without an impression, or no title that both
            sides saw.
    """
    names = integers("titles", titles, shape=(None,))
    seen = floats("impressions", impressions, shape=(None, len(names)))
    if (seen < 0).any():
        raise CannotMeasure("impressions", "must not be negative")
    slate = _Slate(names, weights)
    if len(seen) == len(contrast.declared):
        contrast = contrast.among(seen.sum(axis=1) > _UNSEEN)
    return _measure(slate, seen, contrast, resampling)


def depicted_difference(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    depicted_share: ArrayLike,
    contrast: Contrast,
    resampling: Resampling,
    weights: ArrayLike | None = None,
) -> Measurement:
    """Measure Δ_r = Σ_t w_t Σ_a f_r(a)(p_g − p_rest): is class r shown more to the group?

    Args:
        exposure: (V, A) the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        depicted_share: (A,) f_r(a), the share of the depicted people who are in class r, in
            [0, 1]; 0 where nobody is depicted.
        contrast: the group against the rest.
        resampling: strata, seeds, and how many shuffles and draws.
        weights: (T,) as in `exposure_difference`.

    Returns:
        Δ_r in [-1, 1], positive where the group is shown more of the class; two-sided p-value.
        Where no choice within a title could have changed it, it is not measurable.

    Raises:
        CannotMeasure: by the argument's name; a side without a viewer.
    """
    names = integers("titles", titles, shape=(None,))
    shown = probabilities("exposure", exposure, titles=names)
    share = floats("depicted_share", depicted_share, shape=names.shape)
    if ((share < 0) | (share > 1)).any():
        raise CannotMeasure("depicted_share", "must lie between 0 and 1")
    slate = _Slate(names, weights)
    if not title_varies(names, share):
        who = compare(contrast=contrast, viewers=len(shown), strata=resampling.strata)
        return Measurement.not_measurable(0.0, who.viewers, SAME_PLAIN)
    per_viewer = shown @ (share * np.repeat(slate.weights, slate.lengths))
    return mean_difference(values=per_viewer, contrast=contrast, resampling=resampling)


class _Slate:
    """The slate's titles: where each one's artworks begin, how many it has, and its weight."""

    def __init__(self, titles: Ints, weights: ArrayLike | None) -> None:
        self.starts = title_starts("titles", titles)
        self.lengths = np.diff(np.r_[self.starts, len(titles)])
        self.names = titles[self.starts]
        given = (
            np.ones(len(self.starts))
            if weights is None
            else floats("weights", weights, shape=self.starts.shape)
        )
        if (given < 0).any() or given.sum() <= 0:
            raise CannotMeasure("weights", "must not be negative, nor all zero")
        self.weights: Floats = given / given.sum()


def _measure(
    slate: _Slate, shown: Floats, contrast: Contrast, resampling: Resampling
) -> ExposureDifference:
    who = compare(contrast=contrast, viewers=len(shown), strata=resampling.strata)
    variation = _Variation(shown[who.rows], slate)
    group_saw, rest_saw = variation.viewers_who_saw(who.members)
    if not (np.minimum(group_saw, rest_saw) > 0).any():
        raise CannotMeasure("impressions", "show no title to both sides")
    observed = variation.of_labels(who.members[None, :])[0]
    total = float(observed @ slate.weights)
    if who.untested:
        overall = Measurement.without_test(total, who.viewers, who.untested)
        return ExposureDifference(overall, _untested_titles(slate, observed))
    seeds = resampling.seeds[who.rows]
    labels = permuted_members(
        members=who.members, strata=who.strata, draws=resampling.permutations, seeds=seeds
    )
    null, means, reached = _null(variation, labels, observed)
    drawn = variation.of_bootstrap(who, resampling.draws, seeds)
    enough = np.minimum(group_saw, rest_saw) >= MINIMUM_TO_TEST
    p = (1 + reached) / (1 + resampling.permutations)
    return ExposureDifference(
        _overall(total, drawn, null, who),
        _tested_titles(slate, observed, means, p, enough),
    )


def _overall(total: float, resampled: Floats, null: Floats, who: Compared) -> Measurement:
    return Measurement(
        estimate=total,
        interval=_interval(total, resampled, 0.95),
        limits=_interval(total, resampled, 0.90),
        null=null_of(null),
        p=permutation_p(observed=total, null=null),
        viewers=who.viewers,
        # As an excess over the null's mean, on the null's own spread.
        detectable=detectable_from_null(null),
    )


def _null(variation: _Variation, labels: Bools, observed: Floats) -> tuple[Floats, Floats, Ints]:
    """D of every shuffled label vector; per title, the mean D_t and how often it is reached."""
    overall = np.empty(len(labels))
    sums = np.zeros(len(observed))
    reached = np.zeros(len(observed), dtype=np.int64)

    def shuffle(start: int) -> tuple[Floats, Ints]:
        chunk = variation.of_labels(labels[start : start + _CHUNK])
        overall[start : start + len(chunk)] = chunk @ variation.slate.weights
        return chunk.sum(axis=0), (chunk >= observed - 1e-9).sum(axis=0)

    for some, more in side_by_side(shuffle, range(0, len(labels), _CHUNK)):
        sums += some
        reached += more
    return overall, sums / len(labels), reached


def _tested_titles(
    slate: _Slate, observed: Floats, means: Floats, p: Floats, enough: Bools
) -> tuple[TitleDifference, ...]:
    adjusted = np.ones_like(p)
    adjusted[enough] = benjamini_hochberg(p[enough])
    bare = _untested_titles(slate, observed)
    return tuple(
        TitleDifference(one.title, one.estimate, float(mean), float(raw), float(corrected))
        if tested
        else one
        for one, mean, raw, corrected, tested in zip(bare, means, p, adjusted, enough, strict=True)
    )


def _untested_titles(slate: _Slate, observed: Floats) -> tuple[TitleDifference, ...]:
    return tuple(
        TitleDifference(int(name), float(value), None, None, None)
        for name, value in zip(slate.names, observed, strict=True)
    )


def _interval(estimate: float, resampled: Floats, confidence: float) -> Interval:
    """Centre the bootstrap on D, because its draws carry the bias once more."""
    around = percentile_interval(resampled - resampled.mean(), confidence=confidence)
    return Interval(max(0.0, estimate + around.low), min(1.0, estimate + around.high))


class _Variation:
    """D_t of many weightings of the viewers at once: two matrix products and one reduction."""

    def __init__(self, shown: Floats, slate: _Slate) -> None:
        self.shown = shown
        self.slate = slate
        self.total = shown.sum(axis=0)

    def of_labels(self, labels: Bools) -> Floats:
        """(b, T) D_t for label vectors (b, N)."""
        group = labels.astype(np.float64) @ self.shown
        return self._between(group, self.total - group)

    def of_bootstrap(self, who: Compared, draws: int, seeds: Ints) -> Floats:
        """(draws,) D, the viewers of each side drawn anew."""
        members = who.members
        group_weights, rest_weights = bootstrap_weights(members=members, draws=draws, seeds=seeds)
        group, rest = self.shown[members], self.shown[~members]

        def draw(start: int) -> Floats:
            rows = slice(start, start + _CHUNK)
            apart = self._between(group_weights[rows] @ group, rest_weights[rows] @ rest)
            overall: Floats = apart @ self.slate.weights
            return overall

        return np.concatenate(side_by_side(draw, range(0, draws, _CHUNK)))

    def viewers_who_saw(self, members: Bools) -> tuple[Ints, Ints]:
        """(T,) how many viewers of the group, and of the rest, saw something of each title."""
        saw = self._seen(self.shown)
        return saw[members].sum(axis=0), saw[~members].sum(axis=0)

    def _between(self, group: Floats, rest: Floats) -> Floats:
        difference = np.abs(self._shares(group) - self._shares(rest))
        halves: Floats = np.add.reduceat(difference, self.slate.starts, axis=1) / 2
        # A side without an impression of a title says nothing about it.
        halves[~(self._seen(group) & self._seen(rest))] = 0.0
        return halves

    def _seen(self, sums: Floats) -> Bools:
        seen: Bools = np.add.reduceat(sums, self.slate.starts, axis=1) > _UNSEEN
        return seen

    def _shares(self, sums: Floats) -> Floats:
        whole = np.add.reduceat(sums, self.slate.starts, axis=1)
        whole[whole <= _UNSEEN] = 1.0
        shares: Floats = sums / np.repeat(whole, self.slate.lengths, axis=1)
        return shares
