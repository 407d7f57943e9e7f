"""Which counts may be shown: no small cell, and no cell that subtraction from totals gives back.

What is hidden is hidden from somebody who knows the totals and what is shown.  Who also knows in
which order complements are chosen can sometimes narrow a hidden count further.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from audits.metrics.refusals import Bools, CannotMeasure, Ints, booleans, integers, whole

MINIMUM_CELL = 10


def suppress(*, counts: Mapping[str, int], minimum: int = MINIMUM_CELL) -> dict[str, int | None]:
    """Hide small counts of which the total is known.

    Args:
        counts: how many viewers each cell holds, 0 or more.
        minimum: the smallest count above 0 that may be shown.

    Returns:
        The counts, in the same order, with None for each that must not be shown: those from 1 to
        `minimum` − 1, and then the smallest others (a 0 last) until at least two are hidden and
        the hidden ones add up to `minimum`.  So the total minus what is shown says no hidden
        count.  A cell that stands alone is its own total: then hide the total too.

    Raises:
        CannotMeasure: a count is no whole number, or negative.

    Source: Hundepool and others 2012, Statistical Disclosure Control, chapter 4.
    """
    names = list(counts)
    cells = _counts([counts[name] for name in names], shape=(None,))
    hidden = _small(cells, minimum)
    while _exposed(hidden, cells, minimum):
        shown = np.flatnonzero(~hidden)
        hidden[shown[np.argmin(_cost(cells[shown]))]] = True
    return {
        name: None if gone else int(count)
        for name, gone, count in zip(names, hidden, cells, strict=True)
    }


@dataclass(frozen=True, eq=False)
class KnownTotals:
    """Which totals of a table are known: (R,) of rows and (C,) of columns, True where one is.

    That of everybody always is, and so are the sums of the unknown rows, and of the unknown
    columns.
    """

    rows: Bools
    columns: Bools


def suppress_table(
    *,
    counts: ArrayLike,
    minimum: int = MINIMUM_CELL,
    also: ArrayLike | None = None,
    known: KnownTotals | None = None,
) -> Bools:
    """Hide small cells of a table whose totals are known.

    Cells are hidden one after the other, until for every hidden cell the totals and the shown
    cells leave more than one possible count, and for every small cell also one of at least
    `minimum` (or as many as its row and column hold, as far as their totals are known).

    Args:
        counts: (R, C) how many viewers each cell holds, 0 or more.
        minimum: the smallest count above 0 that may be shown.
        also: (R, C) True for cells that are hidden whatever they hold (default: none).
        known: which totals are known (default: all).

    Returns:
        (R, C) True where a cell must be hidden.  A table of a single row or column is treated as
        by `suppress`: the totals across it are the cells themselves, and are taken as not shown.

    Raises:
        CannotMeasure: a count is no whole number, or negative; or the totals alone give a small
            cell away, whatever is hidden.

    Source: Cox 1995, Network models for complementary cell suppression.
    """
    table = _counts(counts, shape=(None, None))
    more = np.zeros(table.shape, np.bool_) if also is None else also
    asked = booleans("also", more, shape=table.shape)
    if 1 in table.shape and not asked.any():
        line = suppress(
            counts={str(place): int(count) for place, count in enumerate(table.ravel())},
            minimum=minimum,
        )
        return np.array([count is None for count in line.values()]).reshape(table.shape)
    hidden = _small(table, minimum) | asked
    told = known or KnownTotals(*(np.ones(length, np.bool_) for length in table.shape))
    for name, total, length in (("rows", told.rows, 0), ("columns", told.columns, 1)):
        booleans(f"known.{name}", total, shape=(table.shape[length],))
    while True:
        exposed = _first_exposed(hidden, table, minimum, told)
        if exposed is None:
            return hidden
        another = _complement(hidden, table, exposed)
        if another is None:
            raise CannotMeasure("counts", "have totals that give small cells away: merge some")
        hidden[another] = True


def _counts(counts: ArrayLike, *, shape: tuple[int | None, ...]) -> Ints:
    cells = integers("counts", counts, shape=shape)
    if (cells < 0).any():
        raise CannotMeasure("counts", "must not be negative")
    return cells


def _small(cells: Ints, minimum: int) -> Bools:
    small: Bools = (cells > 0) & (cells < whole("minimum", minimum, least=1))
    return small


def _cost(cells: Ints) -> Ints:
    """The order in which complements are taken: small counts first, zeros last."""
    return np.where(cells > 0, cells, np.iinfo(np.int64).max)


def _exposed(hidden: Bools, cells: Ints, minimum: int) -> bool:
    """Say whether a line's total gives its hidden cells away, and there is one more to hide."""
    few = hidden.sum() < 2 or cells[hidden].sum() < min(minimum, cells.sum())
    return bool(hidden.any() and few and not hidden.all())


def _first_exposed(
    hidden: Bools, table: Ints, minimum: int, known: KnownTotals
) -> tuple[int, int] | None:
    """Find a hidden cell whose count, or smallness, follows from what is known."""
    places = [(int(row), int(column)) for row, column in np.argwhere(hidden)]
    everybody = int(table.sum())
    of_row = np.where(known.rows, table.sum(axis=1), everybody)
    of_column = np.where(known.columns, table.sum(axis=0), everybody)
    for row, column in sorted(places, key=lambda place: int(table[place])):
        count = int(table[row, column])
        more, fewer = _room(hidden, table, (row, column), minimum, known)
        enough = min(minimum, int(of_row[row]), int(of_column[column]))
        small = 0 < count < minimum
        if more + fewer == 0 or (small and count + more < enough):
            return row, column
    return None


def _room(
    hidden: Bools, table: Ints, place: tuple[int, int], minimum: int, known: KnownTotals
) -> tuple[int, int]:
    """Find by how much a hidden cell may be larger, and smaller, given all that is known.

    What one hidden cell gains, others of its row and column lose, and so on around a cycle of
    hidden cells, so the room is a maximal flow.  Rows whose totals are unknown may also pass
    counts to each other, and so may such columns.  Flows beyond `minimum` are not told apart.
    """
    rows, columns = table.shape
    others = hidden.copy()
    others[place] = False
    lines = rows + columns
    edges = np.zeros((lines + 2, lines + 2), dtype=np.int32)
    edges[:rows, rows:lines] = np.where(others, minimum, 0)  # a cell that gains
    edges[rows:lines, :rows] = np.where(others, np.minimum(table, minimum), 0).T  # one that loses
    for between, unknown in (
        (lines, np.flatnonzero(~known.rows)),
        (lines + 1, rows + np.flatnonzero(~known.columns)),
    ):
        edges[unknown, between] = edges[between, unknown] = minimum
    graph = csr_array(edges)
    row, column = place[0], rows + place[1]
    more = int(maximum_flow(graph, column, row).flow_value)
    fewer = int(maximum_flow(graph, row, column).flow_value)
    return more, min(fewer, int(table[place]))


def _complement(hidden: Bools, table: Ints, exposed: tuple[int, int]) -> tuple[int, int] | None:
    """Choose the next cell to hide: a line in which the exposed cell is hidden alone gets another.

    Where neither is such a line, a cell in which two lines with hidden cells cross can close a
    cycle of hidden cells, best if one of these lines has a single hidden cell.  A row or column
    whose total is 0 holds zeros, as everybody knows: hiding them helps nobody.
    """
    useful = ~hidden & (table.sum(axis=1) > 0)[:, None] & (table.sum(axis=0) > 0)
    of_row, of_column = hidden.sum(axis=1)[:, None], hidden.sum(axis=0)
    closes = (of_row > 0) & (of_column > 0)
    alone = closes & ((of_row == 1) | (of_column == 1))
    row, column = exposed
    in_row, in_column = np.zeros_like(hidden), np.zeros_like(hidden)
    in_row[row], in_column[:, column] = True, True
    if of_row[row] == 1:
        near = [in_row, in_column]
    elif of_column[column] == 1:
        near = [in_column, in_row]
    else:
        near = [closes, in_row, in_column]
    for cells in (*near, useful):
        places = np.argwhere(useful & cells)
        if len(places):
            keys = (_cost(table), ~alone, ~closes)
            order = np.lexsort([key[useful & cells] for key in keys])
            chosen = places[order[0]]
            return int(chosen[0]), int(chosen[1])
    return None
