"""Two attributes crossed: the groups of viewers who declared both, and which of them may be shown.

Both attributes' own groups are shown beside them, so their totals are known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.metrics.groups import NOT_DECLARED, UNDECLARED, Grouping
from audits.metrics.refusals import Bools, CannotMeasure, Ints
from audits.metrics.suppression import KnownTotals, suppress, suppress_table

BETWEEN = " × "


@dataclass(frozen=True, eq=False)
class Crossing:
    """The crossed groups of two attributes.

    Attributes:
        grouping: one group for each pair of answers, in the order of the first attribute, then of
            the second; who declared one of the two only counts as undeclared.
        shown: how many viewers each group holds, and "undeclared"; None where that must not be
            shown.
    """

    grouping: Grouping
    shown: dict[str, int | None]


def crossed_name(first: str, second: str) -> str:
    """Name two attributes, or an answer to each, that are crossed.

    Args:
        first, second: their names.

    Returns:
        One name for both.

    Raises:
        Nothing.
    """
    return f"{first}{BETWEEN}{second}"


def crossed_parts(name: str) -> list[str]:
    """Take a crossed name apart.

    Args:
        name: of `crossed_name`, or of one attribute or answer.

    Returns:
        Both names, or the one.

    Raises:
        Nothing.
    """
    return name.split(BETWEEN)


def is_crossed(name: str) -> bool:
    """Tell crossed names from others.

    Args:
        name: of an attribute, an answer, or two of these.

    Returns:
        Whether it names two.

    Raises:
        Nothing.
    """
    return BETWEEN in name


def cross(*, first: Grouping, second: Grouping) -> Crossing:
    """Cross two attributes' groups of the same viewers.

    A group that is hidden among its attribute's own groups is hidden in every cell, also in those
    that hold nobody, and viewers who declared nothing are cells like all others: so neither the
    totals nor what is shown of both attributes gives a small cell away.  Where the totals alone
    would, every crossed group is hidden.

    Args:
        first, second: two groupings of V viewers.

    Returns:
        The crossed groups.

    Raises:
        CannotMeasure: the groupings are not about the same viewers.
    """
    if first.codes.shape != second.codes.shape:
        raise CannotMeasure("second", "must group the viewers of `first`")
    rows, columns = (_lines(each) for each in (first, second))
    shape = len(first.names) + 1, len(second.names) + 1
    table = np.zeros(shape, dtype=np.int64)
    np.add.at(table, (rows, columns), 1)
    hidden = _hidden(table, first, second)
    inside = table[:-1, :-1]
    names = tuple(crossed_name(one, two) for one in first.names for two in second.names)
    shown: dict[str, int | None] = {
        name: None if gone else int(count)
        for name, count, gone in zip(names, inside.ravel(), hidden[:-1, :-1].ravel(), strict=True)
    }
    # Who declared one only follows from who declared neither, and from both attributes' own counts.
    told = not hidden[-1, -1] and all(
        _own(each)[UNDECLARED] is not None for each in (first, second)
    )
    shown[UNDECLARED] = int(table.sum() - inside.sum()) if told else None
    both = (first.codes != NOT_DECLARED) & (second.codes != NOT_DECLARED)
    codes = np.where(both, first.codes * len(second.names) + second.codes, NOT_DECLARED)
    grouping = Grouping(crossed_name(first.attribute, second.attribute), names, codes)
    return Crossing(grouping, shown)


def _own(grouping: Grouping) -> dict[str, int | None]:
    """Return an attribute's own counts, as they are shown."""
    return suppress(counts=grouping.counts())


def _lines(grouping: Grouping) -> Ints:
    """(V,) each viewer's row or column; undeclared is the last one."""
    return np.where(grouping.codes == NOT_DECLARED, len(grouping.names), grouping.codes)


def _hidden(table: Ints, first: Grouping, second: Grouping) -> Bools:
    """(R, C) the cells that must not be shown."""
    whole_lines = [
        np.array([count is None for count in _own(each).values()]) for each in (first, second)
    ]
    also = whole_lines[0][:, None] | whole_lines[1]
    # A line without anybody holds zeros, as its total says.
    also &= (table.sum(axis=1) > 0)[:, None] & (table.sum(axis=0) > 0)
    # Nor does a cell of such a group show that it is a small one, as its total does not.
    known = KnownTotals(*(~hidden for hidden in whole_lines))
    try:
        return suppress_table(counts=table, also=also, known=known)
    except CannotMeasure:
        return np.ones(table.shape, dtype=np.bool_)
