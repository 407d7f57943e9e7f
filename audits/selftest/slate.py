"""The titles, artworks and casts that all worlds of the self-test share.

Worlds differ in their viewers.  With one slate, a measure's true value depends on what was planted
alone, and can be computed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from audits.metrics.prominence import billing_shares
from audits.metrics.refusals import Bools, Floats, Ints

TITLES, ARTWORKS, CAST = 24, 5, 8
TASTES, WATCHABLE = 6, 84  # genres, and titles that anybody can have watched
# Who is seen in each artwork of a title, by billing: lead, ensemble, second, marginal, nobody.
DEPICTED: tuple[tuple[int, ...], ...] = ((1,), (1, 2, 3), (2,), (6,), ())
MARGINAL = 3  # the place of the artwork that shows a marginal actor
_SEED = 20181018


@dataclass(frozen=True, eq=False)
class SharedSlate:
    """T titles with K artworks each, A = T × K in all.

    Attributes:
        titles: (A,) each artwork's title.
        weights: (T,) the titles' weights; they add up to 1.
        base: (A,) what an artwork scores with everybody.
        appeal: (A, G) what it scores besides, for each unit of a viewer's share of a genre.
        marginal: (A,) True for artworks that show a marginal actor.
        artwork, person, billing, share: (D,) for each depicted person the artwork's place, the
            person's number, the billing, and the share of the title (as the audit weighs it).
        of_class: (P,) True where a person is of the first depicted class.
        genres: (H,) the genre of each title that can have been watched.
    """

    titles: Ints
    weights: Floats
    base: Floats
    appeal: Floats
    marginal: Bools
    artwork: Ints
    person: Ints
    billing: Ints
    share: Floats
    of_class: Bools
    genres: Ints


@cache
def slate() -> SharedSlate:
    """Return the slate.  It is the same in every process."""
    rng = np.random.default_rng(_SEED)
    count = TITLES * ARTWORKS
    weights = rng.gamma(2.0, size=TITLES)
    depicted = [
        (title * ARTWORKS + place, title * CAST + billing - 1, billing)
        for title in range(TITLES)
        for place, shown in enumerate(DEPICTED)
        for billing in shown
    ]
    artwork, person, billing = np.array(depicted, dtype=np.int64).T
    shares = billing_shares(
        titles=np.repeat(np.arange(TITLES), CAST), billing=np.tile(np.arange(1, CAST + 1), TITLES)
    )
    return SharedSlate(
        titles=np.repeat(np.arange(TITLES, dtype=np.int64), ARTWORKS),
        weights=weights / weights.sum(),
        base=rng.normal(0, 0.5, size=count),
        appeal=rng.normal(size=(count, TASTES)),
        marginal=np.arange(count) % ARTWORKS == MARGINAL,
        artwork=artwork,
        person=person,
        billing=billing,
        share=shares[person],
        of_class=rng.random(TITLES * CAST) < 0.4,
        genres=np.arange(WATCHABLE, dtype=np.int64) % TASTES,
    )
