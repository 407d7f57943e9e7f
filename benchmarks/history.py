"""A catalogue and a history of sealed days to train on, in the real tables and files."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context

import numpy as np

from benchmarks import days, sealed, worlds
from personalization import storage
from personalization.bandit import files
from personalization.bandit.arrays import Ints
from personalization.features import manifest
from personalization.journal.schema import SCHEMA_VERSION
from personalization.models import ModelVersion, SealedDay

FIRST = date(2026, 3, 2)
TITLES = 834  # with six artworks each, so five thousand artworks


def write(count: int, *, rows: int, distinct: int) -> list[SealedDay]:
    """Store `count` sealed days of `rows` decisions each, oldest first.

    `distinct` files are written, and the days share them in turn.
    """
    titles, artworks = days.catalogue(np.random.default_rng(1), TITLES)
    chooser(np.array(titles), np.array(artworks)).save()
    written = list(_files(titles, artworks, rows, min(distinct, count)))
    return [_day(number, written[number % len(written)], rows) for number in range(count)]


def chooser(titles: Ints, artworks: Ints) -> ModelVersion:
    """Store the file of the model that sealed days name, of (T,) titles and (T, K) artworks."""
    model = worlds.model(artworks.size, per_title=artworks.shape[1], seed=2)
    content = files.pack_model(
        replace(
            model,
            manifest=manifest.DIGEST,
            artwork_ids=artworks.reshape(-1),
            title_ids=titles.repeat(artworks.shape[1]),
            known_titles=titles,
        )
    )
    stored = storage.put(content, folder="models", suffix=".mq")
    return ModelVersion(
        pk=sealed.MODEL,
        path=stored.path,
        sha256=stored.sha256,
        manifest_name=manifest.NAME,
        manifest_digest=manifest.DIGEST,
        created_at=datetime.now(UTC),
    )


def _files(
    titles: list[int], artworks: list[list[int]], rows: int, count: int
) -> Iterator[sealed.Written]:
    each = partial(sealed.write, np.array(titles), np.array(artworks), rows)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield from pool.map(each, range(count))


def _day(number: int, file: sealed.Written, rows: int) -> SealedDay:
    return SealedDay.objects.create(
        day=FIRST + timedelta(days=number),
        path=file.stored.path,
        sha256=file.stored.sha256,
        rows=rows,
        rewards=file.rewards,
        schema_version=SCHEMA_VERSION,
        manifest_digest=manifest.DIGEST,
        sealed_at=datetime.now(UTC),
    )
