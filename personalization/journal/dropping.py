"""Drops a sealed day's rows from the journal after the retention period.

Only the sealed file is left of them then, so the file is verified first. A window is deleted when
it has ended and no decision in the journal names it: sealed files hold the vectors, and nothing
else reads an ended window.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction

from personalization import storage
from personalization.journal import partitions
from personalization.models import SealedDay

SETTLED = timedelta(days=1)  # after a seal, before its day may be dropped
# The look-up uses each partition's index. There is no foreign key that could refuse the deletion.
UNUSED_WINDOWS = """
DELETE FROM personalization_window AS w
WHERE (w.opened_at < %(before)s OR w.opened_at > %(after)s)
  AND NOT EXISTS (SELECT FROM personalization_decision AS d WHERE d.window_id = w.id)
"""


def drop_old(today: date, *, now: datetime) -> dict[str, str]:
    """Drop the days older than the retention; return why the others of them were kept, by day.

    A day is dropped when its sealed file is verified, or when it never held a decision. A day that
    was sealed less than a day ago stays for a later night: under a clock that is far ahead, a night
    would else seal and drop a day that still takes decisions. Dropping again changes nothing.
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
        if day in sealed and sealed[day].sealed_at > now - SETTLED:
            kept[str(day)] = "It was sealed less than a day ago; a later night drops it."
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
    """Return the newest day that was dropped, or None if none was."""
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
