"""The demo's audience: synthetic viewers whose tastes are known, because they were planted.

Each viewer belongs to one of eight circles of taste. A circle loves a few
genres; a viewer is a Dirichlet draw around their circle, so that members
resemble each other and none is a copy. Circle sizes differ, as audiences do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from catalog.canon import GENRES

# Each circle: how large a part of the audience it is, and what its members love.
CIRCLES: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "nightwatch": (0.16, {"thriller": 5, "crime": 4, "film-noir": 3, "mystery": 3}),
    "hearts": (0.16, {"romance": 6, "drama": 4, "comedy": 3, "musical": 1}),
    "voyagers": (0.15, {"sci-fi": 6, "adventure": 4, "fantasy": 3, "action": 2}),
    "family table": (0.14, {"childrens": 5, "animation": 5, "comedy": 3, "musical": 2}),
    "front row": (0.11, {"musical": 4, "comedy": 4, "drama": 3, "romance": 2}),
    "campfire": (0.10, {"western": 4, "war": 4, "action": 4, "adventure": 3}),
    "lamplight": (0.09, {"horror": 6, "mystery": 4, "fantasy": 2, "thriller": 2}),
    "witnesses": (0.09, {"documentary": 6, "drama": 3, "war": 2, "crime": 2}),
}
# What everyone has of every genre, so that no taste is ever quite nothing.
COMMON = 0.25
# How much of a Dirichlet's concentration one point of love is: larger, more alike.
LIKENESS = 1.5


@dataclass(frozen=True, slots=True)
class Taste:
    """One viewer's planted taste: `genres` maps each canonical genre to a share; they sum to 1."""

    number: int
    circle: str
    genres: Mapping[str, float]


def audience(n: int, seed: int) -> list[Taste]:
    """Return `n` viewers' tastes, the same for the same seed; a larger `n` begins with a smaller's.

    Raises ValueError where `n` is negative.
    """
    if n < 0:
        raise ValueError(f"An audience has no negative size: {n}.")
    return [_taste(number, seed) for number in range(n)]


def _taste(number: int, seed: int) -> Taste:
    random = np.random.default_rng([seed, number])
    names = list(CIRCLES)
    circle = names[random.choice(len(names), p=[CIRCLES[name][0] for name in names])]
    loves = CIRCLES[circle][1]
    shares = random.dirichlet([LIKENESS * (COMMON + loves.get(genre, 0.0)) for genre in GENRES])
    return Taste(number, circle, dict(zip(GENRES, shares.tolist(), strict=True)))
