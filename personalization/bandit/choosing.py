"""From scores to choices in one go: what a page, and a batch of pages, is chosen by."""

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.errors import Floats, Ints, refuse, shaped
from personalization.bandit.model import Model
from personalization.bandit.policy import TOO_FAR
from personalization.bandit.slates import artworks_of, begins
from personalization.bandit.spec import Spec


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
    return weigh_and_draw(model.hoped(scores, rows), starts, u, model.spec)


def weigh_and_draw(scores: Floats, starts: Ints, u: Floats, spec: Spec) -> tuple[Floats, Ints]:
    """As `choose`, at scores that hold what is hoped already."""
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
