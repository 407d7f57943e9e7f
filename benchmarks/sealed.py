"""Sealed days of the shape that a busy catalogue has, written without a journal."""

import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from personalization import storage
from personalization.bandit.arrays import Floats, Ints
from personalization.features import manifest
from personalization.journal import writing
from personalization.journal.schema import schema

SLATE = 40  # decisions of one viewer's window in a day
MODEL = 0  # the version that made all decisions; a number below those that a night uses
SKEW = 0.7  # the title at place k is met in proportion to k ** -SKEW


@dataclass(frozen=True)
class Written:
    """A stored file, and how many of its decisions were rewarded."""

    stored: storage.Stored
    rewards: int


def write(titles: Ints, artworks: Ints, rows: int, seed: int, *, slate: float = SLATE) -> Written:
    """Store the file of one day, as `table` has it."""
    made = table(titles, artworks, rows, seed=seed, slate=slate)
    sink = io.BytesIO()
    writing.write(made, sink)
    stored = storage.put(sink.getvalue(), folder="days", suffix=".parquet")
    return Written(stored, int(made["reward"].to_numpy().sum()))


def table(titles: Ints, artworks: Ints, rows: int, *, seed: int, slate: float = SLATE) -> pa.Table:
    """Return one day of `rows` decisions in the sealed day's schema and order.

    Args:
        titles: (T,) increasing ids; artworks: (T, K) theirs, increasing.
        slate: decisions of one viewer's window, on average.
    """
    random = np.random.default_rng(seed)
    each = artworks.shape[1]
    windows = max(1, round(rows / slate))
    often = np.arange(1, len(titles) + 1) ** -SKEW
    place = np.sort(
        random.choice(artworks.size, rows, p=np.repeat(often / often.sum(), each) / each)
    )
    title, at = place // each, place % each
    probabilities = random.dirichlet(np.full(each, 2.0), rows)
    match = random.random((rows, each)) * (random.random((rows, each)) < 0.3)
    window = random.integers(windows, size=rows)
    row = np.arange(rows)
    vectors = random.random((windows, manifest.WIDTH))
    chance = 0.05 + 0.1 * vectors[window, 0] * (at == 0)
    columns = {
        "decision": row,
        "viewer": _bytes(random.bytes(16 * windows), 16, window),
        "title": titles[title],
        "artworks": _lists(artworks[title]),
        "probabilities": _lists(probabilities),
        "match": _lists(match),
        "chosen": artworks[title, at],
        "chosen_at": at,
        "chosen_match": match[row, at],
        "default": artworks[title, 0],
        "propensity": probabilities[row, at],
        "policy": _named("contextual", rows),
        "model": np.full(rows, MODEL, np.int64),
        "window_digest": _bytes(random.bytes(32 * windows), 32, window),
        "history_length": random.integers(0, 200, windows)[window],
        "standing": _named("personal", rows),
        "vector": _vectors(vectors, window),
        "surface": _named("home", rows),
        "position": random.integers(0, SLATE, rows),
        "first_seen": 1_772_452_800_000_000 + random.integers(0, 86_400_000_000, rows),
        "impressions": np.ones(rows, np.int32),
        "reward": random.random(rows) < chance,
        "begun": np.zeros(rows, bool),
    }
    wanted = schema(manifest.DIGEST)
    return pa.table(
        [pa.array(columns[field.name]).cast(field.type) for field in wanted], schema=wanted
    )


def _lists(values: Floats | Ints) -> pa.ListArray:
    offsets = np.arange(len(values) + 1, dtype=np.int32) * values.shape[1]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values.ravel()))


def _bytes(content: bytes, width: int, places: Ints) -> pa.FixedSizeBinaryArray:
    picked = np.frombuffer(content, f"V{width}")[places]
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), len(places), [None, pa.py_buffer(picked)]
    )


def _named(name: str, rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([name]))


def _vectors(vectors: Floats, window: Ints) -> pa.DictionaryArray:
    each = pa.array([vector.tobytes() for vector in vectors], pa.binary())
    return pa.DictionaryArray.from_arrays(pa.array(window.astype(np.int32)), each)
