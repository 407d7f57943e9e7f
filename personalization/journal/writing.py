"""A sealed day's bytes: the same table gives the same bytes."""

from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

# Rows. A group holds each of its windows' vectors once. In larger groups a vector is written,
# checked, unpacked and multiplied fewer times.
ROW_GROUP = 1024 * 1024
# Large enough that vectors always stay in the dictionary, for any number of windows.
DICTIONARY_BYTES = 1 << 30
REPEATED = [
    "viewer", "title", "artworks.list.element", "chosen", "chosen_at", "default", "policy",
    "standing", "model", "window_digest", "history_length", "vector", "surface", "position",
    "impressions",
]  # fmt: skip


def write(table: pa.Table, sink: BinaryIO) -> None:
    """Write a table in a sealed day's schema and order as Parquet, group by group."""
    with pq.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        use_dictionary=REPEATED,
        dictionary_pagesize_limit=DICTIONARY_BYTES,
    ) as writer:
        for start in range(0, max(len(table), 1), ROW_GROUP):
            group = table.slice(start, ROW_GROUP).combine_chunks()
            writer.write_table(_encoded(group), ROW_GROUP)


def _encoded(group: pa.Table) -> pa.Table:
    """Rebuild the dictionaries, so that no value of a removed row stays in one."""
    for place, field in enumerate(group.schema):
        if pa.types.is_dictionary(field.type):
            column = _used_alone(group.column(place)).cast(field.type)
            group = group.set_column(place, field, column)
    return group


def _used_alone(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return the column with a dictionary of the values that it uses, in order of appearance.

    Each value is there once. Several windows may have the same vector, and Parquet refuses a
    dictionary with repeated values.
    """
    encoded = column.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    used = encoded.indices.dictionary_encode()
    distinct = encoded.dictionary.take(used.dictionary).dictionary_encode()
    return pa.DictionaryArray.from_arrays(distinct.indices.take(used.indices), distinct.dictionary)
