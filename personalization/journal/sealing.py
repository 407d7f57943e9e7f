"""Sealing: a day whose attribution window has closed becomes one immutable file.

The same rows give the same bytes, so a worker killed anywhere may begin again:
it writes the same file under the same name. A sealed day is never rewritten;
what arrives later is not learnt from, and `recheck` says so.
"""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection

from personalization import storage
from personalization.features import manifest
from personalization.journal import checking, extracting, matching, writing
from personalization.journal.checking import Rows
from personalization.journal.schema import SCHEMA_VERSION, schema
from personalization.models import SealedDay

SEALABLE = """
SELECT span.day::date
FROM generate_series(
    (SELECT min(day) FROM personalization_decision), %(last)s::date, interval '1 day'
) AS span(day)
WHERE EXISTS (SELECT FROM personalization_decision AS d WHERE d.day = span.day::date)
  AND NOT EXISTS (SELECT FROM personalization_sealedday AS s WHERE s.day = span.day::date)
ORDER BY 1
"""


class SealDiffers(Exception):
    """A sealed day would come out differently now."""


@dataclass(frozen=True)
class Built:
    """A day's file before it is stored, and what it holds."""

    content: bytes
    rows: int
    rewards: int
    begun: int
    refused: dict[str, int]


def last_closed_day(as_of: datetime) -> date:
    """Return the newest UTC day whose decisions can earn no more reward at `as_of`."""
    closed = as_of.astimezone(UTC) - timedelta(hours=settings.ATTRIBUTION_HOURS)
    return closed.date() - timedelta(days=1)


def sealable_days(as_of: datetime) -> list[date]:
    """Return the days with decisions that are closed and not sealed yet, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(SEALABLE, {"last": last_closed_day(as_of)})
        return [day for (day,) in cursor.fetchall()]


def seal(day: date, *, now: datetime) -> SealedDay:
    """Write the day's file and its row; a day that is sealed already stays as it is."""
    found = SealedDay.objects.filter(day=day).first()
    if found is not None:
        return found
    built = build(day)
    stored = storage.put(built.content, folder="days", suffix=".parquet")
    return SealedDay.objects.create(
        day=day,
        path=stored.path,
        sha256=stored.sha256,
        rows=built.rows,
        rewards=built.rewards,
        begun=built.begun,
        refused=built.refused,
        schema_version=SCHEMA_VERSION,
        manifest_digest=manifest.DIGEST,
        sealed_at=now,
    )


def verify(sealed: SealedDay) -> None:
    """Raise StorageAltered or StorageMissing unless the day's file is the one that was written."""
    storage.verify(sealed.path, sealed.sha256)


def recheck(sealed: SealedDay) -> None:
    """Build a sealed day again from the database and compare.

    Raises SealDiffers where rows came or went since (late events, erased
    viewers, annotations that changed), StorageAltered or StorageMissing where
    the file is not the one that was written. The sealed file stays as it is.
    """
    verify(sealed)
    built = build(sealed.day)
    if storage.digest(built.content) != sealed.sha256:
        raise SealDiffers(
            f"Sealed again, {sealed.day} would hold {built.rows:,} decisions with "
            f"{built.rewards:,} rewards; it was sealed with {sealed.rows:,} and "
            f"{sealed.rewards:,}. The sealed file stays as it is."
        )


def build(day: date) -> Built:
    """Return the day's file: the same rows give the same bytes."""
    windows = extracting.windows(day)
    raw = checking.parse(extracting.decisions(day), windows)
    good, refused = checking.accept(raw, windows)
    table = _columns(good.ordered(), windows)
    sink = io.BytesIO()
    writing.write(table, sink)
    return Built(
        content=sink.getvalue(),
        rows=table.num_rows,
        rewards=int(table["reward"].to_numpy().sum()),
        begun=int(table["begun"].to_numpy().sum()),
        refused=refused,
    )


def _columns(rows: Rows, windows: extracting.Windows) -> pa.Table:
    """Give the accepted rows the sealed day's columns, in its order and types."""
    found = schema(manifest.DIGEST)
    matches = matching.lists(rows, windows)
    starts = matches.offsets.to_numpy()[:-1]
    chosen_at = _chosen_at(rows)
    columns = {name: rows.table[name].combine_chunks() for name in rows.table.column_names} | {
        "viewer": _binary(rows.table["viewer"].to_pylist(), 16),
        "window_digest": _binary([windows.digests[place] for place in rows.window], 32),
        "history_length": pa.array(windows.history_lengths[rows.window]),
        "match": matches,
        "chosen_at": pa.array(chosen_at.astype(np.int16)),
        "chosen_match": pa.array(matches.values.to_numpy()[starts + chosen_at]),
        "vector": checking.vectors(rows, windows),
    }
    return pa.table([columns[field.name].cast(field.type) for field in found], schema=found)


def _chosen_at(rows: Rows) -> npt.NDArray[np.int64]:
    """Return the place of the artwork chosen among those eligible, (N,): accepted rows have one."""
    artworks = rows.table["artworks"].combine_chunks()
    lengths = pc.list_value_length(artworks).to_numpy(zero_copy_only=False)
    starts = np.cumsum(lengths) - lengths
    is_chosen = pc.list_flatten(artworks).to_numpy() == np.repeat(
        rows.table["chosen"].to_numpy(), lengths
    )
    return np.asarray(np.flatnonzero(is_chosen) - starts, np.int64)


def _binary(hexadecimal: list[str], width: int) -> pa.FixedSizeBinaryArray:
    content = pa.py_buffer(bytes.fromhex("".join(hexadecimal)))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(hexadecimal), [None, content])
