"""From scores to choices in one go: what a page, and a batch of pages, is chosen by."""

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, ints, refuse, shaped
from personalization.bandit.model import Model
from personalization.bandit.policy import TOO_FAR
from personalization.bandit.scoring import UNKNOWN
from personalization.bandit.slates import artworks_of, begins


def choose(
    model: Model, scores: Floats, rows: Ints, starts: Ints, u: Floats
) -> tuple[Floats, Ints]:
    """Weigh by `Model.explored` and draw by `draw.pick`, to the bit, in one go.

    Args:
        model: that scored.
        scores: (K,) scores, flat over the titles of one page or of many; rows: (K,) of `model`.
        starts: (T,) first index of each title; u: (T,) from `draw.uniforms`.

    Returns:
        (K,) probabilities, and (T,) the places drawn, in the flat axis.
    """
    scores = shaped("scores", scores, (None,))
    rows = ints("rows", rows, scores.shape)
    starts = begins(starts)
    u = shaped("u", u, starts.shape)
    chances = np.empty(len(scores))
    drawn = np.empty(len(starts), np.int64)
    spec = model.spec
    exploring = float(spec.gamma), float(spec.floor), spec.odds
    if not kernels.choose(scores, model.hopes, rows, starts, u, *exploring, chances, drawn):
        artworks_of(starts, len(scores))
        refuse(f"{UNKNOWN}, or {TOO_FAR}", ("scores", scores), ("u", u))
    return chances, drawn
