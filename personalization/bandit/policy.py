"""Policies: from scores to the whole vector of probabilities.

Slates are ragged (titles have different numbers of artworks), so all of a page
or of a panel is one flat array: `starts` (T,) says where each title's artworks
begin in the last axis, and every title has at least one.
"""

import numpy as np

from personalization.bandit.errors import BadInput, Floats, Ints
from personalization.bandit.slates import Layout, layout

SHARPENING = 100.0  # chosen in the arena, on seeds that it does not report; see docs/arena.md
_NOTHING = -1e200  # no artwork: never a title's best, and never infinite


def inverse_gap(scores: Floats, starts: Ints, *, gamma: float, floor: float) -> Floats:
    """Weight artworks by the inverse of their gap to the title's best, with a floor.

    An artwork that is not the best gets 1 / (k + gamma · gap) of k eligible ones;
    the best takes what is left (Foster and Rakhlin 2020, SquareCB, after Abe and
    Long 1999). Then everything is mixed with the even share so that none falls
    under the floor.

    Args:
        scores: (…, K) expected rewards, flat over titles.
        starts: (T,) first index of each title, increasing, from 0.
        gamma: sharpness, from 0 (uniform).
        floor: least probability; see `effective_floor`.

    Returns:
        (…, K) probabilities that sum to one within each title.
    """
    places, padded = _scored(scores, starts)
    best = padded.max(axis=-1, keepdims=True)
    each = places.counts[:, None].astype(np.float64)
    weights = 1.0 / (each + gamma * (best - padded))
    if places.there is not None:
        weights = np.where(places.there, weights, 0.0)
    return _floored(weights, padded.argmax(axis=-1), places, floor)


def sharpness(decisions: float) -> float:
    """Return the gamma for a model that has learnt from so many (decayed) decisions.

    Inverse-gap weighting owes its guarantee to a gamma that grows with the root of
    what was seen: as gaps become known, exploring them is paid for nothing.
    """
    if not 0.0 <= decisions < float("inf"):
        raise BadInput("decisions must be a number from 0")
    return SHARPENING * float(np.sqrt(decisions))


def greedy(scores: Floats, starts: Ints, *, floor: float) -> Floats:
    """Give all but the floors to the title's best artwork (the first, if several are)."""
    places, padded = _scored(scores, starts)
    return _floored(np.zeros(padded.shape), padded.argmax(axis=-1), places, floor)


def uniform(starts: Ints, size: int) -> Floats:
    """Give every artwork of a title the same probability: (K,)."""
    counts = layout(starts, size).counts
    return np.asarray(np.repeat(1.0 / counts, counts), np.float64)


def effective_floor(counts: Ints, floor: float) -> Floats:
    """Return the floor for titles of so many artworks: at most half of an even share."""
    return np.minimum(floor, 0.5 / np.maximum(counts, 1))


def title_index(starts: Ints, size: int) -> Ints:
    """Return the title of each place of the flat axis: (K,)."""
    counts = layout(starts, size).counts
    return np.repeat(np.arange(len(counts)), counts)


def _scored(scores: Floats, starts: Ints) -> tuple[Layout, Floats]:
    """Return the slate's layout, and its scores as a rectangle with nothing better in the gaps."""
    scores = np.asarray(scores, np.float64)
    # One pass finds both: a sum with NaN or infinity in it is not finite.
    if scores.size and not np.isfinite(scores.sum()) and not np.isfinite(scores).all():
        raise BadInput("scores holds NaN or infinity")
    places = layout(starts, scores.shape[-1])
    return places, places.rectangle(scores, _NOTHING)


def _floored(weights: Floats, best: Ints, places: Layout, floor: float) -> Floats:
    """Give each title's first best artwork what the others leave, and everybody the floor.

    Sums run from left to right, so that a title's have the same bits on any page.
    """
    first = best[..., None]
    np.put_along_axis(weights, first, 0.0, axis=-1)
    rest = 1.0 - weights.cumsum(axis=-1)[..., -1:]
    np.put_along_axis(weights, first, rest, axis=-1)
    least = effective_floor(places.counts, floor)[:, None]
    return places.flat((1.0 - places.counts[:, None] * least) * weights + least)
