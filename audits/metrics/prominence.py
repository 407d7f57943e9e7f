"""Measure 3: is a group shown people who hardly appear in the title?

Billing weight b_c = 1/log2(1 + billing), q_c its share over a title's cast (or of the screen time,
where it is known for the whole cast); misrepresentation m(a) = 1 − Σ q_c over the depicted c.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.depicted import artwork_places
from audits.metrics.depicting import Depicting, PerViewer
from audits.metrics.differences import mean_difference
from audits.metrics.groups import Contrast
from audits.metrics.measurement import Measurement
from audits.metrics.panel import compare
from audits.metrics.refusals import (
    Bools,
    CannotMeasure,
    Floats,
    Ints,
    booleans,
    floats,
    integers,
    rectangular,
)
from audits.metrics.resampling import Resampling

THIRD = 3


@dataclass(frozen=True, eq=False)
class ArtworkProminence:
    """How prominent the depicted people of each artwork are.

    Attributes:
        misrepresentation: (A,) m(a) in [0, 1]; 1 where nobody is depicted.
        marginal: (A,) True where the best-billed person depicted is billed below third.
        depicts: (A,) True where somebody is depicted; only these artworks are measured.
    """

    misrepresentation: Floats
    marginal: Bools
    depicts: Bools


@dataclass(frozen=True)
class LevelDifference:
    """A difference, group minus rest, and the two sides' own means.

    Attributes:
        difference: the measurement.
        levels: the mean of the group, and of the rest.
    """

    difference: Measurement
    levels: tuple[float, float]


@dataclass(frozen=True)
class MarginalEvent(LevelDifference):
    """The event rate given that somebody is depicted, and beside it over all artworks.

    Attributes:
        plain: the same from probabilities that are not renormalised.
    """

    plain: LevelDifference


@dataclass(frozen=True)
class ProminenceGap:
    """The gap in mean misrepresentation.

    Attributes:
        gap: group minus rest, given that somebody is depicted.
        levels: the mean of the group, and of the rest.
        plain: the same from probabilities that are not renormalised.
        left_out: how many artworks depict nobody.
        left_out_exposure: the share of exposure that those take, for the group and the rest.
    """

    gap: Measurement
    levels: tuple[float, float]
    plain: LevelDifference
    left_out: int
    left_out_exposure: tuple[float, float]


def billing_shares(
    *, titles: ArrayLike, billing: ArrayLike, screen_time: ArrayLike | None = None
) -> Floats:
    """Find q_c, each credited person's share of a title.

    Args:
        titles: (C,) the title of each cast credit.
        billing: (C,) its place in the cast, from 1.
        screen_time: (C,) in [0, 1], NaN where unknown; it replaces the billing of a title where
            it is known for the whole cast and not all 0.

    Returns:
        (C,) the shares; they add up to 1 over each title. Billing counts 1/log2(1 + billing).

    Raises:
        CannotMeasure: by the argument's name.

    Source: the discount of DCG, Järvelin & Kekäläinen 2002.
    """
    names = integers("titles", titles, shape=(None,))
    places = _billing(billing, names.shape)
    weights = 1 / np.log2(1 + places.astype(np.float64))
    _, title = np.unique(names, return_inverse=True)
    if screen_time is not None:
        weights = np.where(*_known(screen_time, title), weights)
    shares: Floats = weights / np.bincount(title, weights)[title] if len(names) else weights
    return shares


def _billing(billing: ArrayLike, shape: tuple[int, ...]) -> Ints:
    places = integers("billing", billing, shape=shape)
    if (places < 1).any():
        raise CannotMeasure("billing", "must count from 1")
    return places


def _known(screen_time: ArrayLike, title: Ints) -> tuple[Bools, Floats]:
    """(C,) True where the whole cast's screen time is known, and the times (0 where unknown)."""
    given = rectangular("screen_time", screen_time)
    unknown = np.isnan(given) if given.dtype.kind == "f" else np.zeros(given.shape, dtype=np.bool_)
    times = floats("screen_time", np.where(unknown, 0, given), shape=title.shape)
    if ((times < 0) | (times > 1)).any():
        raise CannotMeasure("screen_time", "must lie between 0 and 1")
    usable = (np.bincount(title, unknown) == 0) & (np.bincount(title, times) > np.finfo(float).tiny)
    return usable[title], times


def artwork_prominence(
    *, artworks: int, artwork: ArrayLike, share: ArrayLike, billing: ArrayLike
) -> ArtworkProminence:
    """Find how prominent each artwork's depicted people are.

    Args:
        artworks: A, how many artworks there are.
        artwork: (D,) for each depicted person the artwork's place, 0 to A − 1.
        share: (D,) the person's q_c in the title, in [0, 1].
        billing: (D,) the person's place in the cast, from 1.

    Returns:
        Misrepresentation and marginal event of each artwork.

    Raises:
        CannotMeasure: by the argument's name; shares of one artwork that add up to more than 1.
    """
    places = artwork_places(artworks, artwork)
    shares = floats("share", share, shape=places.shape)
    order = _billing(billing, places.shape)
    if ((shares < 0) | (shares > 1)).any():
        raise CannotMeasure("share", "must lie between 0 and 1")
    covered = np.bincount(places, shares, minlength=artworks)
    if (covered > 1 + 1e-9).any():
        raise CannotMeasure("share", "must not add up to more than 1 for one artwork")
    depicts: Bools = np.bincount(places, minlength=artworks) > 0
    best = np.full(artworks, np.iinfo(np.int64).max)
    np.minimum.at(best, places, order)
    return ArtworkProminence(
        misrepresentation=1 - covered.clip(0, 1),
        marginal=depicts & (best > THIRD),
        depicts=depicts,
    )


def misrepresentation(
    *, exposure: ArrayLike, titles: ArrayLike, prominence: ArtworkProminence
) -> PerViewer:
    """Find each viewer's mean misrepresentation, as `prominence_gap` compares it.

    Args:
        exposure: (V, A) the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        prominence: of the A artworks.

    Returns:
        (V,) the means over titles, in [0, 1].

    Raises:
        CannotMeasure: by the argument's name; nobody is depicted at all.
    """
    return Depicting(exposure, titles, prominence.depicts).given(prominence.misrepresentation)


def marginal_event(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    prominence: ArtworkProminence,
    contrast: Contrast,
    resampling: Resampling,
    of_class: ArrayLike | None = None,
) -> MarginalEvent:
    """Compare how often the best-billed person shown is billed below third.

    Args:
        exposure: (V, A) the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        prominence: of the A artworks.
        contrast: the group against the rest.
        resampling: strata, seeds, and how many shuffles and draws.
        of_class: (A,) True where the best-billed person depicted is of a class. The event then
            counts for these artworks only: the marginal actor of that class.

    Returns:
        The difference of two probabilities, in [-1, 1], with a two-sided p-value: given that
        somebody is depicted, and plain.  Where no choice within a title could have changed it
        (say, only the first three billed are ever drawn), it is not measurable.

    Raises:
        CannotMeasure: by the argument's name; nobody is depicted, or a side has no viewer.
    """
    shown = Depicting(exposure, titles, prominence.depicts)
    event = prominence.marginal.astype(np.float64)
    if of_class is not None:
        event = event * booleans("of_class", of_class, shape=event.shape)
    given = _difference(shown.given(event), contrast, resampling)
    plain = _difference(shown.plain(event), contrast, resampling)
    return MarginalEvent(given.difference, given.levels, plain)


def prominence_gap(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    prominence: ArtworkProminence,
    contrast: Contrast,
    resampling: Resampling,
) -> ProminenceGap:
    """Compare the misrepresentation of the people whom a group and the rest are shown.

    Within a title the probabilities are renormalised over the artworks that depict somebody.  A
    viewer's number is the mean over the titles that have one.  The plain gap stands beside it.

    Args:
        exposure: (V, A) the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        prominence: of the A artworks.
        contrast: the group against the rest.
        resampling: strata, seeds, and how many shuffles and draws.

    Returns:
        The gap in [-1, 1], positive where the group is shown people who appear less; two-sided
        p-value.  Where no choice within a title could have changed it, it is not measurable.

    Raises:
        CannotMeasure: by the argument's name; nobody is depicted, or a side has no viewer.
    """
    shown = Depicting(exposure, titles, prominence.depicts)
    values = prominence.misrepresentation
    gap = _difference(shown.given(values), contrast, resampling)
    return ProminenceGap(
        gap=gap.difference,
        levels=gap.levels,
        plain=_difference(shown.plain(values), contrast, resampling),
        left_out=int((~prominence.depicts).sum()),
        left_out_exposure=_levels(shown.of_nobody(), contrast),
    )


def _difference(
    per_viewer: PerViewer, contrast: Contrast, resampling: Resampling
) -> LevelDifference:
    if len(contrast.declared) == len(per_viewer.values):
        contrast = contrast.among(per_viewer.counted)
    if per_viewer.settled:
        difference = _settled(per_viewer, contrast, resampling)
    else:
        difference = mean_difference(
            values=per_viewer.values, contrast=contrast, resampling=resampling
        )
    return LevelDifference(difference, _levels(per_viewer.values, contrast))


def _settled(per_viewer: PerViewer, contrast: Contrast, resampling: Resampling) -> Measurement:
    who = compare(contrast=contrast, viewers=len(per_viewer.values), strata=resampling.strata)
    group, rest = _levels(per_viewer.values, contrast)
    return Measurement.not_measurable(group - rest, who.viewers, per_viewer.settled)


def _levels(values: Floats, contrast: Contrast) -> tuple[float, float]:
    return float(values[contrast.members].mean()), float(values[contrast.rest].mean())
