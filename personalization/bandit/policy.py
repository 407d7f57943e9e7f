"""Policies: from scores to the whole vector of probabilities.

Slates are ragged (titles have different numbers of artworks), so all of a page
or of a panel is one flat array: `starts` (T,) says where each title's artworks
begin in the last axis, and every title has at least one.
"""

from collections.abc import Callable

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, refuse, shaped
from personalization.bandit.errors import BadInput
from personalization.bandit.slates import artworks_of, begins
from personalization.bandit.spec import FLOOR

SHARPENING = 100.0  # chosen in the arena, on seeds that it does not report; see docs/arena.md
# The floor is Spec's until so many decisions were learnt from, and never below the least.
UNTIL, LEAST = 100_000.0, 0.002
TOO_FAR = "scores lie too far apart"


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
        floor: least probability; half of an even share where that is less.
        odds: whether scores are log-odds of a reward; gaps are then turned into shares, nearly:
            see `kernels`.

    Returns:
        (…, K) probabilities that sum to one within each title.
    """
    return _each_slate(kernels.inverse_gap, scores, starts, float(gamma), float(floor), odds)


def sharpness(decisions: float) -> float:
    """Return the gamma for a model that has learnt from so many (decayed) decisions.

    Inverse-gap weighting owes its guarantee to a gamma that grows with the root of
    what was seen: as gaps become known, exploring them is paid for nothing.
    """
    if not 0.0 <= decisions < float("inf"):
        raise BadInput("decisions must be a number from 0")
    return SHARPENING * float(np.sqrt(decisions))


def least_probability(decisions: float) -> float:
    """Return the floor for a model that has learnt from so many (decayed) decisions.

    It falls with the root of what was seen, so that choices made for its sake cost ever less
    and are ever more. Its least bounds the weights of off-policy estimates: 500.
    """
    if not 0.0 <= decisions < float("inf"):
        raise BadInput("decisions must be a number from 0")
    return max(LEAST, FLOOR * min(1.0, float(np.sqrt(UNTIL / max(decisions, 1.0)))))


def greedy(scores: Floats, starts: Ints, *, floor: float) -> Floats:
    """Give all but the floors to the title's best artwork (the first, if several are)."""
    return _each_slate(kernels.greedy, scores, starts, float(floor))


def uniform(starts: Ints, size: int) -> Floats:
    """Give every artwork of a title the same probability: (K,)."""
    counts = artworks_of(starts, size)
    return np.asarray(np.repeat(1.0 / counts, counts), np.float64)


def title_index(starts: Ints, size: int) -> Ints:
    """Return the title of each place of the flat axis: (K,)."""
    counts = artworks_of(starts, size)
    return np.repeat(np.arange(len(counts)), counts)


def _each_slate(kernel: Callable[..., bool], scores: Floats, starts: Ints, *how: float) -> Floats:
    """Return the probabilities that a kernel finds for scores (…, K), slate after slate."""
    scores, starts = np.asarray(scores, np.float64), begins(starts)
    size = scores.shape[-1]
    slates = shaped("scores", scores.reshape(scores.size // max(size, 1), size), (None, size))
    chances = np.empty(slates.shape)
    if not kernel(slates, starts, *how, chances):
        artworks_of(starts, size)
        refuse(TOO_FAR, ("scores", scores))
    return chances.reshape(scores.shape)
