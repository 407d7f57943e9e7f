"""Erasing: sealed days are written again without removed viewers.

A viewer's rows in the database are deleted with the viewer. An `Erasure` says that sealed days may
still hold them. Only the process that holds the night's lock may carry it out. It may be killed at
any point and started again: a day that was already written again is skipped, and files that no row
names are removed at the end.
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
# Rows that a race with the viewer's removal may have left, since no foreign key refuses them.
LEFT_BEHIND = """
WITH decisions AS (
    DELETE FROM personalization_decision WHERE viewer_id = ANY(%(viewers)s) RETURNING id, day
)
DELETE FROM personalization_impression AS i USING decisions AS d
WHERE i.decision_id = d.id AND i.day = d.day
"""


def carry_out(*, now: datetime) -> dict[str, str]:
    """Carry out every waiting erasure; return why days could not be written again, by day.

    While there is such a day, the erasures stay and are tried again.
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
        # The rewrites stay on record. Whose rows were removed is not kept.
        Erasure.objects.filter(pk__in=[each.pk for each in owed]).delete()
    return failed


def sweep() -> list[str]:
    """Remove files of days, statistics and parts that no row names; return their paths.

    A killed worker or a rewrite leaves such files, and an erased viewer may be in them. Workers may
    make parts meanwhile. A part whose file is removed too early is made again.
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
    """Cast a table to the sealed schema, because reading names the elements of lists differently.

    The file then equals, to the byte, what sealing the journal without the viewers would give.
    """
    if sealed.schema_version != SCHEMA_VERSION:
        return table
    return table.cast(schema(sealed.manifest_digest))


def _holds(sealed: SealedDay, wanted: pa.Array) -> bool:
    """Say whether a day holds one of the viewers. It reads one column and checks no digest."""
    with storage.opened(sealed.path) as stream, pq.ParquetFile(stream) as file:
        return any(
            pc.any(_among(batch.column(0), wanted)).as_py()
            for batch in file.iter_batches(columns=["viewer"])
        )


def _among(viewers: pa.Array | pa.ChunkedArray, wanted: pa.Array) -> pa.Array:
    plain = viewers.cast(pa.binary(16)) if pa.types.is_dictionary(viewers.type) else viewers
    return pc.is_in(plain, value_set=wanted)


def _replace(sealed: SealedDay, built: sealing.Built, now: datetime) -> None:
    """Point the day's row to the new file, and delete every sum that holds the old one."""
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
        # Sums run over the days: this day's sum and all later ones hold it.
        Reduction.objects.filter(day__day__gte=sealed.day).delete()
        Part.objects.filter(day=sealed).delete()
    log.info("sealed_day_rewritten", day=str(sealed.day), old=sealed.sha256, new=stored.sha256)
