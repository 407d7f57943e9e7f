"""Small panels with a known truth."""

import numpy as np

from audits.metrics.groups import Contrast
from audits.metrics.resampling import Resampling


def contrast(members, declared=None) -> Contrast:
    members = np.asarray(members, dtype=bool)
    known = np.ones(len(members), dtype=bool) if declared is None else np.asarray(declared)
    return Contrast("gender", "women", members & known, known)


def halves(viewers: int) -> Contrast:
    return contrast(np.arange(viewers) % 2 == 0)


def one_stratum(viewers: int):
    return np.zeros(viewers, dtype=np.int64)


def resampling(strata, *, seed=3, permutations=199, draws=200) -> Resampling:
    return Resampling(strata, seeds(len(strata), seed), permutations, draws)


def seeds(viewers: int, seed: int = 1):
    """One seed a viewer. They are a viewer's own: more viewers have the same ones to begin with."""
    return np.random.default_rng(seed).integers(0, 2**63 - 1, viewers)


def panel(*, viewers: int, titles: int = 4, artworks: int = 5, planted: float = 0.0, seed: int = 0):
    """(exposure, titles, contrast): probabilities of random tastes, the women's first artwork
    of each title made more likely by `planted` in logits."""
    rng = np.random.default_rng(seed)
    who = halves(viewers)
    logits = rng.normal(size=(viewers, titles, artworks))
    logits[who.members, :, 0] += planted
    shown = np.exp(logits)
    shown /= shown.sum(axis=2, keepdims=True)
    return shown.reshape(viewers, -1), np.repeat(np.arange(titles), artworks), who


def drawn(*, viewers: int, artworks: int = 5, seed: int = 0):
    """As `panel`, but each viewer sees one artwork for certain: the noisiest policy there is."""
    rng = np.random.default_rng(seed)
    shown = np.zeros((viewers, artworks))
    shown[np.arange(viewers), rng.integers(0, artworks, viewers)] = 1.0
    return shown, np.zeros(artworks, dtype=np.int64), halves(viewers)
