"""Prepares what a page calls before the first page is requested."""

import numpy as np

from personalization.bandit import draw, kernels
from personalization.bandit.scoring import Scorer


def warm() -> None:
    """Compile the kernels of a choice, or load them from where they are kept.

    The first time this takes some seconds, and later half a second in each process. No viewer
    should wait for it.
    """
    first = np.zeros(1, np.int64)
    u = draw.uniforms(b"\0", b"", "", first)
    scores = Scorer.of(np.zeros((1, 3))).page(np.zeros(1), np.zeros(1), first)
    kernels.choose(scores, np.zeros(1), first, first, u, 0.0, 0.5, np.empty(1), first.copy())
    draw.pick_available(np.ones(1), first, u, np.zeros(1, bool))
