"""A depicted class: which artworks show people of it, and which are led by one.

Classes are what credited people declared of themselves. Who declared nothing is in no class.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.refusals import Bools, CannotMeasure, Floats, Ints, booleans, integers, whole


def depicted_share(*, artworks: int, artwork: ArrayLike, of_class: ArrayLike) -> Floats:
    """Find f_r(a), the share of an artwork's depicted people who are of the class.

    Args:
        artworks: A, how many artworks there are.
        artwork: (D,) for each depicted person the artwork's place, 0 to A − 1.
        of_class: (D,) True where the person is of the class.

    Returns:
        (A,) the share, in [0, 1]; 0 where nobody is depicted.

    Raises:
        CannotMeasure: by the argument's name.
    """
    places = artwork_places(artworks, artwork)
    member = booleans("of_class", of_class, shape=places.shape)
    people = np.bincount(places, minlength=artworks)
    inside = np.bincount(places, member, minlength=artworks)
    return np.divide(inside, people, out=np.zeros(artworks), where=people > 0)


def led_by_class(
    *, artworks: int, artwork: ArrayLike, billing: ArrayLike, of_class: ArrayLike
) -> Bools:
    """Find the artworks whose best-billed depicted person is of the class.

    Args:
        artworks: A, how many artworks there are.
        artwork: (D,) for each depicted person the artwork's place, 0 to A − 1.
        billing: (D,) the person's place in the title's cast; lower is better.
        of_class: (D,) True where the person is of the class.

    Returns:
        (A,) True where the best-billed is of the class. Of several who share the best billing,
        one of the class is enough.

    Raises:
        CannotMeasure: by the argument's name.
    """
    places = artwork_places(artworks, artwork)
    order = integers("billing", billing, shape=places.shape)
    member = booleans("of_class", of_class, shape=places.shape)
    best = np.full(artworks, np.iinfo(np.int64).max)
    np.minimum.at(best, places, order)
    leads = np.zeros(artworks, dtype=np.bool_)
    leads[places[member & (order == best[places])]] = True
    return leads


def artwork_places(artworks: int, artwork: ArrayLike) -> Ints:
    """Check the artworks' places of rows of depicted people.

    Args:
        artworks: A, how many artworks there are; at least 1.
        artwork: (D,) places, 0 to A − 1; D may be 0.

    Returns:
        (D,) the places.

    Raises:
        CannotMeasure: by the argument's name.
    """
    count = whole("artworks", artworks, least=1)
    places = integers("artwork", artwork, shape=(None,))
    if ((places < 0) | (places >= count)).any():
        raise CannotMeasure("artwork", f"must lie between 0 and {count - 1}")
    return places
