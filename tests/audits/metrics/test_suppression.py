import numpy as np
import pytest

from audits.metrics.refusals import Refused
from audits.metrics.suppression import subtractable, suppress, suppress_table


def test_a_small_cell_takes_a_second_one_with_it():
    shown = suppress(counts={"a": 4, "b": 50, "c": 30})
    assert shown == {"a": None, "b": 50, "c": None}


def test_two_small_cells_that_add_up_to_enough_hide_nothing_else():
    assert suppress(counts={"a": 6, "b": 7, "c": 30}) == {"a": None, "b": None, "c": 30}


def test_two_small_cells_that_add_up_to_few_hide_a_third():
    assert suppress(counts={"a": 2, "b": 3, "c": 30}) == {"a": None, "b": None, "c": None}


def test_zero_and_ten_are_shown():
    assert suppress(counts={"a": 0, "b": 10}) == {"a": 0, "b": 10}


def test_no_row_or_column_of_a_table_gives_a_hidden_cell_away():
    rng = np.random.default_rng(0)
    for _ in range(50):
        table = rng.integers(0, 40, size=(4, 5))
        hidden = suppress_table(counts=table)
        assert hidden[(table > 0) & (table < 10)].all()
        for line, cells in [*zip(hidden, table, strict=True), *zip(hidden.T, table.T, strict=True)]:
            others_shown = (~line & (cells > 0)).any()
            assert not line.any() or not others_shown or line.sum() > 1


def test_cohorts_that_subtract_to_a_few_viewers_are_caught():
    everybody = np.ones(100, dtype=bool)
    without_three = np.arange(100) >= 3
    half = np.arange(100) < 50
    assert subtractable(cohort=without_three, released=[everybody])
    assert subtractable(cohort=everybody, released=[half, without_three])
    assert not subtractable(cohort=half, released=[everybody])
    assert not subtractable(cohort=everybody, released=[everybody])
    assert not subtractable(cohort=half, released=np.empty((0, 100), dtype=bool))


def test_it_refuses_negative_counts():
    with pytest.raises(Refused, match="counts"):
        suppress(counts={"a": -1})
