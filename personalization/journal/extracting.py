"""Reads one day's decisions from the database, whole columns at a time.

It is a binary COPY read by NumPy, because a day may hold many millions of rows. The database joins
rewards and impressions. The day is closed, so nothing changes between these queries, except that
viewers and titles may be removed. Their rows are then left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.conf import settings
from django.db import connection
from psycopg import sql

from catalog.models import WatchEvent
from personalization.journal import binary
from personalization.models.journal import Decision, Policy, Standing
from personalization.serving.tokens import SURFACES

# Plays that started here are credited to the artwork. In search and continue-watching the viewer
# had chosen the title before seeing the artwork, and an imported event is no play.
CREDITED = [WatchEvent.Origin.HOME, WatchEvent.Origin.BROWSE, WatchEvent.Origin.TITLE]

# Fields of fixed width come first, then the two arrays, as `binary` needs them. Columns of the
# window and the title are read separately, once each, and not joined to every decision.
DECISIONS = """
COPY (
    SELECT id, window_id, title_id, chosen, coalesce(model_id, -1), propensity, first_seen_at,
        coalesce(array_position({policies}::varchar[], policy), 0),
        coalesce(array_position({standings}::varchar[], standing), 0),
        coalesce(array_position({surfaces}::varchar[], surface), 0),
        position, begun, artworks, probabilities
    FROM personalization_decision
    WHERE day = {day} AND standing <> {keeps}
) TO STDOUT (FORMAT binary)
"""
FIXED = {
    "decision": ">i8",
    "window": ">i8",
    "title": ">i8",
    "chosen": ">i8",
    "model": ">i8",
    "propensity": ">f8",
    "first_seen": ">i8",
    "policy": ">i4",
    "standing": ">i4",
    "surface": ">i4",
    "position": ">i2",
    "begun": "?",
}
EPOCH = 946_684_800_000_000  # microseconds from 1970 to 2000, from which PostgreSQL counts

# Decisions with a credited quality play within the attribution window. A play that follows another
# picture, which the viewer chose in the meantime, is not credited to the one that was drawn.
REWARDED = """
SELECT DISTINCT d.id
FROM personalization_decision AS d
JOIN catalog_watchevent AS play ON play.viewer_id = d.viewer_id AND play.title_id = d.title_id
WHERE d.day = %(day)s
  AND play.quality_at >= %(day)s::timestamp AT TIME ZONE 'UTC'
  AND play.quality_at <= %(day)s::timestamp AT TIME ZONE 'UTC' + interval '1 day'
      + %(attribution)s::interval
  AND play.quality_at >= d.first_seen_at
  AND play.quality_at <= d.first_seen_at + %(attribution)s::interval
  AND play.origin = ANY(%(credited)s)
  AND d.standing <> 'keeps'
  AND NOT EXISTS (
    SELECT FROM personalization_decision AS own
    WHERE own.day BETWEEN %(day)s AND %(day)s + 2 AND own.standing = 'keeps'
      AND own.viewer_id = d.viewer_id AND own.title_id = d.title_id AND own.chosen <> d.chosen
      AND own.first_seen_at BETWEEN d.first_seen_at AND play.quality_at)
ORDER BY d.id
"""
# Decisions that were not seen exactly once within the attribution window. They are few.
IMPRESSIONS = """
SELECT d.id, count(i.id)
FROM personalization_decision AS d
LEFT JOIN personalization_impression AS i
    ON i.decision_id = d.id AND i.day = %(day)s
    AND i.seen_at <= d.first_seen_at + %(attribution)s::interval
WHERE d.day = %(day)s AND d.standing <> 'keeps'
GROUP BY d.id
HAVING count(i.id) <> 1
ORDER BY d.id
"""
TITLES = "SELECT id, default_artwork_id FROM catalog_title ORDER BY id"
WINDOWS = """
SELECT w.id, v.public_id, w.manifest_digest,
       w.vector_digest, w.history_length, w.vector, w.affinity_people, w.affinity_weights
FROM personalization_window AS w
JOIN catalog_viewer AS v ON v.id = w.viewer_id
WHERE w.id IN (SELECT window_id FROM personalization_decision WHERE day = %s)
ORDER BY w.id
"""


@dataclass(frozen=True)
class Windows:
    """The windows of a day's decisions, in the order of their ids."""

    ids: npt.NDArray[np.int64]
    viewers: list[bytes]  # public ids, 16 bytes each
    manifests: list[str]
    digests: list[str]
    history_lengths: npt.NDArray[np.int32]
    vectors: list[bytes]
    people: list[bytes]
    weights: list[bytes]


def decisions(day: date) -> pa.Table:
    """Return the day's decisions on titles that still exist, in any order.

    Pictures that viewers chose are no decisions of a policy, and are not among them.
    An unknown policy, standing or surface is null. The model is null where there was none.
    """
    statement = sql.SQL(DECISIONS).format(
        day=sql.Literal(day),
        keeps=sql.Literal(str(Standing.KEEPS)),
        policies=sql.Literal(list(Policy)),
        standings=sql.Literal(list(Standing)),
        surfaces=sql.Literal(list(SURFACES)),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        received = binary.receive(copy)
    columns: dict[str, Any] = {}
    before = 0
    for place, (name, kind) in enumerate(FIXED.items()):
        columns[name] = received.fixed(before, place, kind)
        before += np.dtype(kind).itemsize
    artworks, probabilities = received.arrays(before, len(FIXED), ">f8")
    table = pa.table(
        columns
        | {
            "model": pa.array(columns["model"], mask=columns["model"] < 0),
            "first_seen": columns["first_seen"] + EPOCH,
            "policy": _names(columns["policy"], list(Policy)),
            "standing": _names(columns["standing"], list(Standing)),
            "surface": _names(columns["surface"], SURFACES),
            "artworks": _list_array(artworks),
            "probabilities": _list_array(probabilities),
            "impressions": _impressions(day, columns["decision"]),
            "reward": np.isin(columns["decision"], _rewarded(day)),
        }
    )
    return _with_defaults(table)


def kept(day: date) -> int:
    """Return how many pictures that viewers chose were first seen on the day."""
    return Decision.objects.filter(day=day, standing=Standing.KEEPS).count()


def _names(places: npt.NDArray[np.int32], names: Sequence[str]) -> pa.DictionaryArray:
    """Turn PostgreSQL's places in a list, from 1, into its names; 0 is null."""
    indices = pa.array(places - 1, mask=places == 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array([str(name) for name in names]))


def _list_array(lists: binary.Lists) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(lists.offsets.astype(np.int32)), lists.values)


def _rewarded(day: date) -> npt.NDArray[np.int64]:
    rows = _rows(REWARDED, day) or [()]
    return np.array(rows, np.int64).ravel()


def _impressions(day: date, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return how often each decision was seen within its attribution window."""
    others = np.array(_rows(IMPRESSIONS, day), np.int64).reshape(-1, 2)
    counts = np.ones(len(ids), np.int32)
    order = np.argsort(ids)
    counts[order[np.searchsorted(ids, others[:, 0], sorter=order)]] = others[:, 1]
    return counts


def _with_defaults(table: pa.Table) -> pa.Table:
    """Add each title's default artwork. Drop the decisions on titles that were removed."""
    found = _rows(TITLES)
    ids = np.array([title for title, _ in found], np.int64)
    defaults = pa.array([default for _, default in found], pa.int64())
    titles = table["title"].to_numpy()
    place = np.searchsorted(ids, titles)
    there = place < len(ids)
    there[there] = ids[place[there]] == titles[there]
    if not there.all():
        table, place = table.filter(pa.array(there)), place[there]
    return table.append_column("default", defaults.take(pa.array(place)))


def _rows(query: str, day: date | None = None) -> list[tuple[Any, ...]]:
    named = {
        "day": day,
        "attribution": f"{settings.ATTRIBUTION_HOURS} hours",
        "credited": [str(origin) for origin in CREDITED],
    }
    with connection.cursor() as cursor:
        cursor.execute(query, named if day else None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def windows(day: date) -> Windows:
    """Return the windows that the day's decisions were made in."""
    with connection.cursor() as cursor:
        cursor.execute(WINDOWS, [day])
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * 8
    return Windows(
        ids=np.array(columns[0], np.int64),
        viewers=[viewer.bytes for viewer in columns[1]],
        manifests=list(columns[2]),
        digests=list(columns[3]),
        history_lengths=np.array(columns[4], np.int32),
        vectors=[bytes(value) for value in columns[5]],
        people=[bytes(value) for value in columns[6]],
        weights=[bytes(value) for value in columns[7]],
    )
