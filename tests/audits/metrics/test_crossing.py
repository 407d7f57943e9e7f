"""Two attributes crossed: no hidden count follows from all that is shown of both."""

from itertools import combinations, product

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


def test_where_all_are_of_one_group_the_others_stay_as_hidden_as_they_are():
    first, second = groupings(np.array([[5, 100, 0], [0, 0, 0]]))
    shown = cross(first=first, second=second).shown
    assert shown == {"a0 × b0": None, "a0 × b1": None, "undeclared": 0}
    assert set(suppress(counts=second.counts()).values()) == {None, 0}


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
            # Only totals that are shown may say that a cell is a small one.
            lines = [number for line, number in told if (line >= place.ravel()).all()]
            assert high >= min(10, *lines) - 1e-6, table


def test_a_hidden_groups_cell_is_not_shown_to_be_a_small_one():
    """Three of group a0 are all b0. Its number is hidden, and so is that so few of it are b0."""
    first, second = groupings(np.array([[3, 0, 0], [69, 60, 0], [0, 69, 0], [0, 0, 0]]))
    own = suppress(counts=first.counts())
    assert own["a0"] is None and own["a1"] == 129
    shown = cross(first=first, second=second).shown
    assert shown["a1 × b0"] is None and shown["a1 × b1"] is None


def test_three_pairs_that_are_suppressed_one_by_one_can_show_that_a_cell_is_small():
    """Why three attributes are not crossed: what is shown of the other two pairs limits a pair."""
    table = np.zeros((4, 4, 3), dtype=np.int64)
    table[:3, :3, :2] = [
        [[0, 0], [12, 60], [0, 0]],
        [[9, 0], [0, 60], [60, 0]],
        [[3, 0], [0, 60], [0, 0]],
    ]
    places = [axis.ravel().repeat(table.ravel()) for axis in np.indices(table.shape)]
    of = [
        Grouping(name, tuple(f"{name}{at}" for at in range(length - 1)), codes)
        for name, codes, length in zip("abc", places, table.shape, strict=True)
    ]
    told = [(np.ones_like(table), int(table.sum()))]
    hidden = []
    for axis, grouping in enumerate(of):
        for line, count in enumerate(suppress(counts=grouping.counts()).values()):
            place = np.zeros_like(table)
            np.moveaxis(place, axis, 0)[line] = 1
            told.append((place, count))
    for one, other in combinations(range(3), 2):
        shown = list(cross(first=of[one], second=of[other]).shown.values())[:-1]
        pairs = product(range(table.shape[one] - 1), range(table.shape[other] - 1))
        for (row, column), count in zip(pairs, shown, strict=True):
            place = np.zeros_like(table)
            np.moveaxis(place, (one, other), (0, 1))[row, column] = 1
            told.append((place, count))
            if count is None and 0 < (place * table).sum() < 10:
                hidden.append(place)
    known = [(place.ravel(), count) for place, count in told if count is not None]
    most = [
        -linprog(
            -place.ravel(),
            A_eq=[place for place, _ in known],
            b_eq=[count for _, count in known],
        ).fun
        for place in hidden
    ]
    assert min(most) < 10
