"""Ratings as watch events: a rating is a film watched to its end, whatever the stars.

Opinions are not imported: the only personal input is what somebody watched.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection

from catalog.importers.records import Ratings
from catalog.models import WatchEvent
from catalog.quality import quality_seconds

SOURCE = "movielens"
RUNTIME = 100  # minutes: the data set does not say
PLAYS = uuid.uuid5(uuid.NAMESPACE_URL, "https://grouplens.org/datasets/movielens/")
_OTHER_COPY = "Import another MovieLens data set into another copy (MARQUEE_DATA)."


class AnotherDataSet(ValueError):
    """This catalogue already holds another MovieLens data set under the same numbers."""


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def newest_play() -> datetime | None:
    """Return when the newest imported play ended, or None where nothing is imported."""
    plays = WatchEvent.objects.filter(viewer__source=SOURCE, origin=WatchEvent.Origin.IMPORT)
    return plays.order_by("-last_at").values_list("last_at", flat=True).first()


def shift_of(ratings: Ratings, newest: datetime | None) -> timedelta:
    """Return what is added to all times, in whole seconds.

    Plays that are imported already decide, so that running an import again adds none of them at
    another time. Otherwise the newest play ends at `newest`; None moves nothing.
    Raises AnotherDataSet where an imported play is not among the ratings.
    """
    plays = WatchEvent.objects.filter(viewer__source=SOURCE, origin=WatchEvent.Origin.IMPORT)
    known = plays.values_list("viewer__source_id", "title__source_id", "started_at")
    imported = known.order_by("pk").first()
    if imported is not None:
        person, film, started = imported
        at = ratings.time_of(int(person), int(film))
        if at is None:
            raise AnotherDataSet(
                f"The catalogue holds a play of film {film} by person {person}, which is not in "
                f"these files: they are another data set, or a part of one. {_OTHER_COPY}"
            )
        return started - moment(at)
    last = ratings.newest()
    if newest is None or last is None:
        return timedelta(0)
    ended = moment(last) + timedelta(minutes=RUNTIME)
    return timedelta(seconds=int((newest - ended).total_seconds()))


def write_plays(
    ratings: Ratings, titles: dict[int, int], viewers: dict[int, int], shift: timedelta
) -> None:
    """COPY into a temporary table, then insert the missing plays, identified by `play_id`.

    Raises AnotherDataSet where the catalogue holds imported plays that are not among these.
    """
    columns = (
        "viewer_id, title_id, play_id, origin, started_at, last_at, position_seconds, "
        "watched_seconds, quality_at, finished"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE imported_play ON COMMIT DROP AS "  # noqa: S608 - own columns
            f"SELECT {columns} FROM catalog_watchevent WITH NO DATA"
        )
        with cursor.copy(f"COPY imported_play ({columns}) FROM STDIN") as copy:
            for row in _plays(ratings, titles, viewers, shift):
                copy.write_row(row)
        cursor.execute("ANALYZE imported_play")
        cursor.execute(
            """
            SELECT count(*) FROM catalog_watchevent AS event
            JOIN catalog_viewer AS viewer ON viewer.id = event.viewer_id
            LEFT JOIN imported_play AS play USING (viewer_id, play_id, started_at)
            WHERE viewer.source = %s AND event.origin = %s AND play.play_id IS NULL
            """,
            [SOURCE, WatchEvent.Origin.IMPORT],
        )
        (unknown,) = cursor.fetchone()
        if unknown:
            raise AnotherDataSet(
                f"{unknown:,} imported plays of the catalogue are not in these files, or at "
                f"another time: they are another data set, or a part of one. {_OTHER_COPY}"
            )
        cursor.execute(
            f"INSERT INTO catalog_watchevent ({columns}) SELECT {columns} FROM imported_play "  # noqa: S608
            "ON CONFLICT (viewer_id, play_id) DO NOTHING"
        )
        cursor.execute("DROP TABLE imported_play")
    _count_histories()


def _plays(
    ratings: Ratings, titles: dict[int, int], viewers: dict[int, int], shift: timedelta
) -> Iterable[tuple[object, ...]]:
    whole = timedelta(minutes=RUNTIME)
    quality = timedelta(seconds=quality_seconds(RUNTIME))
    seconds = RUNTIME * 60
    for rating in ratings:
        started = moment(rating.at) + shift
        yield (
            viewers[rating.person],
            titles[rating.film],
            uuid.uuid5(PLAYS, f"{rating.person}/{rating.film}"),
            WatchEvent.Origin.IMPORT.value,
            started,
            started + whole,
            seconds,
            seconds,
            started + quality,
            True,
        )


def _count_histories() -> None:
    """Count, as the watch actions do, how many different titles each viewer has watched."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalog_viewer AS viewer SET history_length = watched.titles
            FROM (
                SELECT viewer_id, count(DISTINCT title_id) AS titles
                FROM catalog_watchevent WHERE quality_at IS NOT NULL GROUP BY viewer_id
            ) AS watched
            WHERE watched.viewer_id = viewer.id AND viewer.source = %s
              AND viewer.history_length <> watched.titles
            """,
            [SOURCE],
        )
