"""The pairs that an attack ranks right, fold by fold, for the true labels and every shuffle.

The strongest of several attackers is chosen for each fold by how it did on the other folds of the
same split, and for every shuffle anew.  So the choice adds no optimism to the estimate, and what it
adds by chance is in the null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audits.metrics.auc import concordance, placements
from audits.metrics.groups import MINIMUM_TO_TEST
from audits.metrics.inference import permutation_p
from audits.metrics.refusals import Bools, Floats, Ints

CHANCE = 0.5


@dataclass(frozen=True)
class StratumAuc:
    """The AUC among the viewers of one stratum.

    Attributes:
        stratum: its number.
        auc, null_mean, p: as of the whole; None under 30 viewers a side.
        group, rest: how many viewers it has.
    """

    stratum: int
    auc: float | None
    null_mean: float | None
    p: float | None
    group: int
    rest: int


class Tally:
    """Pairs ranked right by repeat, fold and stratum, for 1 + B label vectors of n viewers.

    Attributes:
        cells: each stratum's number, and (n,) True for its viewers.
        right, pairs: (repeats, folds, 1 + strata, 1 + B); line 0 is about all viewers.
        placed: (repeats, n) each viewer's placement under the true labels.
        fold: (repeats, n) the fold that each viewer was tested in.
        chosen: (repeats, folds) under the true labels, which of several attackers counts.
        vectors: 1 + B.
    """

    def __init__(self, *, viewers: int, cells: Ints, repeats: int, folds: int, vectors: int):
        self.cells = {int(cell): cells == cell for cell in np.unique(cells)}
        self.vectors = vectors
        self.right = np.zeros((repeats, folds, 1 + len(self.cells), vectors))
        self.pairs = np.zeros_like(self.right)
        self.placed: Floats = np.zeros((repeats, viewers))
        self.fold: Ints = np.zeros((repeats, viewers), dtype=np.int64)
        self.chosen: Ints = np.zeros((repeats, folds), dtype=np.int64)

    def add(self, at: tuple[int, int], test: Ints, scores: Floats, labels: Bools) -> None:
        """Count the pairs of one repeat's fold: scores and labels (m, 1 + B) of its viewers."""
        repeat, fold = at
        parts = [np.ones(len(test), dtype=np.bool_), *(cell[test] for cell in self.cells.values())]
        for line, part in enumerate(parts):
            right, pairs = concordance(scores=scores[part], labels=labels[part])
            self.right[repeat, fold, line] = right
            self.pairs[repeat, fold, line] = pairs
        self.placed[repeat, test] = placements(scores=scores[:, 0], labels=labels[:, 0])
        self.fold[repeat, test] = fold

    def areas(self, line: int = 0) -> Floats:
        """(1 + B,) the AUC of the true labels, then of each shuffle."""
        right, pairs = (each[:, :, line].sum(axis=(0, 1)) for each in (self.right, self.pairs))
        return _share(right, pairs)

    def strata(self, members: Bools) -> tuple[StratumAuc, ...]:
        """Return the AUC within each stratum."""
        return tuple(
            self._stratum(line, cell, int(members[inside].sum()), int((~members[inside]).sum()))
            for line, (cell, inside) in enumerate(self.cells.items(), start=1)
        )

    def matches(self, other: Tally, cells: Ints) -> bool:
        """Say whether two tallies have the same folds, and the strata (n,) given."""
        repeats = min(len(self.fold), len(other.fold))
        return (
            self.right.shape[1:3] == other.right.shape[1:3]
            and np.array_equal(self.fold[:repeats], other.fold[:repeats])
            and np.array_equal(_numbers(self.cells), cells)
        )

    @classmethod
    def strongest(cls, tallies: Sequence[Tally]) -> Tally:
        """Join tallies of the same viewers, folds and shuffles: in each fold, the strongest counts.

        They have the repeats and shuffles that all of them have.
        """
        repeats = min(len(one.placed) for one in tallies)
        vectors = min(one.right.shape[-1] for one in tallies)
        right, pairs = (
            np.stack([getattr(one, name)[:repeats, ..., :vectors] for one in tallies])
            for name in ("right", "pairs")
        )
        others = [
            each[..., 0, :].sum(axis=2, keepdims=True) - each[..., 0, :] for each in (right, pairs)
        ]
        best = _share(*others).argmax(axis=0)
        first = tallies[0]
        made = cls(
            viewers=first.placed.shape[1],
            cells=_numbers(first.cells),
            repeats=repeats,
            folds=right.shape[2],
            vectors=vectors,
        )
        place = best[None, :, :, None, :]
        made.right = np.take_along_axis(right, place, axis=0)[0]
        made.pairs, made.fold = pairs[0], first.fold[:repeats]
        made.chosen = best[..., 0]
        for repeat in range(repeats):
            of_fold = made.chosen[repeat][made.fold[repeat]]
            placed = np.stack([one.placed[repeat] for one in tallies])
            made.placed[repeat] = np.take_along_axis(placed, of_fold[None, :], axis=0)[0]
        return made

    def _stratum(self, line: int, cell: int, group: int, rest: int) -> StratumAuc:
        areas = self.areas(line)
        if min(group, rest) < MINIMUM_TO_TEST or len(areas) < 2:
            return StratumAuc(cell, None, None, None, group, rest)
        p = permutation_p(observed=float(areas[0]), null=areas[1:])
        return StratumAuc(cell, float(areas[0]), float(areas[1:].mean()), p, group, rest)


def _share(right: Floats, pairs: Floats) -> Floats:
    areas: Floats = np.divide(right, pairs, out=np.full_like(right, CHANCE), where=pairs > 0)
    return areas


def _numbers(cells: dict[int, Bools]) -> Ints:
    """(n,) the stratum of each viewer."""
    return np.select(list(cells.values()), list(cells), default=0).astype(np.int64)
