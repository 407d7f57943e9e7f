"""Dropping: a sealed day's rows leave the journal when they have been kept for long enough.

The sealed file is all that is left of them then, so it must be as it was written. Windows
follow when nothing is chosen in them any more and no decision in the journal names them:
sealed files hold the vectors, and nothing else reads a window that is over.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction

from personalization import storage
from personalization.journal import partitions
from personalization.models import SealedDay

# Through the index of each partition; there is no foreign key that could refuse it.
UNUSED_WINDOWS = """
DELETE FROM personalization_window AS w
WHERE (w.opened_at < %(before)s OR w.opened_at > %(after)s)
  AND NOT EXISTS (SELECT FROM personalization_decision AS d WHERE d.window_id = w.id)
"""


def drop_old(today: date, *, now: datetime) -> dict[str, str]:
    """Drop the days that are older than the retention; return why others were kept, by day.

    A day goes when its sealed file verifies, or when it never held a decision.
    Dropping again changes nothing.
    """
    last = today - timedelta(days=settings.JOURNAL_RETENTION_DAYS)
    old = [day for day in partitions.days() if day < last]
    sealed = SealedDay.objects.in_bulk(old, field_name="day")
    holding = set(partitions.holding(old))
    kept: dict[str, str] = {}
    for day in old:
        if day not in sealed and day in holding:
            kept[str(day)] = "It holds decisions and is not sealed."
            continue
        try:
            _drop(day, sealed.get(day), now)
        except (storage.StorageAltered, storage.StorageMissing, partitions.PartitionBusy) as error:
            kept[str(day)] = str(error)
    return kept


def drop_old_windows(today: date) -> int:
    """Delete the windows older than the retention that no decision names; return how many.

    Deleting again deletes none.
    """
    first = datetime.combine(today, time(), UTC) - timedelta(days=settings.WINDOW_RETENTION_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(UNUSED_WINDOWS, {"before": first, "after": None})
        return int(cursor.rowcount)


def drop_windows_ahead(*, now: datetime) -> int:
    """Delete the windows opened more than a day after `now` that no decision names.

    A wrong clock opened them. When the clock gets there, their vectors are out of date.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNUSED_WINDOWS, {"before": None, "after": now + timedelta(days=1)})
        return int(cursor.rowcount)


def newest_dropped() -> date | None:
    """Return the newest day whose rows are gone, or None while all are there."""
    return (
        SealedDay.objects.filter(dropped_at__isnull=False)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )


@transaction.atomic
def _drop(day: date, sealed: SealedDay | None, now: datetime) -> None:
    if sealed is not None:
        storage.verify(sealed.path, sealed.sha256)
        SealedDay.objects.filter(pk=sealed.pk, dropped_at=None).update(dropped_at=now)
    partitions.drop(day)
