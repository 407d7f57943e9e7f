"""Sealed days read back as arrays, a row group at a time, so that memory stays bounded."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from personalization import storage
from personalization.journal.schema import SCHEMA_VERSION
from personalization.models import SealedDay

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class OtherSchema(Exception):
    """A sealed day was written in a schema that this code does not read."""


@dataclass(frozen=True)
class Decisions:
    """N decisions and, end to end, their E eligible artworks.

    The artworks of decision i lie at `offsets[i]` to `offsets[i + 1]`.
    """

    viewers: npt.NDArray[np.bytes_]  # (N,) public ids, 16 bytes each
    titles: Ints  # (N,)
    chosen: Ints  # (N,)
    chosen_at: Ints  # (N,) the place of the one chosen among the E
    defaults: Ints  # (N,) the editor's default, -1 where there is none
    propensities: Floats  # (N,)
    vectors: Floats  # (N, d)
    histories: npt.NDArray[np.int32]  # (N,) history length of the window
    personal: Flags  # (N,) may choices for this viewer be personal?
    positions: Floats  # (N,)
    rewards: Floats  # (N,) 0 or 1
    offsets: Ints  # (N + 1,)
    artworks: Ints  # (E,)
    probabilities: Floats  # (E,)
    matches: Floats  # (E,)

    def __len__(self) -> int:
        return len(self.titles)

    def among(self, artwork_ids: Ints) -> "Decisions":
        """Return the decisions whose eligible artworks are all among `artwork_ids` (sorted)."""
        known = np.isin(self.artworks, artwork_ids)
        kept = np.logical_and.reduceat(known, self.offsets[:-1]) if len(self) else known
        if kept.all():
            return self
        lengths = np.diff(self.offsets)
        elements = np.repeat(kept, lengths)
        offsets = np.concatenate([[0], np.cumsum(lengths[kept])])
        within = self.chosen_at - self.offsets[:-1]
        names = [field.name for field in fields(self)]
        slates = {"artworks", "probabilities", "matches"}
        picked = {
            name: getattr(self, name)[elements if name in slates else kept]
            for name in names
            if name not in {"offsets", "chosen_at"}
        }
        return Decisions(**picked, offsets=offsets, chosen_at=offsets[:-1] + within[kept])


def decisions(sealed: SealedDay) -> Iterator[Decisions]:
    """Yield the day's decisions that may be learnt from, in the file's order.

    Raises StorageAltered or StorageMissing if the file is not the one that was
    sealed, and OtherSchema if this code does not know its columns.
    """
    if sealed.schema_version != SCHEMA_VERSION:
        raise OtherSchema(
            f"The sealed day {sealed} has schema {sealed.schema_version}; "
            f"this code reads {SCHEMA_VERSION}."
        )
    with pq.ParquetFile(storage.local_path(sealed.path, sealed.sha256), memory_map=True) as file:
        for number in range(file.num_row_groups):
            group = file.read_row_group(number)
            yield _arrays(group.filter(pc.invert(group["begun"])).combine_chunks())


def _arrays(table: pa.Table) -> Decisions:
    lengths = pc.list_value_length(table["artworks"]).to_numpy().astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    artworks = pc.list_flatten(table["artworks"]).to_numpy()
    chosen = table["chosen"].to_numpy()
    width = table.schema.field("vector").type.list_size
    viewers = table["viewer"].combine_chunks()
    return Decisions(
        viewers=_bytes(viewers, 16),
        titles=table["title"].to_numpy(),
        chosen=chosen,
        chosen_at=np.flatnonzero(artworks == np.repeat(chosen, lengths)),
        defaults=pc.fill_null(table["default"], -1).to_numpy(),
        propensities=table["propensity"].to_numpy(),
        vectors=pc.list_flatten(table["vector"]).to_numpy().reshape(-1, width),
        histories=table["history_length"].to_numpy(),
        personal=table["personal"].to_numpy(),
        positions=table["position"].to_numpy().astype(np.float64),
        rewards=table["reward"].to_numpy().astype(np.float64),
        offsets=offsets,
        artworks=artworks,
        probabilities=pc.list_flatten(table["probabilities"]).to_numpy(),
        matches=pc.list_flatten(table["match"]).to_numpy(),
    )


def _bytes(column: pa.Array, width: int) -> npt.NDArray[np.bytes_]:
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else column.type
    start = column.offset * width
    content = column.buffers()[1]
    return np.frombuffer(content, f"V{width}", count=len(column), offset=start)
