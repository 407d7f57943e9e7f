"""Which titles of a history are replaced, and by which: another class's lead, or the same class's.

Each replaced title gets two matches, one of another class and one of the same.  They are near the
title and above all near each other, so that both arms change a history in the same way, and only
the class tells them apart.  Matches that are only as far from the title as each other are not
enough: the rarer class has fewer titles to choose from, and its matches more often have another
genre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.chances import Use, checked_seeds, seeds_of_pairs, uniforms
from audits.metrics.refusals import CannotMeasure, Floats, Ints, floats, integers, whole

SWAPS = 3
NO_MATCH = -1
NEAREST = 20  # titles of each side among which the two matches are looked for
ALIKE = 4.0  # how much more the matches' distance from each other counts than theirs from the title
FARTHEST = 1.0  # matches that are farther from each other are none: two genres are √2 apart
_TIE = 1e-9  # of a distance, far below any that tells titles apart
_CHUNK = 128  # titles whose distances to all others are held at once


@dataclass(frozen=True, eq=False)
class Matches:
    """For each of T titles, what may replace it.

    Attributes:
        other, same: (T,) the place of the match of another class, and of the same class; -1 for
            both where one is missing.
        other_distance, same_distance: (T,) how far they are; 0 where there is none.
        apart: (T,) how far they are from each other; 0 where there is none.
    """

    other: Ints
    same: Ints
    other_distance: Floats
    same_distance: Floats
    apart: Floats


@dataclass(frozen=True, eq=False)
class Swaps:
    """S titles of histories that are replaced.

    Attributes (S,): the viewer's row, and the title's place.
    """

    viewers: Ints
    titles: Ints


def match_titles(*, traits: ArrayLike, classes: ArrayLike) -> Matches:
    """Find each title's matches.

    Of the 20 nearest titles of another class and the 20 nearest of the same, these are the two with
    the least sum of their distances from the title and four times the distance between them. Two
    that are more than 1 apart are no matches: where a class has genres of its own, what its leads
    change cannot be told from what its genres change.

    Args:
        traits: (T, D) what titles are matched on, each column in a scale of its own.
        classes: (T,) the class of each title's lead, 0 or more; -1 where it is unknown.

    Returns:
        The matches.  Titles of unknown class have none, and are none.

    Raises:
        CannotMeasure: by the argument's name.

    Source: nearest neighbours by Euclidean distance, Stuart 2010, Matching Methods for Causal
        Inference, section 3.
    """
    numbers = floats("traits", traits, shape=(None, None))
    codes = integers("classes", classes, shape=(len(numbers),))
    if (codes < NO_MATCH).any():
        raise CannotMeasure("classes", "must be 0 or more, or -1")
    other, same = (np.full(len(codes), NO_MATCH, dtype=np.int64) for _ in range(2))
    distances = np.zeros((3, len(codes)))
    known = np.flatnonzero(codes >= 0)
    for start in range(0, len(known), _CHUNK):
        rows = known[start : start + _CHUNK]
        apart = _distances(numbers[rows], numbers[known]) + _ties(rows, known)
        alike = codes[rows, None] == codes[None, known]
        itself = rows[:, None] == known[None, :]
        to_other, others = _nearest(np.where(alike, np.inf, apart))
        to_same, sames = _nearest(np.where(alike & ~itself, apart, np.inf))
        first, second, between = _pairs(
            numbers[known], others=others, sames=sames, to_other=to_other, to_same=to_same
        )
        place = np.arange(len(rows))
        far, near = to_other[place, first], to_same[place, second]
        found = np.isfinite(far) & np.isfinite(near) & (between <= FARTHEST)
        other[rows[found]] = known[others[place, first]][found]
        same[rows[found]] = known[sames[place, second]][found]
        distances[:, rows[found]] = np.stack([far, near, between])[:, found]
    return Matches(other, same, *distances)


def choose_swaps(
    *, viewers: ArrayLike, titles: ArrayLike, matches: Matches, seeds: ArrayLike, count: int = SWAPS
) -> Swaps:
    """Choose at random which titles of each history are replaced.

    Args:
        viewers: (H,) the viewer's row of each title that was watched, 0 or more.
        titles: (H,) the title's place, 0 to T − 1, or -1 for a title without a place.
        matches: of the T titles.
        seeds: (H,) the viewer's seed, 0 or more; which titles are replaced follows from it.
        count: how many titles of a history are replaced at most, at least 1.

    Returns:
        The titles that are replaced, by viewer; none of a viewer whose titles have no match.

    Raises:
        CannotMeasure: by the argument's name.
    """
    rows = integers("viewers", viewers, shape=(None,))
    places = integers("titles", titles, shape=rows.shape)
    if (rows < 0).any():
        raise CannotMeasure("viewers", "must not be negative")
    if ((places < NO_MATCH) | (places >= len(matches.other))).any():
        raise CannotMeasure("titles", f"must lie between -1 and {len(matches.other) - 1}")
    count = whole("count", count, least=1)
    own = checked_seeds(seeds, viewers=len(rows))
    usable = np.flatnonzero(places >= 0)
    usable = usable[matches.other[places[usable]] >= 0]
    pairs = seeds_of_pairs(seeds=own[usable], places=places[usable])
    keys = uniforms(seeds=pairs, use=Use.SWAPS, count=1)[0]
    order = usable[np.lexsort((keys, rows[usable]))]
    sorted_rows = rows[order]
    first = np.searchsorted(sorted_rows, sorted_rows, side="left")
    kept = order[np.arange(len(order)) - first < count]
    return Swaps(rows[kept], places[kept])


def _nearest(distances: Floats) -> tuple[Floats, Ints]:
    """(n, k) the least of each row's distances, and their places."""
    count = min(NEAREST, distances.shape[1])
    places = np.argpartition(distances, count - 1, axis=1)[:, :count].astype(np.int64)
    return np.take_along_axis(distances, places, axis=1), places


def _pairs(
    traits: Floats, *, others: Ints, sames: Ints, to_other: Floats, to_same: Floats
) -> tuple[Ints, Ints, Floats]:
    """Choose one of each row's other titles, and one of its same ones, that are alike.

    Args:
        traits: (K, D); others, sames: (n, k) places; to_other, to_same: (n, k) their distances.

    Returns:
        The columns of both, and how far they are from each other: three times (n,).
    """
    ours, theirs = traits[others], traits[sames]
    squares = (
        (ours**2).sum(axis=2)[:, :, None]
        + (theirs**2).sum(axis=2)[:, None, :]
        - 2 * ours @ theirs.transpose(0, 2, 1)
    )
    between = np.sqrt(np.maximum(squares, 0.0))
    cost = to_other[:, :, None] + to_same[:, None, :] + ALIKE * between
    first, second = np.divmod(cost.reshape(len(cost), -1).argmin(axis=1), sames.shape[1])
    return first, second, between[np.arange(len(cost)), first, second]


def _ties(ours: Ints, theirs: Ints) -> Floats:
    """(n, m) tiny numbers that break ties, so that not one title is everybody's match."""
    mixed = (ours[:, None] * 2_654_435_761 + theirs[None, :] * 40_503 * 65_537) % 1_000_003
    return _TIE * mixed.astype(np.float64) / 1_000_003


def _distances(ours: Floats, theirs: Floats) -> Floats:
    """(n, m) Euclidean distances."""
    squares = (
        (ours**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1)[None, :] - 2 * ours @ theirs.T
    )
    apart: Floats = np.sqrt(np.maximum(squares, 0.0))
    return apart
