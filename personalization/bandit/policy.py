"""Policies: from scores to the whole vector of probabilities.

Slates are ragged (titles have different numbers of artworks), so all of a page or of a panel is
one flat array: `starts` (T,) says where each title's artworks begin in the last axis, and every
title has at least one.
"""

from collections.abc import Callable

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, number, refuse, shaped
from personalization.bandit.errors import BadInput
from personalization.bandit.slates import artworks_of, begins
from personalization.bandit.spec import FLOOR, MOST_FLOOR

SHARPENING = 100.0  # chosen in the arena, on seeds that it does not report; see docs/arena.md
# The floor is Spec's until this many decisions were learnt from, and never below the least.
UNTIL, LEAST = 100_000.0, 0.002
TOO_FAR = "scores lie too far apart"
ROUNDING = 1e-12  # by how much a product may pass one


def inverse_gap(
    scores: Floats, starts: Ints, *, gamma: float, floor: float, odds: bool = False
) -> Floats:
    """Weight artworks by the inverse of their gap to the title's best, with a floor.

    An artwork that is not the best gets 1 / (k + gamma · gap) of k eligible ones; the best takes
    what is left (Foster and Rakhlin 2020, SquareCB, after Abe and Long 1999). Then everything is
    mixed with the even share so that no probability falls under the floor.

    Args:
        scores: (…, K) expected rewards, flat over titles.
        starts: (T,) first index of each title, increasing, from 0.
        gamma: sharpness, from 0 (uniform).
        floor: least probability, from 0 to 0.5 and to 1/k of the title with most artworks. Where
            it is more than half of a title's even share, that half is the floor.
        odds: whether scores are log-odds of a reward. Gaps are then converted approximately to
            shares of plays: see `kernels`.

    Returns:
        (…, K) probabilities that sum to one within each title.

    Raises:
        BadInput: naming the argument that makes no sense.
    """
    gamma = number("gamma", gamma, least=0.0)
    chances = weighted(scores, starts, gamma=gamma, floor=_bounded(floor), odds=bool(odds))
    _check_room(floor, starts, chances)
    return chances


def weighted(scores: Floats, starts: Ints, *, gamma: float, floor: float, odds: bool) -> Floats:
    """Weight artworks as `inverse_gap` does, by a gamma and a floor that `Spec` has checked.

    A model cannot know how many artworks a title will get, so its floor may be more than an even
    share; then half of the even share is the floor.

    Args:
        scores, starts, odds: as for `inverse_gap`.
        gamma, floor: as in `Spec`.

    Returns:
        (…, K) probabilities that sum to one within each title.

    Raises:
        BadInput: if `scores` or `starts` make no sense.
    """
    return _each_slate(kernels.inverse_gap, scores, starts, float(gamma), float(floor), odds)


def sharpness(decisions: float) -> float:
    """Return the gamma for a model that has learnt from so many decisions.

    The guarantee of inverse-gap weighting needs a gamma that grows with the root of the number
    of decisions (Foster and Rakhlin 2020, theorem 1): once gaps are known, exploring them costs
    plays and brings nothing.

    Args:
        decisions: how many, after decay.

    Raises:
        BadInput: if that is negative, NaN or infinite.
    """
    return SHARPENING * float(np.sqrt(number("decisions", decisions, least=0.0)))


def least_probability(decisions: float) -> float:
    """Return the floor for a model that has learnt from so many decisions.

    It falls with the root of the number of decisions: a choice made for the floor's sake then
    costs ever less in the mean, and such choices still become more in number. The least floor
    bounds the weights of off-policy estimates to 500.

    Args:
        decisions: how many, after decay.

    Raises:
        BadInput: if that is negative, NaN or infinite.
    """
    decisions = number("decisions", decisions, least=0.0)
    return max(LEAST, FLOOR * min(1.0, float(np.sqrt(UNTIL / max(decisions, 1.0)))))


def greedy(scores: Floats, starts: Ints, *, floor: float) -> Floats:
    """Give all but the floors to each title's best artwork (the first, if several are best).

    Args:
        scores: (…, K) flat over titles, on any scale.
        starts: (T,) first index of each title, increasing, from 0.
        floor: as for `inverse_gap`.

    Returns:
        (…, K) probabilities that sum to one within each title.

    Raises:
        BadInput: naming the argument that makes no sense.
    """
    chances = _each_slate(kernels.greedy, scores, starts, _bounded(floor))
    _check_room(floor, starts, chances)
    return chances


def uniform(starts: Ints, size: int) -> Floats:
    """Give every artwork of a title the same probability.

    Args:
        starts: (T,) first index of each title, increasing, from 0.
        size: K, how many artworks all titles have together.

    Returns:
        (K,) probabilities that sum to one within each title.

    Raises:
        BadInput: naming the argument that makes no sense.
    """
    counts = artworks_of(starts, size)
    return np.asarray(np.repeat(1.0 / counts, counts), np.float64)


def title_index(starts: Ints, size: int) -> Ints:
    """Return which title each place of the flat axis belongs to.

    Args:
        starts, size: as for `uniform`.

    Returns:
        (K,) from 0 to T − 1.

    Raises:
        BadInput: naming the argument that makes no sense.
    """
    counts = artworks_of(starts, size)
    return np.repeat(np.arange(len(counts)), counts)


def _bounded(floor: float) -> float:
    return number("floor", floor, least=0.0, most=MOST_FLOOR)


def _check_room(floor: float, starts: Ints, chances: Floats) -> None:
    """Refuse a floor that not all artworks of a title can have."""
    largest = int(artworks_of(starts, chances.shape[-1]).max(initial=1))
    if floor * largest > 1.0 + ROUNDING:
        raise BadInput(f"floor must be at most 1/{largest}: a title has {largest} artworks")


def _each_slate(kernel: Callable[..., bool], scores: Floats, starts: Ints, *how: float) -> Floats:
    """Return the probabilities that a kernel finds for scores (…, K), slate after slate."""
    scores, starts = shaped("scores", scores, None), begins(starts)
    if not scores.ndim:
        raise BadInput("scores must have an axis of artworks; it is one number")
    shape, size = scores.shape, scores.shape[-1]
    slates = scores.reshape(scores.size // max(size, 1), size)
    chances = np.empty(slates.shape)
    if not kernel(slates, starts, *how, chances):
        artworks_of(starts, size)
        refuse(TOO_FAR, ("scores", scores))
    return chances.reshape(shape)
