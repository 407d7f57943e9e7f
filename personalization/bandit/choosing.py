"""From scores to choices in one pass, for one page or for a batch of pages."""

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, ints, refuse, shaped
from personalization.bandit.draw import OUTSIDE, outside
from personalization.bandit.model import Model
from personalization.bandit.policy import TOO_FAR
from personalization.bandit.scoring import UNKNOWN
from personalization.bandit.slates import artworks_of, begins


def choose(
    model: Model, scores: Floats, rows: Ints, starts: Ints, u: Floats
) -> tuple[Floats, Ints]:
    """Weigh as `Model.explored` does and draw as `draw.pick` does, with the same bits.

    Args:
        model: that gave the scores.
        scores: (K,) log-odds of a play, flat over the titles of one page or of many.
        rows: (K,) rows of `model`.
        starts: (T,) first index of each title, increasing, from 0.
        u: (T,) numbers in [0, 1), from `draw.uniforms`.

    Returns:
        (K,) probabilities that sum to one within each title, and (T,) the places drawn, in the
        flat axis.

    Raises:
        BadInput: naming the array that makes no sense.
    """
    scores = shaped("scores", scores, (None,))
    rows = ints("rows", rows, scores.shape)
    starts = begins(starts)
    u = shaped("u", u, starts.shape)
    chances = np.empty(len(scores))
    drawn = np.empty(len(starts), np.int64)
    gamma, floor = float(model.spec.gamma), float(model.spec.floor)
    # One pass checks and computes. Only where it has failed is it worked out what was wrong.
    if not kernels.choose(scores, model.bonuses, rows, starts, u, gamma, floor, chances, drawn):
        artworks_of(starts, len(scores))
        if ((rows < 0) | (rows >= len(model.bonuses))).any():
            refuse(UNKNOWN)
        words = OUTSIDE if outside(u) else TOO_FAR
        refuse(words, ("scores", scores), ("u", u))
    return chances, drawn
