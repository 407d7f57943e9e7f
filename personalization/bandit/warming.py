"""What a page calls, made ready before the first page asks."""

import numpy as np

from personalization.bandit import draw
from personalization.bandit.choosing import weigh_and_draw
from personalization.bandit.scoring import Scorer
from personalization.bandit.spec import Spec


def warm() -> None:
    """Have the kernels of a choice compiled, or read from where they were kept.

    That takes some seconds the first time, and half a second in each process after: no viewer
    should wait for it.
    """
    first = np.zeros(1, np.int64)
    u = draw.uniforms(b"\0", b"", "", first)
    scores = Scorer.of(np.zeros((1, 3))).page(np.zeros(1), np.zeros(1), first)
    weigh_and_draw(scores, first, u, Spec(context=1, artwork_features=0))
    draw.pick_available(np.ones(1), first, u, np.zeros(1, bool))
