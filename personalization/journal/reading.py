"""Reads sealed days as arrays, a part at a time, so that memory stays bounded.

`shown` reads the few columns that the fit needs. `shards` reads them for one shard at a time, in
any order. `decisions` reads everything that evaluating a policy needs. `seen` counts impressions.
All check the file's digest first.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from personalization import storage
from personalization.bandit.arrays import Floats, Ints
from personalization.journal.schema import SCHEMA_VERSION
from personalization.models import SealedDay
from personalization.models.journal import Standing

Flags = npt.NDArray[np.bool_]


# Decisions in a batch of `decisions`. An evaluation's arrays are several times as large.
BATCH = 128 * 1024
FIT_COLUMNS = ["model", "chosen", "chosen_match", "position", "reward", "begun", "vector"]
JUDGED_COLUMNS = [
    "viewer", "title", "artworks", "probabilities", "match", "chosen", "chosen_at", "default",
    "propensity", "model", "standing", "vector", "position", "reward", "begun",
]  # fmt: skip
SEEN_COLUMNS = ["viewer", "chosen", "policy", "model", "first_seen", "impressions"]
NO_MODEL = -1  # before any model served


class OtherSchema(Exception):
    """A sealed day was written in a schema that this code does not read."""


@dataclass(frozen=True)
class Shown:
    """N decisions for the fit: the artwork shown, the viewer vector, and the reward."""

    chosen: Ints  # (N,) increasing: a sealed day is sorted by it
    models: Ints  # (N,) the model version that chose, or NO_MODEL
    windows: Ints  # (N,) the row of each decision's window in `vectors`
    vectors: Floats  # (W, d)
    matches: Floats  # (N,) of the artwork chosen
    positions: Floats  # (N,)
    rewards: Floats  # (N,) 0 or 1

    def __len__(self) -> int:
        return len(self.chosen)


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
    models: Ints  # (N,) the model version that chose, or NO_MODEL
    windows: Ints  # (N,) the row of each decision's window in `vectors`
    vectors: Floats  # (W, d)
    personal: Flags  # (N,) was the viewer's standing personal?
    positions: Floats  # (N,)
    rewards: Floats  # (N,) 0 or 1
    offsets: Ints  # (N + 1,)
    artworks: Ints  # (E,)
    probabilities: Floats  # (E,)
    matches: Floats  # (E,)

    def __len__(self) -> int:
        return len(self.titles)

    def of_chosen(self) -> Shown:
        """Return the decisions as the fit sees them."""
        return Shown(
            chosen=self.chosen,
            models=self.models,
            windows=self.windows,
            vectors=self.vectors,
            matches=self.matches[self.chosen_at],
            positions=self.positions,
            rewards=self.rewards,
        )

    def among(self, artwork_ids: Ints) -> "Decisions":
        """Return the decisions whose eligible artworks are all among `artwork_ids` (sorted)."""
        known = np.isin(self.artworks, artwork_ids)
        return self.only(np.logical_and.reduceat(known, self.offsets[:-1]) if len(self) else known)

    def only(self, kept: Flags) -> "Decisions":
        """Return the decisions that are `kept`, (N,)."""
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
            if name not in {"offsets", "chosen_at", "vectors"}
        }
        return Decisions(
            **picked, vectors=self.vectors, offsets=offsets, chosen_at=offsets[:-1] + within[kept]
        )


@dataclass(frozen=True)
class Shards:
    """A sealed day's shards: the row groups of its file, which do not change.

    Several threads may read from it at once.
    """

    path: Path
    metadata: pq.FileMetaData

    def __len__(self) -> int:
        return int(self.metadata.num_row_groups)

    def read(self, number: int) -> Shown:
        """Return the decisions of one shard that may be learnt from, in the file's order."""
        # Each read has its own file object, because pyarrow does not promise that one can be
        # shared.
        with _file(self.path, self.metadata) as file:
            # The threads work on several shards at once, so one shard's columns need none.
            group = file.read_row_group(number, columns=FIT_COLUMNS, use_threads=False)
            table = _learnt_from(group)
        windows, vectors = _vectors(table["vector"])
        return Shown(
            chosen=table["chosen"].to_numpy(),
            models=_models(table),
            windows=windows,
            vectors=vectors,
            matches=table["chosen_match"].to_numpy(),
            positions=table["position"].to_numpy().astype(np.float64),
            rewards=table["reward"].to_numpy().astype(np.float64),
        )


def shards(sealed: SealedDay, *, again: bool = True) -> Shards:
    """Open a day to read its shards. Reads no list. Raises as `decisions` does.

    Args:
        again: as for `storage.local_path`: whether to check a file that was checked before.
    """
    with _opened(sealed, again=again) as (path, file):
        return Shards(path, file.metadata)


def count_shards(sealed: SealedDay) -> int:
    """Return how many shards a day has. It reads only the file's end and checks no digest."""
    with storage.opened(sealed.path) as stream, pq.ParquetFile(stream) as file:
        return int(file.num_row_groups)


def shown(sealed: SealedDay) -> Iterator[Shown]:
    """Yield the day's decisions that may be learnt from, a shard at a time, in its order.

    Reads no list. Raises as `decisions` does.
    """
    opened = shards(sealed)
    for number in range(len(opened)):
        yield opened.read(number)


def decisions(sealed: SealedDay) -> Iterator[Decisions]:
    """Yield the day's decisions that may be learnt from, in the file's order.

    Raises StorageAltered or StorageMissing if the file is not the one that was
    sealed, and OtherSchema if this code does not know its columns.
    """
    with _opened(sealed) as (_, file):
        for number in range(file.num_row_groups):
            group = _learnt_from(file.read_row_group(number, columns=JUDGED_COLUMNS))
            windows, vectors = _vectors(group["vector"])
            for start in range(0, len(group), BATCH):
                part = slice(start, start + BATCH)
                yield _arrays(group.slice(start, BATCH).combine_chunks(), windows[part], vectors)


def seen(
    sealed: SealedDay,
    *,
    model: int | None,
    policies: Collection[str],
    viewers: Collection[bytes],
    artworks: Collection[int],
    until: datetime,
) -> Iterator[tuple[bytes, int, int]]:
    """Yield (viewer, artwork, impressions) of what these viewers were shown of these artworks.

    Impressions are those within the attribution window, of decisions first seen at `until`, also
    on titles that were begun. Raises as `decisions` does.

    Args:
        model: the model version that chose; None before any.
        policies: the names of the policies that chose.
        viewers: public ids, 16 bytes each.
    """
    wanted = {
        "policy": pa.array(list(policies), pa.string()),
        "viewer": pa.array(list(viewers), pa.binary(16)),
        "chosen": pa.array(list(artworks), pa.int64()),
    }
    with _opened(sealed) as (_, file):
        for number in range(file.num_row_groups):
            group = file.read_row_group(number, columns=SEEN_COLUMNS)
            of_model = group["model"]
            kept = pc.is_null(of_model) if model is None else pc.equal(of_model, model)
            kept = pc.and_(kept, pc.less_equal(group["first_seen"], until))
            for name, values in wanted.items():
                column = group[name].cast(values.type)
                kept = pc.and_(kept, pc.is_in(column, value_set=values))
            sums = group.filter(kept).group_by(["viewer", "chosen"])
            found = sums.aggregate([("impressions", "sum")]).to_pydict()
            yield from zip(found["viewer"], found["chosen"], found["impressions_sum"], strict=True)


@contextmanager
def _opened(sealed: SealedDay, *, again: bool = True) -> Iterator[tuple[Path, pq.ParquetFile]]:
    if sealed.schema_version != SCHEMA_VERSION:
        raise OtherSchema(
            f"The sealed day {sealed} has schema {sealed.schema_version}; "
            f"this code reads {SCHEMA_VERSION}."
        )
    path = storage.local_path(sealed.path, sealed.sha256, again=again)
    with _file(path) as file:
        yield path, file


def _file(path: Path, metadata: pq.FileMetaData | None = None) -> pq.ParquetFile:
    # Not memory-mapped: reading is faster than mapping pages that are unpacked once.
    return pq.ParquetFile(path, metadata=metadata, memory_map=False, read_dictionary=["vector"])


def _learnt_from(group: pa.Table) -> pa.Table:
    """Return the rows whose title had not been begun. These are nearly always all rows."""
    if not pc.any(group["begun"]).as_py():
        return group
    return group.filter(pc.invert(group["begun"]))


def _vectors(column: pa.ChunkedArray) -> tuple[Ints, Floats]:
    """Return each row's place among the distinct vectors, (N,), and these, (W, d)."""
    if not len(column):
        return np.zeros(0, np.int64), np.zeros((0, 0))
    encoded = column.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    dictionary = encoded.dictionary
    _, ends, content = dictionary.buffers()
    bounds = np.frombuffer(ends, np.int32, len(dictionary) + 1, 4 * dictionary.offset)
    flat = np.frombuffer(content.slice(bounds[0], bounds[-1] - bounds[0]), "<f8")
    return encoded.indices.to_numpy().astype(np.int64), flat.reshape(len(dictionary), -1)


def _arrays(table: pa.Table, windows: Ints, vectors: Floats) -> Decisions:
    lengths = pc.list_value_length(table["artworks"]).to_numpy().astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    viewers = table["viewer"].combine_chunks()
    return Decisions(
        viewers=_bytes(viewers, 16),
        titles=table["title"].to_numpy(),
        chosen=table["chosen"].to_numpy(),
        chosen_at=offsets[:-1] + table["chosen_at"].to_numpy(),
        defaults=pc.fill_null(table["default"], -1).to_numpy(),
        propensities=table["propensity"].to_numpy(),
        models=_models(table),
        windows=windows,
        vectors=vectors,
        personal=pc.equal(table["standing"].cast(pa.string()), Standing.PERSONAL.value).to_numpy(
            zero_copy_only=False
        ),
        positions=table["position"].to_numpy().astype(np.float64),
        rewards=table["reward"].to_numpy().astype(np.float64),
        offsets=offsets,
        artworks=pc.list_flatten(table["artworks"]).to_numpy(),
        probabilities=pc.list_flatten(table["probabilities"]).to_numpy(),
        matches=pc.list_flatten(table["match"]).to_numpy(),
    )


def _models(table: pa.Table) -> Ints:
    return np.asarray(pc.fill_null(table["model"], NO_MODEL).to_numpy(), np.int64)


def _bytes(column: pa.Array, width: int) -> npt.NDArray[np.bytes_]:
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else column.type
    start = column.offset * width
    content = column.buffers()[1]
    return np.frombuffer(content, f"V{width}", count=len(column), offset=start)
