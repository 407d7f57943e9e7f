"""Records many seen decisions at once, by COPY. A simulation or an importer uses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from personalization.actions.journal import KEPT
from personalization.journal import partitions
from personalization.models import SealedDay
from personalization.serving.deciding import Decided


class DayIsSealed(Exception):
    """A sealed day takes no more decisions; the message names the day."""


@dataclass(frozen=True)
class Seen:
    """A decision as a simulation saw it."""

    viewer_id: int
    window_id: int
    model_id: int | None
    decided: Decided
    surface: str
    position: int
    at: datetime
    page_view: UUID
    begun: bool


TYPES = {
    "viewer_id": "int8",
    "title_id": "int8",
    "window_id": "int8",
    "model_id": "int8",
    "policy": "text",
    "standing": "text",
    "artworks": "int8[]",
    "probabilities": "float8[]",
    "chosen": "int8",
    "propensity": "float8",
    "surface": "text",
    "position": "int2",
    "first_seen_at": "timestamptz",
    "day": "date",
    "begun": "bool",
}
COLUMNS = ", ".join(TYPES)
STAGED = """
CREATE TEMPORARY TABLE seen_rows (LIKE personalization_decision) ON COMMIT DROP;
ALTER TABLE seen_rows DROP COLUMN id, ADD COLUMN page_view uuid NOT NULL
"""
# As in `record_seen`, one writer at a time looks for a window's decisions and adds to them.
LOCKED = """
SELECT min(opened_at) FROM (
    SELECT opened_at FROM personalization_window
    WHERE id IN (SELECT window_id FROM seen_rows) ORDER BY id FOR NO KEY UPDATE
) AS locked
"""
RECORD = f"""
WITH made AS (
    INSERT INTO personalization_decision ({COLUMNS})
    SELECT {COLUMNS} FROM (
        SELECT DISTINCT ON (window_id, title_id, {KEPT.format("s")}) * FROM seen_rows AS s
        WHERE NOT EXISTS (
            SELECT FROM personalization_decision AS d
            WHERE d.window_id = s.window_id AND d.title_id = s.title_id AND d.day >= %(since)s
              AND {KEPT.format("d")} = {KEPT.format("s")})
        ORDER BY window_id, title_id, {KEPT.format("s")}, first_seen_at
    ) AS first_seen
    ORDER BY first_seen_at, viewer_id, position
    RETURNING id, window_id, title_id, first_seen_at, day
)
INSERT INTO personalization_impression (decision_id, day, page_view, seen_at)
SELECT made.id, made.day, seen_rows.page_view, made.first_seen_at
FROM made JOIN seen_rows USING (window_id, title_id, first_seen_at)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - the names are this module's own


@transaction.atomic
def record_seen_in_bulk(seen: Iterable[Seen]) -> int:
    """Record many decisions, each seen once, by COPY; return how many were new.

    An existing decision of a window and title is left unchanged. Raises DayIsSealed, and records
    nothing, if one was first seen on a sealed day.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAGED)
        with cursor.copy(f"COPY seen_rows ({COLUMNS}, page_view) FROM STDIN") as copy:
            copy.set_types([*TYPES.values(), "uuid"])
            for row in seen:
                copy.write_row(_row(row))
        days = _days(cursor)
        partitions.ensure(days)
        cursor.execute(LOCKED)
        (opened,) = cursor.fetchone()
        since = min([*days, partitions.utc_day(opened)]) if opened else None
        cursor.execute(RECORD, {"since": since})
        recorded = int(cursor.rowcount)
        cursor.execute("DROP TABLE seen_rows")  # the caller's transaction may record again
        return recorded


def _days(cursor: CursorWrapper) -> list[date]:
    cursor.execute("SELECT DISTINCT day FROM seen_rows ORDER BY day")
    days = [day for (day,) in cursor.fetchall()]
    sealed = SealedDay.objects.filter(day__in=days).order_by("day").first()
    if sealed is not None:
        raise DayIsSealed(f"{sealed} is sealed: it takes no more decisions.")
    return days


def _row(seen: Seen) -> tuple[object, ...]:
    decided = seen.decided
    return (
        seen.viewer_id, decided.title_id, seen.window_id, seen.model_id, str(decided.policy),
        str(decided.standing), decided.artworks.tolist(), decided.probabilities.tolist(),
        decided.artwork_id, decided.propensity, seen.surface, seen.position, seen.at,
        partitions.utc_day(seen.at), seen.begun, seen.page_view,
    )  # fmt: skip
