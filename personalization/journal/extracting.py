"""One day's decisions out of the database, whole columns at a time.

COPY and Arrow's CSV reader, because a day may hold many millions of rows; no
row passes through the ORM. Rewards are joined by the database.
"""

import io
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection
from psycopg import sql
from pyarrow import csv

from catalog.models import WatchEvent

# Plays that started from these earn the artwork credit. Not from search and
# continue-watching, where the viewer had chosen the title before seeing it;
# and an imported event is no play at all.
CREDITED = [WatchEvent.Origin.HOME, WatchEvent.Origin.BROWSE, WatchEvent.Origin.TITLE]

# An array with a null inside leaves as an empty one, and is refused for that.
DECISIONS = """
COPY (
    SELECT
        d.id AS decision,
        d.window_id AS "window",
        replace(v.public_id::text, '-', '') AS viewer,
        (v.personalised AND NOT v.is_child) AS personal,
        d.title_id AS title,
        CASE WHEN array_position(d.artworks, NULL) IS NULL THEN d.artworks ELSE '{{}}' END
            AS artworks,
        CASE WHEN array_position(d.probabilities, NULL) IS NULL
            THEN d.probabilities ELSE '{{}}' END AS probabilities,
        d.chosen,
        t.default_artwork_id AS "default",
        d.propensity,
        d.policy,
        d.model_id AS model,
        d.surface,
        d.position,
        (extract(epoch FROM d.first_seen_at) * 1000000)::bigint AS first_seen,
        coalesce(seen.impressions, 0) AS impressions,
        EXISTS (
            SELECT FROM catalog_watchevent AS play
            WHERE play.viewer_id = d.viewer_id
              AND play.title_id = d.title_id
              AND play.quality_at >= d.first_seen_at
              AND play.quality_at <= d.first_seen_at + {attribution}::interval
              AND play.origin = ANY({credited})
        ) AS reward,
        d.begun
    FROM personalization_decision AS d
    JOIN catalog_viewer AS v ON v.id = d.viewer_id
    JOIN catalog_title AS t ON t.id = d.title_id
    LEFT JOIN (
        SELECT i.decision_id, count(*) AS impressions
        FROM personalization_impression AS i
        JOIN personalization_decision AS e ON e.id = i.decision_id
        WHERE e.day = {day} AND i.day = {day}
            AND i.seen_at <= e.first_seen_at + {attribution}::interval
        GROUP BY i.decision_id
    ) AS seen ON seen.decision_id = d.id
    WHERE d.day = {day}
) TO STDOUT (FORMAT csv, HEADER)
"""
WINDOWS = """
SELECT id, manifest_digest, vector_digest, history_length,
       vector, affinity_people, affinity_weights
FROM personalization_window
WHERE id IN (SELECT window_id FROM personalization_decision WHERE day = %s)
ORDER BY id
"""
TYPES = {
    "decision": pa.int64(),
    "window": pa.int64(),
    "viewer": pa.string(),
    "personal": pa.bool_(),
    "title": pa.int64(),
    "artworks": pa.string(),
    "probabilities": pa.string(),
    "chosen": pa.int64(),
    "default": pa.int64(),
    "propensity": pa.float64(),
    "policy": pa.string(),
    "model": pa.int64(),
    "surface": pa.string(),
    "position": pa.int16(),
    "first_seen": pa.int64(),
    "impressions": pa.int32(),
    "reward": pa.bool_(),
    "begun": pa.bool_(),
}


@dataclass(frozen=True)
class Windows:
    """The windows of a day's decisions, in the order of their ids."""

    ids: npt.NDArray[np.int64]
    manifests: list[str]
    digests: list[str]
    history_lengths: npt.NDArray[np.int32]
    vectors: list[bytes]
    people: list[bytes]
    weights: list[bytes]


def decisions(day: date) -> pa.Table:
    """Return the day's decisions, in any order; lists are still as PostgreSQL writes them."""
    statement = sql.SQL(DECISIONS).format(
        day=sql.Literal(day),
        attribution=sql.Literal(f"{settings.ATTRIBUTION_HOURS} hours"),
        credited=sql.Literal([str(origin) for origin in CREDITED]),
    )
    received = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            received.write(block)
    received.seek(0)
    return csv.read_csv(
        received,
        convert_options=csv.ConvertOptions(
            column_types=TYPES, true_values=["t"], false_values=["f"], null_values=[""]
        ),
    )


def windows(day: date) -> Windows:
    """Return the windows that the day's decisions were made in."""
    with connection.cursor() as cursor:
        cursor.execute(WINDOWS, [day])
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return Windows(
        ids=np.array(columns[0], np.int64),
        manifests=list(columns[1]),
        digests=list(columns[2]),
        history_lengths=np.array(columns[3], np.int32),
        vectors=[bytes(value) for value in columns[4]],
        people=[bytes(value) for value in columns[5]],
        weights=[bytes(value) for value in columns[6]],
    )


def lists(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ListArray:
    """Turn PostgreSQL's `{1,2,3}` into lists of `kind`; `{}` and null become empty lists."""
    inner = pc.utf8_trim(pc.fill_null(column.combine_chunks(), "{}"), characters="{}")
    split = pc.split_pattern(inner, ",")
    lengths = np.where(
        pc.equal(inner, "").to_numpy(zero_copy_only=False),
        0,
        pc.list_value_length(split).to_numpy(zero_copy_only=False),
    )
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    values = pc.list_flatten(split)
    values = values.filter(pc.not_equal(values, "")).cast(kind)
    return pa.ListArray.from_arrays(pa.array(offsets), values)
