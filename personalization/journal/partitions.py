"""The journal's tables, day by day: each has a partition of decisions and one of impressions.

Which partitions exist is read from PostgreSQL's catalogue and kept nowhere else. There is no
default partition: the database refuses a row whose day has none, so writers call `ensure` first.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

TABLES = ("personalization_decision", "personalization_impression")
AHEAD = 3  # days whose partitions the night makes in advance
LOCK = 0x4D_52_51_03  # "MRQ", 3: one maker of partitions at a time
# How long a drop may wait for readers of the journal. Later queries, those of pages included, queue
# behind it, so it gives up early and is tried again in the next night.
PATIENCE = "2s"

# Read from the catalogue's tables, because `to_regclass` may answer from the session's cache.
DAYS = """
SELECT to_date(right(part.relname, 8), 'YYYYMMDD') AS day
FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
WHERE inhparent = 'personalization_impression'::regclass
"""
MISSING = f"SELECT unnest(%s::date[]) AS day EXCEPT {DAYS} ORDER BY day"
HOLDING = """
SELECT day FROM unnest(%s::date[]) AS day
WHERE EXISTS (SELECT FROM personalization_decision AS d WHERE d.day = day.day)
ORDER BY day
"""


class PartitionBusy(Exception):
    """The journal was read for so long that a day could not be dropped."""


def days() -> list[date]:
    """Return the days that have partitions, oldest first."""
    return _dates(f"{DAYS} ORDER BY day")


def holding(among: Iterable[date]) -> list[date]:
    """Return those days that hold a decision, oldest first."""
    return _dates(HOLDING, [list(among)])


def ensure(wanted: Iterable[date]) -> None:
    """Make the missing partitions of these days, in the caller's transaction.

    Two that come at once make one: the second waits, looks again, and finds it. A
    partition is made apart and then attached, which waits for no reader and no writer.
    """
    named = list(wanted)
    if not _dates(MISSING, [named]):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for day in _dates(MISSING, [named]):
            for table in TABLES:
                cursor.execute(_make(table, day))


def prepare(today: date) -> None:
    """Make the partitions of the coming days, so that no page has to."""
    ensure(today + timedelta(days=ahead) for ahead in range(AHEAD + 1))


def drop(day: date) -> None:
    """Drop a day with all its rows. Raises PartitionBusy if the journal is being read for long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            for table in TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS {_name(table, day)}")
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        raise PartitionBusy(f"The journal of {day} is being read; it is dropped later.") from error


def utc_day(moment: datetime) -> date:
    """Return the UTC day of a moment, by which decisions are kept."""
    return moment.astimezone(UTC).date()


def _make(table: str, day: date) -> str:
    part = _name(table, day)
    return (
        f"CREATE TABLE {part} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS); "
        f"ALTER TABLE {table} ATTACH PARTITION {part} "
        f"FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
    )


def _name(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def _dates(query: str, parameters: list[Any] | None = None) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [found for (found,) in cursor.fetchall()]
