"""No count that is hidden may follow from what is shown. Small tables are filled in every way."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from audits.metrics.refusals import CannotMeasure
from audits.metrics.suppression import suppress, suppress_table


def test_a_small_cell_takes_a_second_one_with_it():
    shown = suppress(counts={"a": 4, "b": 50, "c": 30})
    assert shown == {"a": None, "b": 50, "c": None}


def test_two_small_cells_that_add_up_to_enough_hide_nothing_else():
    assert suppress(counts={"a": 6, "b": 7, "c": 30}) == {"a": None, "b": None, "c": 30}


def test_two_small_cells_that_add_up_to_few_hide_a_third():
    assert suppress(counts={"a": 2, "b": 3, "c": 30}) == {"a": None, "b": None, "c": None}


def test_zero_and_ten_are_shown_where_they_hide_nobody():
    assert suppress(counts={"a": 0, "b": 10}) == {"a": 0, "b": 10}


def test_a_zero_is_hidden_where_the_total_would_give_its_neighbour_back():
    assert suppress(counts={"a": 5, "b": 0}) == {"a": None, "b": None}
    assert suppress(counts={"a": 5, "b": 0, "c": 100}) == {"a": None, "b": 0, "c": None}
    assert suppress_table(counts=[[5, 0], [100, 200]]).all()


def test_a_cell_that_stands_alone_is_hidden():
    assert suppress(counts={"a": 5}) == {"a": None}
    assert suppress(counts={}) == {}


@pytest.mark.parametrize("cells", [2, 3, 4])
def test_no_line_gives_a_hidden_count_away(cells):
    for line in product((0, 1, 3, 4, 6), repeat=cells):
        shown = suppress(counts=dict(enumerate(line)), minimum=4).values()
        hidden = [count for count, said in zip(line, shown, strict=True) if said is None]
        assert set(hidden) >= {count for count in line if 0 < count < 4}
        assert len(hidden) != 1
        # Together they are a group that may be shown, or everybody.
        assert not hidden or sum(hidden) >= min(4, sum(line))


@pytest.mark.parametrize("shape", [(2, 2), (2, 3)])
def test_no_small_table_gives_a_hidden_count_away(shape):
    """Every table of these counts is suppressed, and every way to fill the hidden cells counted."""
    tried = refused = 0
    rng = np.random.default_rng(1)
    everything = list(product((0, 1, 2, 4), repeat=shape[0] * shape[1]))
    chosen = rng.choice(len(everything), size=60, replace=False)
    for place in chosen:
        table = np.array(everything[place]).reshape(shape)
        try:
            hidden = suppress_table(counts=table, minimum=3)
        except CannotMeasure:
            refused += 1
            assert _totals_give_away(table, minimum=3)
            continue
        tried += 1
        assert hidden[(table > 0) & (table < 3)].all()
        seen = _fillings(table, hidden)
        assert all(len(counts) > 1 for counts in seen), table
    assert tried > refused


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_no_table_gives_a_hidden_count_away(rows, columns, seed):
    """The same by linear programming, for tables too large to try every filling."""
    rng = np.random.default_rng(seed)
    table = rng.choice([0, 0, 1, 4, 9, 10, 15, 60, 400], size=(rows, columns))
    try:
        hidden = suppress_table(counts=table)
    except CannotMeasure:
        assert _totals_give_away(table, minimum=10)
        return
    assert hidden[(table > 0) & (table < 10)].all()
    for row, column in np.argwhere(hidden):
        low, high = _range(table, hidden, row, column)
        assert high - low > 0.5
        if 0 < table[row, column] < 10:  # nor does it show that the cell is a small one
            assert high >= min(10, table[row].sum(), table[:, column].sum()) - 1e-6


@pytest.mark.parametrize("table", [[[5, 100], [0, 0]], [[5, 0], [100, 0]], [[5, 0], [0, 0]]])
def test_it_refuses_where_the_totals_alone_give_a_small_cell_away(table):
    with pytest.raises(CannotMeasure, match="counts: have totals"):
        suppress_table(counts=table)


def test_it_hides_nothing_where_nothing_is_small():
    assert not suppress_table(counts=[[10, 0], [100, 200]]).any()


@pytest.mark.parametrize("counts", [[[-1, 2]], [[1.5, 2]], [[True, False]], [1, 2]])
def test_it_refuses_what_are_no_counts(counts):
    with pytest.raises(CannotMeasure, match="counts"):
        suppress_table(counts=counts)
    with pytest.raises(CannotMeasure, match="counts"):
        suppress(counts={"a": -1})


def _fillings(table, hidden):
    """Return, for each hidden cell, the counts that it has in any table with the same totals."""
    places = np.argwhere(hidden)
    seen = [set() for _ in places]
    limits = [range(min(table[r].sum(), table[:, c].sum()) + 1) for r, c in places[:-1]]
    for start in product(*limits) if len(places) else ():
        other = np.where(hidden, 0, table)
        for (row, column), count in zip(places, start, strict=False):
            other[row, column] = count
        row, column = places[-1]
        other[row, column] = table[row].sum() - other[row].sum()
        same = (other.sum(0) == table.sum(0)).all() and (other.sum(1) == table.sum(1)).all()
        if same and other.min() >= 0:
            for counts, (row, column) in zip(seen, places, strict=True):
                counts.add(int(other[row, column]))
    return seen


def _range(table, hidden, row, column):
    """Return the least and the largest count of a hidden cell, by linear programming."""
    places = np.argwhere(hidden)
    equations = [(places[:, 0] == line).astype(float) for line in range(len(table))]
    equations += [(places[:, 1] == line).astype(float) for line in range(table.shape[1])]
    left = np.where(hidden, table, 0)
    totals = np.r_[left.sum(axis=1), left.sum(axis=0)]
    aim = ((places == (row, column)).all(axis=1)).astype(float)
    ends = [linprog(sign * aim, A_eq=np.array(equations), b_eq=totals).fun for sign in (1, -1)]
    return ends[0], -ends[1]


def _totals_give_away(table, minimum):
    """Say whether all cells hidden would not be enough: one row or column holds everybody."""
    small = ((table > 0) & (table < minimum)).any()
    lines = (table.sum(axis=1) > 0).sum(), (table.sum(axis=0) > 0).sum()
    return small and 1 in lines
