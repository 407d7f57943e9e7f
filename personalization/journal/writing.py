"""A sealed day's bytes: the same table gives the same bytes."""

from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# Rows. A group holds each of its windows' vectors once, so the larger it is the fewer
# times a vector is written, checked, unpacked and multiplied anew.
ROW_GROUP = 1024 * 1024
# Never fall back to writing a vector a row, however many windows a group has.
DICTIONARY_BYTES = 1 << 30
REPEATED = [
    "viewer", "title", "artworks.list.element", "chosen", "chosen_at", "default", "policy",
    "model", "window_digest", "history_length", "vector", "surface", "position", "impressions",
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
            vectors = _used_alone(group["vector"])
            place = group.column_names.index("vector")
            writer.write_table(
                group.set_column(place, group.schema.field("vector"), vectors), ROW_GROUP
            )


def _used_alone(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return the column with a dictionary of nothing but the values that it uses, each once.

    The same vector may belong to several windows; Parquet takes no dictionary that repeats.
    """
    encoded = column.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    used, place = np.unique(encoded.indices.to_numpy(), return_inverse=True)
    distinct = encoded.dictionary.take(pa.array(used)).dictionary_encode()
    return pa.DictionaryArray.from_arrays(
        distinct.indices.take(pa.array(place)), distinct.dictionary
    )
