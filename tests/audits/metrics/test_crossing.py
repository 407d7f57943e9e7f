"""Two attributes crossed: no hidden count follows from all that is shown of both."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from audits.metrics.crossing import cross, crossed_parts, is_crossed
from audits.metrics.groups import Grouping
from audits.metrics.refusals import CannotMeasure
from audits.metrics.suppression import suppress


def groupings(table):
    """Return two groupings whose crossed counts are the table's; its last lines are undeclared."""
    rows, columns = (np.repeat(places, table.ravel()) for places in np.indices(table.shape))
    rows, columns = rows.ravel(), columns.ravel()
    made = []
    for codes, count, name in zip((rows, columns), np.array(table.shape) - 1, "ab", strict=True):
        names = tuple(f"{name}{number}" for number in range(count))
        made.append(Grouping(name, names, np.where(codes == count, -1, codes)))
    return made


def test_it_groups_who_declared_both():
    first = Grouping("age_band", ("old", "young"), np.array([0, 0, 1, 1, -1]).repeat(20))
    second = Grouping("gender", ("man", "woman"), np.array([0, 1, 1, -1, 0]).repeat(20))
    made = cross(first=first, second=second)
    assert made.grouping.attribute == "age_band × gender" and is_crossed(made.grouping.attribute)
    assert crossed_parts(made.grouping.attribute) == ["age_band", "gender"]
    assert made.shown == {
        "old × man": 20, "old × woman": 20, "young × man": 0, "young × woman": 20,
        "undeclared": 40,
    }  # fmt: skip
    assert made.grouping.counts() == made.shown


def test_a_small_cell_hides_others_so_that_no_total_gives_it_away():
    made = cross(**dict(zip(("first", "second"), groupings(
        np.array([[5, 100, 0], [80, 90, 0], [0, 0, 0]])
    ), strict=True)))  # fmt: skip
    assert [made.shown[f"a{row} × b{column}"] for row, column in product((0, 1), (0, 1))] == [
        None, None, None, None,
    ]  # fmt: skip


def test_a_group_that_is_hidden_by_itself_is_hidden_in_every_cell():
    first, second = groupings(np.array([[3, 0, 0], [12, 0, 0], [100, 200, 50], [40, 40, 40]]))
    assert [name for name, count in suppress(counts=first.counts()).items() if count is None] == [
        "a0", "a1",
    ]  # fmt: skip
    shown = cross(first=first, second=second).shown
    assert all(shown[f"a{row} × b{column}"] is None for row, column in product((0, 1), (0, 1)))


def test_where_totals_alone_give_a_cell_away_everything_is_hidden():
    first, second = groupings(np.array([[5, 100, 0], [0, 0, 0]]))
    assert set(cross(first=first, second=second).shown.values()) == {None}


def test_it_refuses_groupings_of_other_viewers():
    first, _ = groupings(np.array([[20, 20], [20, 20]]))
    with pytest.raises(CannotMeasure, match="second"):
        cross(first=first, second=Grouping("b", ("b0",), np.zeros(3, dtype=np.int64)))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_no_hidden_count_follows_from_all_that_is_shown(rows, columns, seed):
    """By linear programming over every cell, the undeclared among them."""
    rng = np.random.default_rng(seed)
    table = rng.choice([0, 0, 1, 4, 9, 10, 15, 60, 400], size=(rows, columns))
    first, second = groupings(table)
    shown = cross(first=first, second=second).shown
    known = [(np.ones_like(table), table.sum())]
    for axis, grouping in ((0, first), (1, second)):
        for line, count in enumerate(suppress(counts=grouping.counts()).values()):
            place = np.zeros_like(table)
            np.moveaxis(place, axis, 0)[line] = 1
            known.append((place, count))
    for number, count in enumerate(list(shown.values())[:-1]):
        place = np.zeros_like(table)
        place[divmod(number, columns - 1)] = 1
        known.append((place, count))
    declared = np.zeros_like(table)
    declared[:-1, :-1] = 1
    undeclared = shown["undeclared"]
    known.append((declared, None if undeclared is None else table.sum() - undeclared))
    told = [(place.ravel(), count) for place, count in known if count is not None]
    for place, count in known:
        true = int((place * table).sum())
        if count is None and 0 < true < 10:
            ends = [
                linprog(
                    sign * place.ravel(),
                    A_eq=[each for each, _ in told],
                    b_eq=[number for _, number in told],
                ).fun
                for sign in (1, -1)
            ]
            low, high = ends[0], -ends[1]
            assert high - low > 0.5, table
            lines = [table.sum()] if place.sum() > 1 else _totals(place, table)
            assert high >= min(10, *lines) - 1e-6, table


def _totals(place, table):
    row, column = np.argwhere(place)[0]
    return table[row].sum(), table[:, column].sum()
