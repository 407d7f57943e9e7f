"""Scores: a constant, what the viewer vector is worth, and what the match to the cast is.

Each artwork's sum is taken by itself and always in the same order, so that its score has the
same bits whatever else is asked for with it, and a past choice can be computed again exactly.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, ints, refuse, shaped
from personalization.bandit.pages import page_sizes

UNKNOWN = "rows holds what is no row of this model"
UNFIT = f"{UNKNOWN}, or scores pass what a number can hold"


@dataclass(frozen=True)
class Scorer:
    """The weights of A artworks, each part in one piece.

    These are copies, of a megabyte for 5,000 artworks. Artworks are asked for by `rows`; an
    artwork that the model does not know has −1.

    Attributes:
        constant, cast: (A,); personal: (A, d).
    """

    constant: Floats
    personal: Floats
    cast: Floats

    @classmethod
    def of(cls, weights: Floats) -> "Scorer":
        """Take (A, D) weights, for z = [1, x_v, match], apart."""
        parts = weights[:, 0], weights[:, 1:-1], weights[:, -1]
        return cls(*(np.array(part, np.float64, order="C") for part in parts))

    def page(self, vector: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one viewer's slate, (K,), given (d,), (K,) and (K,)."""
        rows = _row(rows)
        vector = shaped("vector", vector, (self.personal.shape[1],))
        match = shaped("match", match, rows.shape)
        scores = np.empty(len(rows))
        if not kernels.score_slate(*self._parts, vector, match, rows, scores):
            refuse(UNFIT, ("vector", vector), ("match", match))
        return scores

    def panel(self, vectors: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one slate for V viewers, (V, K), given (V, d), (V, K) and (K,)."""
        rows = _row(rows)
        vectors = shaped("vectors", vectors, (None, self.personal.shape[1]))
        match = shaped("match", match, (len(vectors), len(rows)))
        scores = np.empty(match.shape)
        if not kernels.score_panel(*self._parts, vectors, match, rows, scores):
            refuse(UNFIT, ("vectors", vectors), ("match", match))
        return scores

    def pages(self, vectors: Floats, match: Floats, rows: Ints, sizes: Ints) -> Floats:
        """As `page`, for P slates of such sizes one after the other, given (P, d) vectors."""
        rows = _row(rows)
        vectors = shaped("vectors", vectors, (None, self.personal.shape[1]))
        match = shaped("match", match, rows.shape)
        sizes = page_sizes(sizes, pages=len(vectors), total=len(rows))
        scores = np.empty(len(rows))
        if not kernels.score_pages(*self._parts, vectors, match, rows, sizes, scores):
            refuse(UNFIT, ("vectors", vectors), ("match", match))
        return scores

    @property
    def _parts(self) -> tuple[Floats, Floats, Floats]:
        return self.constant, self.personal, self.cast


def _row(rows: Ints) -> Ints:
    return ints("rows", rows, (None,))
