"""What a page calls, made ready before the first page asks."""

import numpy as np

from personalization.bandit import draw, kernels
from personalization.bandit.scoring import Scorer


def warm() -> None:
    """Have the kernels of a choice compiled, or read from where they were kept.

    That takes some seconds the first time, and half a second in each process after: no viewer
    should wait for it.
    """
    first = np.zeros(1, np.int64)
    u = draw.uniforms(b"\0", b"", "", first)
    scores = Scorer.of(np.zeros((1, 3))).page(np.zeros(1), np.zeros(1), first)
    kernels.choose(scores, np.zeros(1), first, first, u, 0.0, 0.5, True, np.empty(1), first.copy())
    draw.pick_available(np.ones(1), first, u, np.zeros(1, bool))
