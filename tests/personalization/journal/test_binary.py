"""PostgreSQL's binary COPY, read as columns."""

import numpy as np
import pytest
from django.db import connection

from personalization.journal import binary

pytestmark = pytest.mark.django_db
ROWS = """
    (7::bigint, 0.25::float8, true, ARRAY[1, 2, 3]::bigint[], ARRAY[0.5, 0.25, 0.25]::float8[]),
    (-8, 'NaN', false, ARRAY[]::bigint[], ARRAY[1]::float8[]),
    (9, 1e300, true, ARRAY[4, NULL]::bigint[], ARRAY[NULL]::float8[]),
    (10, 0, true, ARRAY[[1, 2], [3, 4]]::bigint[], ARRAY[0.75]::float8[]),
    (11, 'Infinity', false, ARRAY[5]::bigint[], ARRAY[0.125, 0.875]::float8[])
"""


def receive(rows):
    select = f"SELECT * FROM (VALUES {rows}) AS v (id, share, flag, ids, shares)"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT binary)") as copy,
    ):
        return binary.receive(copy)


def lists(column):
    return [
        column.values[first:last].tolist()
        for first, last in zip(column.offsets[:-1], column.offsets[1:], strict=True)
    ]


def test_columns_come_out_as_they_were_written():
    received = receive(ROWS)
    assert received.fixed(0, 0, ">i8").tolist() == [7, -8, 9, 10, 11]
    shares = received.fixed(8, 1, ">f8")
    np.testing.assert_array_equal(shares, [0.25, np.nan, 1e300, 0, np.inf])
    assert shares.dtype == np.float64
    assert received.fixed(16, 2, "?").tolist() == [True, False, True, True, False]


def test_arrays_come_out_and_those_with_a_null_or_two_dimensions_are_empty():
    ids, shares = receive(ROWS).arrays(17, 3, ">f8")
    assert lists(ids) == [[1, 2, 3], [], [], [], [5]]
    assert lists(shares) == [[0.5, 0.25, 0.25], [1.0], [], [0.75], [0.125, 0.875]]


def test_no_rows_are_no_rows():
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY (SELECT 1::bigint WHERE false) TO STDOUT (FORMAT binary)") as copy,
    ):
        received = binary.receive(copy)
    assert received.fixed(0, 0, ">i8").tolist() == []
    assert [lists(column) for column in received.arrays(0, 0, ">f8")] == [[], []]


def test_what_is_no_binary_copy_is_refused():
    with pytest.raises(ValueError, match="no binary COPY"):
        binary.receive([b"1\t2\n"])
