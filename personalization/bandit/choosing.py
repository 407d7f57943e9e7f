"""From scores to choices in one go: what a page, and a batch of pages, is chosen by."""

import numpy as np

from personalization.bandit import draw, policy
from personalization.bandit.errors import BadInput, Floats, Ints, floats
from personalization.bandit.slates import layout


def choose(
    scores: Floats, starts: Ints, u: Floats, *, gamma: float, floor: float
) -> tuple[Floats, Ints]:
    """Weigh by `policy.inverse_gap` and draw by `draw.pick`, to the bit, in one rectangle.

    Args:
        scores: (K,) expected rewards, flat over the titles of one page or of many.
        starts: (T,) first index of each title; u: (T,) from `draw.uniforms`.
        gamma, floor: see `policy.inverse_gap`; the floor is above zero.

    Returns:
        (K,) probabilities, and (T,) the places drawn, in the flat axis.
    """
    if not floor > 0:
        raise BadInput("floor must be above zero: what cannot be drawn must not be")
    scores = floats("scores", scores, (None,))
    places = layout(starts, len(scores))
    u = floats("u", u, places.counts.shape)
    chances = policy.weigh(
        places.rectangle(scores, policy.NOTHING), places, gamma=gamma, floor=floor
    )
    down, _ = draw.fall(chances, places, u)
    return places.flat(chances), np.asarray(starts + down, np.int64)
