"""Writing the evidence log: each event becomes one leaf, in one order, exactly once.

One writer at a time holds the row `record.turn`. A leaf names its event, and an event has one leaf
at most, so a worker that is killed between the two loses nothing and counts nothing twice.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from audits.evidence import tree
from audits.record.entries import Event, RowGone, RowSource, entry
from audits.routers import AUDIT
from tools.verify_evidence import NotReadable, canonical, leaf_hash

BATCH = 5_000  # leaves in one transaction
WAITING = """
SELECT e.id, e.kind, e.subject, e.body::text, e.at
FROM record.events AS e LEFT JOIN record.leaves AS l ON l.event_id = e.id
WHERE l.event_id IS NULL ORDER BY e.id LIMIT %s
"""


class StoredTiles:
    """The log's hashes in the database, as `audits.evidence.tree` reads them."""

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        table = "record.tiles WHERE level = %s AND" if level else "record.leaves WHERE %s = 0 AND"
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                f"SELECT hash FROM {table} place >= %s AND place < %s ORDER BY place",  # noqa: S608
                [level, start, end],
            )
            return [bytes(value) for (value,) in cursor.fetchall()]


@contextmanager
def turn() -> Iterator[Any]:
    """Hold the writer's turn, in a transaction; yield a cursor. Other writers wait."""
    with transaction.atomic(using=AUDIT), connections[AUDIT].cursor() as cursor:
        cursor.execute("SELECT FROM record.turn FOR UPDATE")
        yield cursor


def append_waiting(limit: int = BATCH) -> int:
    """Append a leaf for each event that has none, up to `limit`; return how many.

    An event whose rows are gone is logged as such, in words, so that the log does not stop.
    """
    with turn() as cursor:
        cursor.execute(WAITING, [limit])
        events = [_event(row) for row in cursor.fetchall()]
        append(cursor, [(event, _entry(event)) for event in events])
    return len(events)


def append_all() -> int:
    """Append a leaf for every event that waits; return how many."""
    total = 0
    while made := append_waiting():
        total += made
    return total


def append(cursor: Any, leaves: Sequence[tuple[Event, bytes]]) -> None:
    """Append leaves at the end of the log, and the hashes that they complete."""
    if not leaves:
        return
    size = length(cursor)
    hashes = [leaf_hash(content) for _, content in leaves]
    made = tree.completed(StoredTiles(AUDIT), size=size, leaves=hashes)
    cursor.execute(
        "INSERT INTO record.leaves (place, event_id, kind, subject, entry, hash)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bytea[],"
        " %s::bytea[])",
        [
            list(range(size, size + len(leaves))),
            [event.id for event, _ in leaves],
            [event.kind for event, _ in leaves],
            [event.subject for event, _ in leaves],
            [content for _, content in leaves],
            hashes,
        ],
    )
    start = size
    for level, row in enumerate(made):
        if level:
            cursor.execute(
                "INSERT INTO record.tiles (level, place, hash)"
                " SELECT %s, * FROM unnest(%s::bigint[], %s::bytea[])",
                [level, list(range(start, start + len(row))), row],
            )
        start //= tree.WIDTH


def length(cursor: Any) -> int:
    """Return the number of leaves."""
    cursor.execute("SELECT coalesce(max(place) + 1, 0) FROM record.leaves")
    return int(cursor.fetchone()[0])


def entries(start: int, end: int, alias: str = AUDIT) -> list[bytes]:
    """Return the leaves' contents from `start` to `end` (excluded)."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT entry FROM record.leaves WHERE place >= %s AND place < %s ORDER BY place",
            [start, end],
        )
        return [bytes(content) for (content,) in cursor.fetchall()]


def note(cursor: Any, kind: str, subject: str, body: dict[str, Any]) -> None:
    """Enter an event; the next append makes its leaf."""
    cursor.execute(
        "INSERT INTO record.events (kind, subject, body) VALUES (%s, %s, %s)",
        [kind, subject, canonical(body).decode()],
    )


def _event(row: tuple[Any, ...]) -> Event:

    number, kind, subject, body, at = row
    return Event(number, kind, subject, json.loads(body), at)


def _entry(event: Event) -> bytes:
    try:
        return entry(event, RowSource(AUDIT))
    except (RowGone, NotReadable) as gone:
        words = {"kind": event.kind, "subject": event.subject, "gone": str(gone)}
        return canonical(words)
