"""The truth of a simulation: P(quality play | viewer, title, artwork, position), explicitly.

    logit p = base + title·T + own_a + picture·M + kind·K + cast·C + position·log(1 + place)

T is the viewer's taste for the title's genres, M for the genres that the picture's moods suggest,
and K for its kind. C is how much of the depicted cast the viewer knows. own_a is an appeal that is
the same for everybody. The learner knows neither the link nor any of these.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from personalization.bandit.arrays import Floats, Ints
from personalization.features.artworks import ArtworkIndex
from personalization.features.history import TitleFacts
from personalization.features.manifest import GENRES, KINDS, MOODS

MOOD_GENRES = {
    "tense": ("thriller", "crime", "mystery", "action"),
    "warm": ("childrens", "comedy", "drama", "animation"),
    "playful": ("comedy", "animation", "childrens", "musical"),
    "dark": ("horror", "film-noir", "crime", "documentary"),
    "epic": ("adventure", "sci-fi", "fantasy", "war", "western"),
    "tender": ("romance", "drama", "musical"),
}


@dataclass(frozen=True, slots=True)
class Pulls:
    """How strongly each part moves the log-odds of a quality play."""

    base: float = -2.3
    title: float = 0.5
    own: float = 0.4
    picture: float = 0.9
    kind: float = 0.25
    cast: float = 0.9
    position: float = -0.3


@dataclass(frozen=True)
class Truth:
    """What is true of V viewers and the K artworks of an index.

    Attributes:
        tastes: (V, 18) by genre, each column centred and scaled over the viewers. titles, pictures:
        (K, 18) directions of the title's genres and of the picture's. kinds: (K, 18) how viewers of
        each genre like the artwork's kind. own: (K,) appeal that is the same for everybody. known:
        (V, K) sparse, from 0 to 1: how much of the depicted cast a viewer knows.
    """

    pulls: Pulls
    tastes: Floats
    titles: Floats
    pictures: Floats
    kinds: Floats
    own: Floats
    known: sparse.csr_array

    def probability(self, viewers: Ints, places: Ints, positions: Ints) -> Floats:
        """Return P(quality play) for rows of viewers, artwork places and page positions: (N,)."""
        taste, pulls = self.tastes[viewers], self.pulls
        by_genre = (
            pulls.title * self.titles[places]
            + pulls.picture * self.pictures[places]
            + pulls.kind * self.kinds[places]
        )
        known = np.asarray(self.known[viewers, places]).reshape(-1)
        return np.asarray(
            expit(
                pulls.base
                + np.einsum("ng,ng->n", taste, by_genre)
                + self.own[places]
                + pulls.cast * known
                + pulls.position * np.log1p(positions)
            )
        )


def make_truth(
    tastes: Floats,
    affinity: sparse.csr_array,
    persons: Ints,
    index: ArtworkIndex,
    facts: TitleFacts,
    *,
    seed: int,
    pulls: Pulls | None = None,
) -> Truth:
    """Plant a truth.

    Args:
        tastes: (V, 18) shares of watching by genre. affinity: (V, P) share of watching that was
        each person's; `persons` (P,) increasing. facts: of every title of the index. seed: of what
        does not follow from histories: artworks' own appeal, and how genres like kinds.
    """
    pulls = pulls or Pulls()
    title = np.searchsorted(facts.ids, np.repeat(index.title_ids, np.diff(index.starts)))
    kind_tastes = np.random.default_rng([seed, 1]).standard_normal((len(KINDS), len(GENRES)))
    return Truth(
        pulls=pulls,
        tastes=standardised(tastes),
        titles=_directions(facts.shares[title, : len(GENRES)]),
        pictures=_directions(_mood_genres(index)),
        kinds=index.features[:, : len(KINDS)] @ kind_tastes / np.sqrt(len(GENRES)),
        own=pulls.own * _own_appeal(index.artwork_ids, seed),
        known=_recognition(_depicted_affinity(affinity, persons, index)),
    )


def standardised(values: Floats) -> Floats:
    """Centre and scale each column; a column that does not vary becomes zeros."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _directions(shares: Floats) -> Floats:
    length = np.linalg.norm(shares, axis=1, keepdims=True)
    return np.asarray(shares / np.where(length > 0, length, 1.0))


def _mood_genres(index: ArtworkIndex) -> Floats:
    table = np.zeros((len(MOODS), len(GENRES)))
    for row, mood in enumerate(MOODS):
        for genre in MOOD_GENRES[mood]:
            table[row, GENRES.index(genre)] = 1.0 / len(MOOD_GENRES[mood])
    first = len(KINDS)
    return np.asarray(index.features[:, first : first + len(MOODS)] @ table)


def _own_appeal(artwork_ids: Ints, seed: int) -> Floats:
    """Draw each artwork's appeal by its id, so that a new artwork changes no other's."""
    return np.array(
        [np.random.default_rng([seed, 2, int(pk)]).standard_normal() for pk in artwork_ids]
    )


def _depicted_affinity(
    affinity: sparse.csr_array, persons: Ints, index: ArtworkIndex
) -> sparse.csr_array:
    """As `ArtworkIndex.matches`, but sparse, for a large catalogue and many viewers."""
    counts = np.diff(index.cast_indptr)
    owner = np.repeat(np.arange(len(counts)), counts)
    there = np.isin(index.cast_people, persons)
    cast = sparse.csr_array(
        (
            np.ones(int(there.sum())),
            (np.searchsorted(persons, index.cast_people[there]), owner[there]),
        ),
        shape=(len(persons), len(counts)),
    )
    return (affinity @ cast).tocsr()


def _recognition(affinity: sparse.csr_array) -> sparse.csr_array:
    """Turn shares of watching into familiarity, c / (c + typical c): first films count most."""
    known = affinity.copy()
    if known.nnz:
        known.data = known.data / (known.data + np.median(known.data))
    return known
