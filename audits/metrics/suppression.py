"""Which counts may be shown: no cell under ten viewers, and none that a subtraction gives back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.refusals import Bools, Ints, Refused, booleans, integers

MINIMUM_CELL = 10


def suppress(*, counts: Mapping[str, int], minimum: int = MINIMUM_CELL) -> dict[str, int | None]:
    """Counts whose total is known, with None for each that must not be shown.

    Non-zero cells under `minimum` go; if the total minus what is shown would still give away
    fewer than `minimum` viewers, or a single cell, the smallest shown ones go too.
    """
    names = list(counts)
    mask = suppress_table(counts=np.array([[counts[name] for name in names]]), minimum=minimum)[0]
    return {
        name: None if hidden else counts[name] for name, hidden in zip(names, mask, strict=True)
    }


def suppress_table(*, counts: ArrayLike, minimum: int = MINIMUM_CELL) -> Bools:
    """(R, C) True where a cell must be hidden, the row and column totals being known.

    Complementary suppression runs over rows and columns until no line hides a single cell or
    hidden viewers that add up to fewer than `minimum`.
    """
    table = integers("counts", counts, shape=(None, None))
    if (table < 0).any():
        raise Refused("counts", "must not be negative")
    hidden: Bools = (table > 0) & (table < minimum)
    changed = True
    while changed:
        changed = False
        for lines, values in ((hidden, table), (hidden.T, table.T)):
            # Views of the same array: what a row hides, its column sees.
            for line, cells in zip(lines, values, strict=True):
                changed |= _complement(line, cells, minimum)
    return hidden


def _complement(line: Bools, cells: Ints, minimum: int) -> bool:
    """Hide the smallest shown cell of a line that gives its hidden ones away; True if it did."""
    exposed = line.any() and (line.sum() < 2 or cells[line].sum() < minimum)
    shown = np.flatnonzero(~line & (cells > 0))
    if not exposed or not len(shown):
        return False
    line[shown[np.argmin(cells[shown])]] = True
    return True


def subtractable(*, cohort: ArrayLike, released: ArrayLike, minimum: int = MINIMUM_CELL) -> bool:
    """Would releasing `cohort` (V,) beside earlier cohorts `released` (K, V) isolate a few viewers?

    True if one contains the other and they differ by 1 to `minimum` − 1 viewers, so that
    subtracting two aggregates would show those few.
    """
    wanted = booleans("cohort", cohort, shape=(None,))
    earlier = booleans("released", released, shape=(None, len(wanted)))
    only_new = (wanted & ~earlier).sum(axis=1)
    only_old = (earlier & ~wanted).sum(axis=1)
    apart = only_new + only_old
    nested = (only_new == 0) | (only_old == 0)
    return bool((nested & (apart > 0) & (apart < minimum)).any())
