"""Policies: from scores to the whole vector of probabilities.

Slates are ragged (titles have different numbers of artworks), so all of a page
or of a panel is one flat array: `starts` (T,) says where each title's artworks
begin in the last axis, and every title has at least one.
"""

import numpy as np

from personalization.bandit import sums
from personalization.bandit.errors import BadInput, Floats, Ints, finite
from personalization.bandit.slates import Layout, layout, repeated

SHARPENING = 100.0  # chosen in the arena, on seeds that it does not report; see docs/arena.md
CURVE = 0.06  # see `share_slopes`
NOTHING = -1e200  # no artwork: never a title's best, and never infinite


def inverse_gap(
    scores: Floats, starts: Ints, *, gamma: float, floor: float, odds: bool = False
) -> Floats:
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
        odds: whether scores are log-odds of a reward; gaps are then turned into shares, nearly.

    Returns:
        (…, K) probabilities that sum to one within each title.
    """
    scores, places = _slates(scores, starts)
    padded = places.rectangle(scores.reshape(-1), NOTHING)
    chances = weigh(padded, places, gamma=gamma, floor=floor, odds=odds)
    return places.flat(chances).reshape(scores.shape)


def weigh(padded: Floats, places: Layout, *, gamma: float, floor: float, odds: bool) -> Floats:
    """As `inverse_gap`, over a rectangle whose gaps hold NOTHING: (W, T), anything in the gaps."""
    best = padded.max(axis=0)
    gaps = best - padded
    if odds:
        weights = _weights_by_odds(gaps, best, places.each, gamma)
    else:
        gaps *= gamma
        gaps += places.each
        weights = np.divide(1.0, gaps, out=gaps)
    if places.gaps is not None:
        weights[places.gaps] = 0.0
    return _floored(weights, padded.argmax(axis=0), places, floor)


def share_slopes(odds: Floats) -> Floats:
    """Return p(1 − p), nearly, for the chances p of these log-odds: ¼ / (1 + .06·odds²)⁴.

    Within 15 % up to 7 log-odds. All that it takes is rounded alike by every processor,
    which no library promises of exponentials; and how much is explored need be no more exact.
    """
    slopes = odds * odds
    slopes *= CURVE
    slopes += 1.0
    slopes *= slopes
    slopes *= slopes
    return np.divide(0.25, slopes, out=slopes)


def _weights_by_odds(gaps: Floats, best: Floats, each: Floats | float, gamma: float) -> Floats:
    """Return the weights of artworks that are d log-odds below their title's best: (W, T).

    With p the best's chance, the gap in shares of plays is taken as p(1 − p)·d / (1 + d/2):
    within a factor of 1.6 where p is from 1 to 50 %. So, of k artworks, the weight
    1 / (k + gamma · gap) is (1 + d/2) / (k + (k/2 + gamma · p(1 − p))·d). Spoils `gaps`.
    """
    above = gaps * 0.5
    above += 1.0
    pull = share_slopes(best)
    pull *= gamma
    pull += 0.5 * each
    gaps *= pull
    gaps += each
    above /= gaps
    return above


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
    scores, places = _slates(scores, starts)
    padded = places.rectangle(scores.reshape(-1), NOTHING)
    chances = _floored(np.zeros(padded.shape), padded.argmax(axis=0), places, floor)
    return places.flat(chances).reshape(scores.shape)


def uniform(starts: Ints, size: int) -> Floats:
    """Give every artwork of a title the same probability: (K,)."""
    counts = layout(starts, size).counts
    return np.asarray(np.repeat(1.0 / counts, counts), np.float64)


def effective_floor(counts: Ints | Floats | float, floor: float) -> Floats:
    """Return the floor for titles of so many artworks: at most half of an even share."""
    return np.minimum(floor, 0.5 / counts)


def title_index(starts: Ints, size: int) -> Ints:
    """Return the title of each place of the flat axis: (K,)."""
    counts = layout(starts, size).counts
    return np.repeat(np.arange(len(counts)), counts)


def _slates(scores: Floats, starts: Ints) -> tuple[Floats, Layout]:
    """Return the scores, checked, and the layout of all their slates one after the other."""
    scores = np.asarray(scores, np.float64)
    if not finite(scores):
        raise BadInput("scores holds NaN or infinity")
    places = layout(starts, scores.shape[-1])
    return scores, repeated(places, scores.size // max(scores.shape[-1], 1))


def _floored(weights: Floats, best: Ints, places: Layout, floor: float) -> Floats:
    """Give each title's first best artwork what the others leave, and everybody the floor.

    In place: (W, T).
    """
    titles = len(best)
    at = best * titles + np.arange(titles)
    flat = weights.reshape(-1)
    flat[at] = 0.0
    flat[at] = 1.0 - sums.from_left(weights)
    least = effective_floor(places.each, floor)
    weights *= 1.0 - places.each * least
    weights += least
    return weights
