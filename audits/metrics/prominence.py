"""Measure 3: is a group shown people who hardly appear in the title?

Billing weight b_c = 1/log2(1 + billing), q_c its share over a title's cast (or of the screen time,
where it is known for the whole cast); misrepresentation m(a) = 1 − Σ q_c over the depicted c.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.differences import mean_difference
from audits.metrics.groups import Contrast
from audits.metrics.inference import BOOTSTRAP_DRAWS, PERMUTATIONS
from audits.metrics.measurement import Measurement
from audits.metrics.refusals import (
    Bools,
    Floats,
    Ints,
    Refused,
    booleans,
    floats,
    integers,
    probabilities,
    title_starts,
)

THIRD = 3


@dataclass(frozen=True)
class ArtworkProminence:
    """(A,) each: `misrepresentation` in [0, 1], `marginal` the event "the best-billed person
    depicted is billed below third"; both meaningless where `depicts` is False (NaN and False)."""

    misrepresentation: Floats
    marginal: Bools
    depicts: Bools


@dataclass(frozen=True)
class ProminenceGap:
    """The gap in mean misrepresentation, group minus rest.

    `left_out` artworks depict nobody; `left_out_exposure` is the share of exposure that they take
    from (group, rest).  Levels are the two sides' own means.
    """

    gap: Measurement
    levels: tuple[float, float]
    left_out: int
    left_out_exposure: tuple[float, float]


@dataclass(frozen=True)
class Compared:
    """A difference, group minus rest, and the two sides' own means."""

    difference: Measurement
    levels: tuple[float, float]


def billing_shares(
    *, titles: ArrayLike, billing: ArrayLike, screen_time: ArrayLike | None = None
) -> Floats:
    """(C,) q_c of each cast credit: 1/log2(1 + billing), or screen time, as a share of its title.

    titles (C,) ids; billing (C,) from 1; screen_time (C,) in [0, 1], NaN where unknown: used for a
    title only if it is known for its whole cast and not all zero.
    """
    names = integers("titles", titles, shape=(None,))
    places = _billing(billing, names.shape)
    weights = 1 / np.log2(1 + places)
    _, title = np.unique(names, return_inverse=True)
    if screen_time is not None:
        weights = np.where(*_known(screen_time, title), weights)
    shares: Floats = weights / np.bincount(title, weights)[title]
    return shares


def _billing(billing: ArrayLike, shape: tuple[int, ...]) -> Ints:
    places = integers("billing", billing, shape=shape)
    if (places < 1).any():
        raise Refused("billing", "must count from 1")
    return places


def _known(screen_time: ArrayLike, title: Ints) -> tuple[Bools, Floats]:
    """(C,) True where the whole cast's screen time is known, and the times (0 where unknown)."""
    given = np.asarray(screen_time, dtype=np.float64)
    unknown = np.isnan(given)
    times = floats("screen_time", np.where(unknown, 0.0, given), shape=title.shape)
    if ((times < 0) | (times > 1)).any():
        raise Refused("screen_time", "must lie between 0 and 1")
    usable = (np.bincount(title, unknown) == 0) & (np.bincount(title, times) > 0)
    return usable[title], times


def artwork_prominence(
    *, artworks: int, artwork: ArrayLike, share: ArrayLike, billing: ArrayLike
) -> ArtworkProminence:
    """From one row per depicted credit (D,).

    artwork: its place, 0 to `artworks` − 1; share: its q_c; billing: from 1.
    """
    places = integers("artwork", artwork, shape=(None,))
    shares = floats("share", share, shape=places.shape)
    order = _billing(billing, places.shape)
    if ((places < 0) | (places >= artworks)).any():
        raise Refused("artwork", f"must lie between 0 and {artworks - 1}")
    if ((shares < 0) | (shares > 1)).any():
        raise Refused("share", "must lie between 0 and 1")
    covered = np.bincount(places, shares, minlength=artworks)
    if (covered > 1 + 1e-9).any():
        raise Refused("share", "must not add up to more than 1 for one artwork")
    depicts: Bools = np.bincount(places, minlength=artworks) > 0
    best = np.full(artworks, np.iinfo(np.int64).max)
    np.minimum.at(best, places, order)
    return ArtworkProminence(
        misrepresentation=np.where(depicts, 1 - covered.clip(0, 1), np.nan),
        marginal=depicts & (best > THIRD),
        depicts=depicts,
    )


def misrepresentation(
    *, exposure: ArrayLike, titles: ArrayLike, prominence: ArtworkProminence
) -> Floats:
    """(V,) each viewer's mean misrepresentation, as `prominence_gap` compares it."""
    shown, starts = _shown(exposure, titles, prominence)
    return _means(shown, prominence.misrepresentation, prominence.depicts, starts)


def marginal_event(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    prominence: ArtworkProminence,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    of_class: ArrayLike | None = None,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> Compared:
    """Compare how often the best-billed person shown is billed below third.

    of_class (A,): crossed with a depicted class, True where the best-billed person depicted is of
    that class; the event then also asks for it: the marginal actor of that class.
    """
    shown, starts = _shown(exposure, titles, prominence)
    event = prominence.marginal.astype(np.float64)
    if of_class is not None:
        event = event * booleans("of_class", of_class, shape=event.shape)
    per_viewer = _means(shown, event, prominence.depicts, starts)
    found = mean_difference(
        values=per_viewer,
        contrast=contrast,
        strata=strata,
        seed=seed,
        permutations=permutations,
        draws=draws,
    )
    return Compared(found, _levels(per_viewer, contrast))


def prominence_gap(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    prominence: ArtworkProminence,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
) -> ProminenceGap:
    """Measure the gap for one group against the rest, from exposure (V, A).

    Within a title the probabilities are taken over the artworks that depict somebody (artworks of
    nobody are left out); the viewer's number is the mean over the titles that have one.
    """
    shown, starts = _shown(exposure, titles, prominence)
    per_viewer = _means(shown, prominence.misrepresentation, prominence.depicts, starts)
    gap = mean_difference(
        values=per_viewer,
        contrast=contrast,
        strata=strata,
        seed=seed,
        permutations=permutations,
        draws=draws,
    )
    nobody: Floats = shown[:, ~prominence.depicts].sum(axis=1) / len(starts)
    return ProminenceGap(
        gap=gap,
        levels=_levels(per_viewer, contrast),
        left_out=int((~prominence.depicts).sum()),
        left_out_exposure=_levels(nobody, contrast),
    )


def _shown(
    exposure: ArrayLike, titles: ArrayLike, prominence: ArtworkProminence
) -> tuple[Floats, Ints]:
    """(V, A) the checked probabilities, and where each title's artworks begin."""
    names = integers("titles", titles, shape=(None,))
    shown = probabilities("exposure", exposure, titles=names)
    if not booleans("prominence", prominence.depicts, shape=names.shape).any():
        raise Refused("prominence", "has no artwork that depicts anybody")
    return shown, title_starts("titles", names)


def _means(shown: Floats, values: Floats, depicts: Bools, starts: Ints) -> Floats:
    """(V,) mean over titles of the expected value, given that somebody is depicted."""
    values = np.where(depicts, values, 0.0)
    mass = np.add.reduceat(shown * depicts, starts, axis=1)
    total = np.add.reduceat(shown * values, starts, axis=1)
    has_people = np.add.reduceat(depicts.astype(np.int64), starts) > 0
    # A title whose every picture of a person has probability 0 for a viewer is no evidence.
    usable = has_people & (mass > 1e-12)
    expected = np.divide(total, mass, out=np.zeros_like(total), where=usable)
    means: Floats = expected.sum(axis=1) / np.maximum(usable.sum(axis=1), 1)
    return means


def _levels(per_viewer: Floats, contrast: Contrast) -> tuple[float, float]:
    rest = contrast.declared & ~contrast.members
    return float(per_viewer[contrast.members].mean()), float(per_viewer[rest].mean())
