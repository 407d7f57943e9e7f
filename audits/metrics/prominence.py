"""Measure 3: is a group shown people who hardly appear in the title?

Billing weight b_c = 1/log2(1 + billing), q_c its share over a title's cast (or of the screen time,
where it is known for the whole cast); misrepresentation m(a) = 1 − Σ q_c over the depicted c.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.inference import BOOTSTRAP_DRAWS, PERMUTATIONS
from audits.metrics.measurement import Measurement
from audits.metrics.refusals import Bools, Floats

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
    """The gap in mean misrepresentation and in the event's rate, group minus rest.

    `left_out` artworks depict nobody; `left_out_exposure` is the share of exposure that they take
    from (group, rest).  Levels are the two sides' own means.
    """

    gap: Measurement
    event: Measurement
    levels: tuple[float, float]
    event_levels: tuple[float, float]
    left_out: int
    left_out_exposure: tuple[float, float]


def billing_shares(
    *, titles: ArrayLike, billing: ArrayLike, screen_time: ArrayLike | None = None
) -> Floats:
    """(C,) q_c of each cast credit: 1/log2(1 + billing), or screen time, as a share of its title.

    titles (C,) ids; billing (C,) from 1; screen_time (C,) in [0, 1], NaN where unknown: used for a
    title only if it is known for its whole cast and not all zero.
    """
    raise NotImplementedError


def artwork_prominence(
    *, artworks: int, artwork: ArrayLike, share: ArrayLike, billing: ArrayLike
) -> ArtworkProminence:
    """From a row per depicted credit: `artwork` (D,) from 0 to artworks − 1, `share` q_c, billing."""
    raise NotImplementedError


def prominence_gap(
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
) -> ProminenceGap:
    """Measure the gap for one group against the rest, from exposure (V, A).

    of_class (A,): crossed with a depicted class, True where the best-billed person depicted is of
    that class; the event then also asks for it: the marginal actor of that class.
    """
    raise NotImplementedError
