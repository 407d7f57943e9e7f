"""Sealing: a day whose attribution window has closed becomes one immutable file.

The same rows give the same bytes, so a killed worker may start again: it writes the same file under
the same name. Rows that arrive later are not learnt from; `recheck` reports them. Only an erasure
writes a day again.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from personalization import storage
from personalization.features import manifest
from personalization.journal import checking, extracting, matching, partitions, writing
from personalization.journal.checking import DayRows
from personalization.journal.schema import SCHEMA_VERSION, schema
from personalization.models import SealedDay


class SealDiffers(Exception):
    """Sealing the day now would give another file."""


class RowsDropped(Exception):
    """A sealed day cannot be built again: its rows have left the journal."""


@dataclass(frozen=True)
class Built:
    """A day's file before it is stored, and what it holds."""

    content: bytes
    rows: int
    rewards: int
    begun: int
    refused: dict[str, int]


def last_closed_day(as_of: datetime) -> date:
    """Return the newest UTC day whose decisions can no longer earn a reward at `as_of`."""
    closed = as_of.astimezone(UTC) - timedelta(hours=settings.ATTRIBUTION_HOURS)
    return closed.date() - timedelta(days=1)


def sealable_days(as_of: datetime) -> list[date]:
    """Return the days with decisions that are closed and not sealed yet, oldest first."""
    last = last_closed_day(as_of)
    sealed = set(SealedDay.objects.values_list("day", flat=True))
    return partitions.holding(day for day in partitions.days() if day <= last and day not in sealed)


def seal(day: date, *, now: datetime) -> SealedDay:
    """Write the day's file and its row. A sealed day is left unchanged."""
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
        kept=extracting.kept(day),
        refused=built.refused,
        schema_version=SCHEMA_VERSION,
        manifest_digest=manifest.DIGEST,
        sealed_at=now,
    )


def reopen_days_ahead(*, now: datetime) -> list[date]:
    """Delete the seals that are dated more than a day after `now`; return their days.

    A clock that was ahead made them, perhaps before their days had ended. The night seals these
    days again from the journal. A seal stays where a model learnt from it or was judged on it, or
    where its rows have left the journal.
    """
    ahead = SealedDay.objects.filter(
        sealed_at__gt=now + timedelta(days=1),
        dropped_at=None,
        models=None,
        evaluated_models=None,
    )
    days = sorted(ahead.values_list("day", flat=True))
    SealedDay.objects.filter(day__in=days).delete()
    return days


def verify(sealed: SealedDay) -> None:
    """Raise StorageAltered or StorageMissing unless the day's file is the one that was written."""
    storage.verify(sealed.path, sealed.sha256)


def recheck(sealed: SealedDay) -> None:
    """Build a sealed day again from the database and compare.

    Raises SealDiffers if rows changed since (late events, erased viewers, changed annotations),
    StorageAltered or StorageMissing if the file is not the one that was written, and RowsDropped if
    the rows have left the journal. The sealed file is left unchanged.
    """
    verify(sealed)
    if sealed.dropped_at is not None:
        raise RowsDropped(
            f"The rows of {sealed.day} left the journal on {sealed.dropped_at:%Y-%m-%d}, so it "
            "cannot be built again and compared. Its sealed file is as it was written."
        )
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
    return built(_columns(good.ordered(), windows), refused)


def built(table: pa.Table, refused: dict[str, int]) -> Built:
    """Return the file of a day's table: the same rows give the same bytes."""
    sink = io.BytesIO()
    writing.write(table, sink)
    return Built(
        content=sink.getvalue(),
        rows=table.num_rows,
        rewards=int(table["reward"].to_numpy().sum()),
        begun=int(table["begun"].to_numpy().sum()),
        refused=refused,
    )


def _columns(rows: DayRows, windows: extracting.Windows) -> pa.Table:
    """Give the accepted rows the sealed day's columns, in its order and types."""
    found = schema(manifest.DIGEST)
    matches = matching.lists(rows, windows)
    starts = matches.offsets.to_numpy()[:-1]
    chosen_at = _chosen_at(rows)
    columns = {name: rows.table[name].combine_chunks() for name in rows.table.column_names} | {
        "viewer": _of_windows(windows.viewers, rows, 16),
        "window_digest": _of_windows(map(bytes.fromhex, windows.digests), rows, 32),
        "history_length": pa.array(windows.history_lengths[rows.window]),
        "match": matches,
        "chosen_at": pa.array(chosen_at.astype(np.int16)),
        "chosen_match": pa.array(matches.values.to_numpy()[starts + chosen_at]),
        "vector": checking.vectors(rows, windows),
    }
    return pa.table([columns[field.name].cast(field.type) for field in found], schema=found)


def _chosen_at(rows: DayRows) -> npt.NDArray[np.int64]:
    """Return the place of the artwork chosen among those eligible, (N,): accepted rows have one."""
    artworks = rows.table["artworks"].combine_chunks()
    lengths = pc.list_value_length(artworks).to_numpy(zero_copy_only=False)
    starts = np.cumsum(lengths) - lengths
    is_chosen = pc.list_flatten(artworks).to_numpy() == np.repeat(
        rows.table["chosen"].to_numpy(), lengths
    )
    return np.asarray(np.flatnonzero(is_chosen) - starts, np.int64)


def _of_windows(each: Iterable[bytes], rows: DayRows, width: int) -> pa.FixedSizeBinaryArray:
    """Return each row's window's bytes, `width` of them."""
    whole = np.frombuffer(b"".join(each), f"V{width}")
    content = pa.py_buffer(whole[rows.window])
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(rows.window), [None, content])
