"""Scores: a constant, plus the worth of the viewer vector, plus that of the match to the cast.

Each artwork's sum is taken by itself and always in the same order. So its score has the same bits
whatever else is scored with it, and a past choice can be computed again exactly.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, floats, ints, refuse, shaped
from personalization.bandit.errors import BadInput
from personalization.bandit.pages import page_sizes

UNKNOWN = "rows holds a place that is no row of this model"
UNFIT = f"{UNKNOWN}, or scores are too large for a number"


@dataclass(frozen=True)
class Scorer:
    """The weights of A artworks, with each part copied into one piece (1 MB for 5,000 artworks).

    Attributes:
        constant: (A,) log-odds of every viewer.
        personal: (A, d) log-odds per unit of each number of the viewer vector.
        cast: (A,) log-odds per unit of the match to the depicted cast.
    """

    constant: Floats
    personal: Floats
    cast: Floats

    @classmethod
    def of(cls, weights: Floats) -> "Scorer":
        """Take a model's weights apart.

        Args:
            weights: (A, D) for z = [1, x_v, match], with D from 2.

        Raises:
            BadInput: if they have another shape, or are not finite.
        """
        weights = floats("weights", weights, (None, None))
        if weights.shape[1] < 2:
            raise BadInput("weights must have at least 2 columns: the constant and the match")
        parts = weights[:, 0], weights[:, 1:-1], weights[:, -1]
        return cls(*(np.array(part, np.float64, order="C") for part in parts))

    def page(self, vector: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one viewer's slate.

        Args:
            vector: (d,) the viewer vector.
            match: (K,) the viewer's affinity to each artwork's depicted cast.
            rows: (K,) artworks, as places among the A.

        Returns:
            (K,) log-odds.

        Raises:
            BadInput: naming the array that is wrong; a row of −1 is no artwork.
        """
        rows = _row(rows)
        vector = shaped("vector", vector, (self.personal.shape[1],))
        match = shaped("match", match, rows.shape)
        scores = np.empty(len(rows))
        if not kernels.score_slate(*self._parts, vector, match, rows, scores):
            refuse(UNFIT, ("vector", vector), ("match", match))
        return scores

    def panel(self, vectors: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one slate for V viewers.

        Args:
            vectors: (V, d).
            match: (V, K).
            rows: (K,) as for `page`.

        Returns:
            (V, K) log-odds.

        Raises:
            BadInput: as `page`.
        """
        rows = _row(rows)
        vectors = shaped("vectors", vectors, (None, self.personal.shape[1]))
        match = shaped("match", match, (len(vectors), len(rows)))
        scores = np.empty(match.shape)
        if not kernels.score_panel(*self._parts, vectors, match, rows, scores):
            refuse(UNFIT, ("vectors", vectors), ("match", match))
        return scores

    def pages(self, vectors: Floats, match: Floats, rows: Ints, sizes: Ints) -> Floats:
        """Return the scores of P slates, one after the other, with the bits of `page`.

        Args:
            vectors: (P, d).
            match, rows: (K,) as for `page`.
            sizes: (P,) how many of the K artworks each slate has.

        Returns:
            (K,) log-odds.

        Raises:
            BadInput: as `page`.
        """
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
