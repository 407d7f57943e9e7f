"""The demo's audience: synthetic viewers with planted tastes, so that the truth is known.

Each viewer belongs to one of eight circles of taste. A circle prefers a few genres. A viewer's
taste is a Dirichlet draw around their circle's: members are similar, and no two are the same. The
circles differ in size.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from catalog.canon import GENRES

# Circle → (its share of the audience, genre → weight).
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
# The weight of every other genre, so that no taste is zero.
COMMON = 0.25
# Dirichlet concentration per unit of weight. A larger value makes members more alike.
LIKENESS = 1.5


@dataclass(frozen=True, slots=True)
class Taste:
    """One viewer's planted taste: `genres` maps each canonical genre to its share (sum 1)."""

    number: int
    circle: str
    genres: Mapping[str, float]


def audience(n: int, seed: int) -> list[Taste]:
    """Return `n` viewers' tastes, the same for the same seed; a larger `n` only appends.

    Raises ValueError if `n` is negative.
    """
    if n < 0:
        raise ValueError(f"The size of an audience cannot be negative: {n}.")
    return [_taste(number, seed) for number in range(n)]


def _taste(number: int, seed: int) -> Taste:
    random = np.random.default_rng([seed, number])
    names = list(CIRCLES)
    circle = names[random.choice(len(names), p=[CIRCLES[name][0] for name in names])]
    weights = CIRCLES[circle][1]
    shares = random.dirichlet([LIKENESS * (COMMON + weights.get(genre, 0.0)) for genre in GENRES])
    return Taste(number, circle, dict(zip(GENRES, shares.tolist(), strict=True)))
