"""From scores to choices in one go: what a page, and a batch of pages, is chosen by."""

import numpy as np

from personalization.bandit import draw, policy
from personalization.bandit.errors import Floats, Ints, floats
from personalization.bandit.slates import layout
from personalization.bandit.spec import Spec


def choose(scores: Floats, starts: Ints, u: Floats, spec: Spec) -> tuple[Floats, Ints]:
    """Weigh by `policy.inverse_gap` and draw by `draw.pick`, to the bit, in one rectangle.

    Args:
        scores: (K,) scores, flat over the titles of one page or of many.
        starts: (T,) first index of each title; u: (T,) from `draw.uniforms`.
        spec: how the model that scored explores.

    Returns:
        (K,) probabilities, and (T,) the places drawn, in the flat axis.
    """
    scores = floats("scores", scores, (None,))
    places = layout(starts, len(scores))
    u = floats("u", u, places.counts.shape)
    padded = places.rectangle(scores, policy.NOTHING)
    chances = policy.weigh(padded, places, gamma=spec.gamma, floor=spec.floor, odds=spec.odds)
    down, _ = draw.fall(chances, places, u)
    return places.flat(chances), np.asarray(starts + down, np.int64)
