"""Which titles of a history are replaced, and by which: another class's lead, or the same class's.

Each replaced title gets two matches.  The one whose lead is of another class is the nearest.  The
one of the same class is that whose distance is most alike, so that both arms change a history by
about as much, and only the class tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.chances import Use, checked_seeds, seeds_of_pairs, uniforms
from audits.metrics.refusals import CannotMeasure, Floats, Ints, floats, integers, whole

SWAPS = 3
NO_MATCH = -1
_TIE = 1e-9  # of a distance, far below any that tells titles apart
_CHUNK = 256  # titles whose distances to all others are held at once


@dataclass(frozen=True, eq=False)
class Matches:
    """For each of T titles, what may replace it.

    Attributes:
        other, same: (T,) the place of the match of another class, and of the same class; -1 for
            both where one is missing.
        other_distance, same_distance: (T,) how far they are; 0 where there is none.
    """

    other: Ints
    same: Ints
    other_distance: Floats
    same_distance: Floats


@dataclass(frozen=True, eq=False)
class Swaps:
    """S titles of histories that are replaced.

    Attributes (S,): the viewer's row, and the title's place.
    """

    viewers: Ints
    titles: Ints


def match_titles(*, traits: ArrayLike, classes: ArrayLike) -> Matches:
    """Find each title's matches.

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
    far, near = np.zeros(len(codes)), np.zeros(len(codes))
    known = np.flatnonzero(codes >= 0)
    for start in range(0, len(known), _CHUNK):
        rows = known[start : start + _CHUNK]
        apart = _distances(numbers[rows], numbers[known]) + _ties(rows, known)
        alike = codes[rows, None] == codes[None, known]
        itself = rows[:, None] == known[None, :]
        to_other = np.where(alike, np.inf, apart)
        first = to_other.argmin(axis=1)
        gap = to_other[np.arange(len(rows)), first]
        reference = np.where(np.isfinite(gap), gap, 0.0)
        to_same = np.where(alike & ~itself, np.abs(apart - reference[:, None]), np.inf)
        second = to_same.argmin(axis=1)
        found = np.isfinite(gap) & np.isfinite(to_same[np.arange(len(rows)), second])
        other[rows[found]], same[rows[found]] = known[first[found]], known[second[found]]
        far[rows[found]] = gap[found]
        near[rows[found]] = apart[np.arange(len(rows)), second][found]
    return Matches(other, same, far, near)


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
