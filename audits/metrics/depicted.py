"""A depicted class: which artworks show people of it, and which are led by one.

Classes are what credited people declared of themselves; who declared nothing is in none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.refusals import Bools, Floats, Ints, Refused, booleans, integers


def depicted_share(*, artworks: int, artwork: ArrayLike, of_class: ArrayLike) -> Floats:
    """(A,) f_r(a): the share of an artwork's depicted people who are of the class; 0 for nobody.

    From one row per depicted person (D,): `artwork` its place, 0 to `artworks` − 1; `of_class`.
    """
    places = _places(artworks, artwork)
    member = booleans("of_class", of_class, shape=places.shape)
    people = np.bincount(places, minlength=artworks)
    inside = np.bincount(places, member, minlength=artworks)
    return np.divide(inside, people, out=np.zeros(artworks), where=people > 0)


def led_by_class(
    *, artworks: int, artwork: ArrayLike, billing: ArrayLike, of_class: ArrayLike
) -> Bools:
    """(A,) True where the best-billed person depicted is of the class.

    Of several who share the best billing, one of the class is enough.
    """
    places = _places(artworks, artwork)
    order = integers("billing", billing, shape=places.shape)
    member = booleans("of_class", of_class, shape=places.shape)
    best = np.full(artworks, np.iinfo(np.int64).max)
    np.minimum.at(best, places, order)
    leads = np.zeros(artworks, dtype=np.bool_)
    leads[places[member & (order == best[places])]] = True
    return leads


def _places(artworks: int, artwork: ArrayLike) -> Ints:
    places = integers("artwork", artwork, shape=(None,))
    if ((places < 0) | (places >= artworks)).any():
        raise Refused("artwork", f"must lie between 0 and {artworks - 1}")
    return places
