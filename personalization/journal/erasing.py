"""Erasing: sealed days are written again without the viewers who are gone.

A viewer's rows in the database go with the viewer; what is owed after that is in
`Erasure`. Only who holds the night may carry it out. It may be killed anywhere and
begun again: a day that was written anew holds none of them and is passed over, and
a file that no row names is removed at the end, whoever left it there.
"""

import io
from collections.abc import Collection
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import structlog
from django.db import connection, transaction
from django.db.models import Sum

from personalization import storage
from personalization.journal import sealing
from personalization.journal.schema import SCHEMA_VERSION, schema
from personalization.models import (
    Erasure,
    ModelVersion,
    Part,
    Reduction,
    SealedDay,
    SealedDayRewrite,
)

log = structlog.get_logger(__name__)
# What a race with the viewer's removal may have left: there is no foreign key to refuse it.
LEFT_BEHIND = """
WITH decisions AS (
    DELETE FROM personalization_decision WHERE viewer_id = ANY(%(viewers)s) RETURNING id, day
)
DELETE FROM personalization_impression AS i USING decisions AS d
WHERE i.decision_id = d.id AND i.day = d.day
"""


def carry_out(*, now: datetime) -> dict[str, str]:
    """Erase everybody to whom it is owed; return why days could not be written again, by day.

    While there is such a day, the erasures stay owed and are tried again.
    """
    owed = list(Erasure.objects.all())
    if not owed:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND, {"viewers": [each.viewer_id for each in owed]})
    failed: dict[str, str] = {}
    for day in SealedDay.objects.order_by("day"):
        try:
            _erase(day, [each.public_id.bytes for each in owed], now)
        except (storage.StorageAltered, storage.StorageMissing) as error:
            failed[str(day)] = str(error)
            log.error("erasure_waits", day=str(day), why=str(error))
    sweep()
    if not failed:
        # What was done stays on record; to whom, is known no longer.
        Erasure.objects.filter(pk__in=[each.pk for each in owed]).delete()
    return failed


def sweep() -> list[str]:
    """Remove files of days, statistics and parts that no row names; return their paths.

    Left by a worker that was killed, or replaced: an erased viewer may be in them. Workers
    make parts meanwhile: one that is taken from under its row is made again.
    """
    named = {"days": SealedDay.objects, "statistics": Reduction.objects, "parts": Part.objects}
    return [
        path
        for folder, rows in named.items()
        for path in storage.sweep(folder, keep=set(rows.values_list("path", flat=True)))
    ]


def rows_erased_since(model: ModelVersion) -> int:
    """Return how many rows that a model learnt from were erased after it was fitted."""
    since = SealedDayRewrite.objects.filter(
        day__in=model.days.values("day"), rewritten_at__gte=model.created_at
    )
    return since.aggregate(rows=Sum("rows_removed"))["rows"] or 0


def _erase(sealed: SealedDay, gone: Collection[bytes], now: datetime) -> None:
    """Write a day again without the viewers, if they are in it."""
    wanted = pa.array(list(gone), pa.binary(16))
    if not _holds(sealed, wanted):
        return
    table = pq.read_table(io.BytesIO(storage.read(sealed.path, sealed.sha256)))
    kept = table.filter(pc.invert(_among(table["viewer"], wanted)))
    _replace(sealed, sealing.built(_as_sealed(kept, sealed), sealed.refused), now)


def _as_sealed(table: pa.Table, sealed: SealedDay) -> pa.Table:
    """Give a table that was read back its schema: what is read names lists' elements differently.

    Then the file is, to the byte, what the journal without them would be sealed as.
    """
    if sealed.schema_version != SCHEMA_VERSION:
        return table
    return table.cast(schema(sealed.manifest_digest))


def _holds(sealed: SealedDay, wanted: pa.Array) -> bool:
    """Say whether one of the viewers is in a day. Reads one column, and checks no digest."""
    with storage.opened(sealed.path) as stream, pq.ParquetFile(stream) as file:
        return any(
            pc.any(_among(batch.column(0), wanted)).as_py()
            for batch in file.iter_batches(columns=["viewer"])
        )


def _among(viewers: pa.Array | pa.ChunkedArray, wanted: pa.Array) -> pa.Array:
    plain = viewers.cast(pa.binary(16)) if pa.types.is_dictionary(viewers.type) else viewers
    return pc.is_in(plain, value_set=wanted)


def _replace(sealed: SealedDay, built: sealing.Built, now: datetime) -> None:
    """Let the day's row name the new file, and forget every sum that the old one is in."""
    stored = storage.put(built.content, folder="days", suffix=".parquet")
    with transaction.atomic():
        SealedDay.objects.filter(pk=sealed.pk, sha256=sealed.sha256).update(
            path=stored.path,
            sha256=stored.sha256,
            rows=built.rows,
            rewards=built.rewards,
            begun=built.begun,
        )
        SealedDayRewrite.objects.create(
            day=sealed.day,
            old_sha256=sealed.sha256,
            new_sha256=stored.sha256,
            rows_removed=sealed.rows - built.rows,
            why=SealedDayRewrite.Why.ERASURE,
            rewritten_at=now,
        )
        # Sums run over the days: those of this day and of all later ones hold it.
        Reduction.objects.filter(day__day__gte=sealed.day).delete()
        Part.objects.filter(day=sealed).delete()
    log.info("sealed_day_rewritten", day=str(sealed.day), old=sealed.sha256, new=stored.sha256)
