"""Scores: a constant, what the viewer vector is worth, and what the match to the cast is.

Each artwork's sum is taken by itself and always in the same order, so that its score has the
same bits whatever else is asked for with it, and a past choice can be computed again exactly.
A matrix product would be several times as fast, and promises no order at all.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit import sums
from personalization.bandit.errors import Floats, Ints
from personalization.bandit.pages import chunks

MANY = 8192  # artworks scored at once: two megabytes, which stay near the processor


@dataclass(frozen=True)
class Scorer:
    """The weights of A artworks, each part in one piece.

    These are copies, of two and a half megabytes for 5,000 artworks. What is asked for was checked
    before: `rows` are in range (so that "wrap" only spares a check), and shapes agree.

    Attributes:
        constant, cast: (A,); personal: (A, d); turned: (d, A), the same.
    """

    constant: Floats
    personal: Floats
    turned: Floats
    cast: Floats

    @classmethod
    def of(cls, weights: Floats) -> "Scorer":
        """Take (A, D) weights, for z = [1, x_v, match], apart."""
        constant, personal, cast = weights[:, 0], weights[:, 1:-1], weights[:, -1]
        parts = constant, personal, personal.T, cast
        return cls(*(np.array(part, np.float64, order="C") for part in parts))

    def page(self, vector: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one viewer's slate, (K,), given (d,), (K,) and (K,)."""
        terms = self.personal.take(rows, axis=0, mode="wrap")
        terms *= vector
        return self._whole(np.add.reduce(terms, axis=-1), match, rows)

    def panel(self, vectors: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one slate for V viewers, (V, K), given (V, d), (V, K) and (K,)."""
        weights = self.personal.take(rows, axis=0, mode="wrap")
        found = np.empty(match.shape)
        for some, _ in chunks(np.full(len(vectors), len(rows)), MANY):
            terms = weights * vectors[some, None]
            found[some] = self._whole(np.add.reduce(terms, axis=-1), match[some], rows)
        return found

    def pages(self, vectors: Floats, match: Floats, rows: Ints, sizes: Ints) -> Floats:
        """As `page`, for P slates of such sizes one after the other, given (P, d) vectors."""
        found = np.empty(len(rows))
        # One for all turns: large arrays that come and go cost more than what is done to them.
        room = np.empty((2, len(self.turned) * min(len(rows), max(MANY, sizes.max(initial=0)))))
        for some, part in chunks(sizes, MANY):
            terms = self._terms(vectors[some], rows[part], sizes[some], room)
            found[part] = self._whole(sums.in_lanes(terms), match[part], rows[part])
        return found

    def _terms(self, vectors: Floats, rows: Ints, sizes: Ints, room: Floats) -> Floats:
        """Return pages' personal terms, (d, K), in a row for each number of the vector.

        For many artworks, adding up whole rows beats a short sum for each of them.
        """
        shape = (len(self.turned), len(rows))
        terms: Floats = room[0, : shape[0] * shape[1]].reshape(shape)
        self.turned.take(rows, axis=1, mode="wrap", out=terms)
        turned = np.ascontiguousarray(vectors.T)
        if (sizes == sizes[0]).all():
            by_page = terms.reshape(shape[0], len(sizes), sizes[0])
            by_page *= turned[:, :, None]
        else:
            owner = np.arange(len(sizes)).repeat(sizes)
            others = room[1, : shape[0] * shape[1]].reshape(shape)
            terms *= turned.take(owner, axis=1, mode="wrap", out=others)
        return terms

    def _whole(self, personal: Floats, match: Floats, rows: Ints) -> Floats:
        """Return whole scores; `personal` may be spoilt."""
        personal += self.constant.take(rows)
        personal += match * self.cast.take(rows)
        return personal
