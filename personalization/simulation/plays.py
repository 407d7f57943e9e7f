"""Writes simulated quality plays as watch events, in bulk. The night finds them like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from catalog.models import Episode, Title, WatchEvent
from catalog.quality import finishing_seconds, quality_seconds


@dataclass(frozen=True, slots=True)
class Play:
    """One quality play that began at `at` and went on for `share` of the runtime."""

    viewer_id: int
    title_id: int
    at: datetime
    play_id: UUID
    share: float


HISTORY_LENGTHS = """
UPDATE catalog_viewer AS v SET history_length = found.titles
FROM (
    SELECT viewer_id, count(DISTINCT title_id) AS titles FROM catalog_watchevent
    WHERE viewer_id = ANY(%s) AND quality_at IS NOT NULL GROUP BY viewer_id
) AS found
WHERE v.id = found.viewer_id
"""


def record_plays(plays: Sequence[Play]) -> None:
    """Write plays as the player would, and update the histories' lengths."""
    titles = sorted({play.title_id for play in plays})
    runtimes = dict(Title.objects.filter(pk__in=titles).values_list("pk", "runtime_minutes"))
    episodes: dict[int, tuple[int, int | None]] = {}
    for pk, title, minutes in (
        Episode.objects.filter(season__title__in=titles)
        .in_viewing_order()
        .values_list("pk", "season__title", "runtime_minutes")
    ):
        episodes.setdefault(title, (pk, minutes))  # the first
    WatchEvent.objects.bulk_create(
        [
            _event(play, *episodes.get(play.title_id, (None, runtimes[play.title_id])))
            for play in plays
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute(HISTORY_LENGTHS, [sorted({play.viewer_id for play in plays})])


def _event(play: Play, episode: int | None, minutes: int | None) -> WatchEvent:
    enough = max(1.0, quality_seconds(minutes))
    seconds = int(max(enough + 1, play.share * (minutes or 0) * 60))
    return WatchEvent(
        viewer_id=play.viewer_id,
        title_id=play.title_id,
        episode_id=episode,
        play_id=play.play_id,
        origin=WatchEvent.Origin.HOME,
        started_at=play.at,
        last_at=play.at + timedelta(seconds=seconds),
        position_seconds=seconds,
        watched_seconds=seconds,
        quality_at=play.at + timedelta(seconds=enough),
        finished=seconds >= finishing_seconds(minutes),
    )
