"""From scores to choices in one go: what a page, and a batch of pages, is chosen by."""

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.errors import Floats, Ints, refuse, shaped
from personalization.bandit.policy import TOO_FAR
from personalization.bandit.slates import artworks_of, begins
from personalization.bandit.spec import Spec


def choose(scores: Floats, starts: Ints, u: Floats, spec: Spec) -> tuple[Floats, Ints]:
    """Weigh by `policy.inverse_gap` and draw by `draw.pick`, to the bit, in one go.

    Args:
        scores: (K,) scores, flat over the titles of one page or of many.
        starts: (T,) first index of each title; u: (T,) from `draw.uniforms`.
        spec: how the model that scored explores.

    Returns:
        (K,) probabilities, and (T,) the places drawn, in the flat axis.
    """
    scores = shaped("scores", scores, (None,))
    starts = begins(starts)
    u = shaped("u", u, starts.shape)
    chances = np.empty(len(scores))
    drawn = np.empty(len(starts), np.int64)
    exploring = float(spec.gamma), float(spec.floor), spec.odds
    if not kernels.choose(scores, starts, u, *exploring, chances, drawn):
        artworks_of(starts, len(scores))
        refuse(TOO_FAR, ("scores", scores), ("u", u))
    return chances, drawn
