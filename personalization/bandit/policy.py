"""Policies: from scores to the whole vector of probabilities.

Slates are ragged (titles have different numbers of artworks), so all of a page
or of a panel is one flat array: `starts` (T,) says where each title's artworks
begin in the last axis, and every title has at least one.
"""

import numpy as np

from personalization.bandit.errors import BadInput, Floats, Ints, ints


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
    scores, starts, title = _slate(scores, starts)
    counts = _counts(starts, scores.shape[-1])
    each = counts[title].astype(np.float64)
    best = np.maximum.reduceat(scores, starts, axis=-1)
    gaps = best[..., title] - scores
    weights = 1.0 / (each + gamma * gaps)
    weights = _give_rest_to_first_best(weights, gaps, starts, title)
    least = effective_floor(counts, floor)[title]
    return (1.0 - each * least) * weights + least


SHARPENING = 100.0  # chosen in the arena, on seeds that it does not report; see docs/arena.md


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
    scores, starts, title = _slate(scores, starts)
    counts = _counts(starts, scores.shape[-1])
    best = np.maximum.reduceat(scores, starts, axis=-1)
    gaps = best[..., title] - scores
    weights = _give_rest_to_first_best(np.zeros_like(scores), gaps, starts, title)
    least = effective_floor(counts, floor)[title]
    return (1.0 - counts[title] * least) * weights + least


def uniform(starts: Ints, size: int) -> Floats:
    """Give every artwork of a title the same probability: (K,)."""
    _, starts, title = _slate(np.zeros(size), starts)
    return np.asarray(1.0 / _counts(starts, size)[title], np.float64)


def effective_floor(counts: Ints, floor: float) -> Floats:
    """Return the floor for titles of so many artworks: at most half of an even share."""
    return np.minimum(floor, 0.5 / np.maximum(counts, 1))


def title_index(starts: Ints, size: int) -> Ints:
    """Return the title of each place of the flat axis: (K,)."""
    return np.repeat(np.arange(len(starts)), _counts(starts, size))


def _give_rest_to_first_best(weights: Floats, gaps: Floats, starts: Ints, title: Ints) -> Floats:
    """Return weights in which each title's first best artwork has what the others leave."""
    place = np.arange(gaps.shape[-1])
    first = np.minimum.reduceat(np.where(gaps == 0, place, gaps.shape[-1]), starts, axis=-1)
    is_first = first[..., title] == place
    others = np.where(is_first, 0.0, weights)
    rest = 1.0 - np.add.reduceat(others, starts, axis=-1)
    return np.where(is_first, rest[..., title], weights)


def _slate(scores: Floats, starts: Ints) -> tuple[Floats, Ints, Ints]:
    scores = np.asarray(scores, np.float64)
    if not np.isfinite(scores).all():
        raise BadInput("scores holds NaN or infinity")
    starts = ints("starts", starts, (None,))
    if scores.shape[-1] and (not len(starts) or starts[0] != 0):
        raise BadInput("starts must begin with 0")
    if (np.diff(starts) <= 0).any() or (len(starts) and starts[-1] >= scores.shape[-1]):
        raise BadInput("starts must increase and leave each title an artwork")
    return scores, starts, title_index(starts, scores.shape[-1])


def _counts(starts: Ints, size: int) -> Ints:
    return np.diff(np.append(starts, size)).astype(np.int64)
