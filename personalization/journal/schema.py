"""The columns of a sealed day.

Rows are sorted by the artwork chosen, then by decision, so that the same
decisions give the same bytes and an artwork's rows lie together.

Version 2: a vector is bytes and is kept once in each row group. What the fit needs of the artwork
chosen has its own columns, so that training never reads a list.

Version 3: the standing that was recorded with each decision replaces the column that said, at the
time of sealing, whether choices for the viewer could be personal.
"""

import pyarrow as pa

SCHEMA_VERSION = 3


def schema(manifest_digest: str) -> pa.Schema:
    """Return the schema of a day whose vectors were made under a feature manifest."""
    return pa.schema(
        [
            ("decision", pa.int64()),
            ("viewer", pa.binary(16)),  # the public id: what intervals are clustered by
            ("title", pa.int64()),
            ("artworks", pa.list_(pa.int64())),  # those eligible
            ("probabilities", pa.list_(pa.float64())),  # parallel to the artworks
            ("match", pa.list_(pa.float64())),  # parallel to the artworks
            ("chosen", pa.int64()),
            ("chosen_at", pa.int16()),  # its place among the artworks
            ("chosen_match", pa.float64()),  # the match at that place
            ("default", pa.int64()),  # the editor's default; null where there is none
            ("propensity", pa.float64()),
            ("policy", pa.dictionary(pa.int32(), pa.string())),
            ("model", pa.int64()),  # null before any model served
            ("window_digest", pa.binary(32)),
            ("history_length", pa.int32()),
            ("standing", pa.dictionary(pa.int32(), pa.string())),  # when it was decided
            ("vector", pa.dictionary(pa.int32(), pa.binary())),  # little-endian float64
            ("surface", pa.dictionary(pa.int32(), pa.string())),
            ("position", pa.int16()),
            ("first_seen", pa.timestamp("us", tz="UTC")),
            ("impressions", pa.int32()),  # within the attribution window
            ("reward", pa.bool_()),  # a credited quality play within the attribution window
            ("begun", pa.bool_()),  # not learnt from
        ],
        metadata={
            b"schema_version": str(SCHEMA_VERSION).encode(),
            b"manifest_digest": manifest_digest.encode(),
        },
    )
