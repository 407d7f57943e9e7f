"""A catalogue and a history of sealed days to train on, in the real tables and files."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context

import numpy as np

from benchmarks import days, sealed
from personalization.features import manifest
from personalization.journal.schema import SCHEMA_VERSION
from personalization.models import SealedDay

FIRST = date(2026, 3, 2)
TITLES = 834  # of six artworks each: five thousand


def write(count: int, *, rows: int, distinct: int) -> list[SealedDay]:
    """Store `count` sealed days of `rows` decisions each, oldest first.

    `distinct` files are written, and the days take turns in having them.
    """
    titles, artworks = days.catalogue(np.random.default_rng(1), TITLES)
    files = list(_files(titles, artworks, rows, min(distinct, count)))
    return [_day(number, files[number % len(files)], rows) for number in range(count)]


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
