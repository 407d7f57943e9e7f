"""Watch histories of the demo's two profiles, so that each of them sees other pictures."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from catalog.actions.watching import recount_history
from catalog.demo.accounts import VIEWER
from catalog.models import Title, Viewer, WatchEvent
from catalog.quality import quality_seconds
from catalog.queries.episodes import episodes_of, first_episode

# Two tastes with little overlap: genre → weight.
TASTES = {
    "Ada": {"thriller": 4, "crime": 3, "film-noir": 3, "mystery": 3, "sci-fi": 2},
    "Kit": {"romance": 4, "comedy": 3, "musical": 3, "animation": 2, "fantasy": 2},
}
WATCHED = 14  # titles each
UNFINISHED = 2  # of these, the newest, which can be resumed
NAMESPACE = uuid.UUID("7b0f4c9a-3a64-4d3c-9f0e-5d0d6f5b2018")


@transaction.atomic
def build_histories(*, now: datetime) -> int:
    """Give each demo profile a history that ends at `now`; return the number of new plays.

    Safe to run again: a profile with any history is left unchanged.
    """
    made = 0
    for viewer in Viewer.objects.filter(account__email=VIEWER, name__in=TASTES):
        if not viewer.watch_events.exists():
            plays = list(_plays(viewer, _favourites(TASTES[viewer.name]), now=now))
            made += len(WatchEvent.objects.bulk_create(plays))
            recount_history(viewer)
    return made


def _favourites(taste: dict[str, int]) -> list[Title]:
    """Return the titles that fit a taste best, in ascending order: the newest play fits best."""
    titles = Title.objects.filter(synthetic=True, published=True).prefetch_related("genres")
    fit = {title: sum(taste.get(genre.slug, 0) for genre in title.genres.all()) for title in titles}
    best = sorted(fit, key=lambda title: (-fit[title], title.slug))[:WATCHED]
    return best[::-1]


def _plays(viewer: Viewer, titles: Sequence[Title], *, now: datetime) -> Iterator[WatchEvent]:
    episodes = episodes_of(title.pk for title in titles)
    for ago, title in zip(range(len(titles), 0, -1), titles, strict=True):
        episode = first_episode(episodes.get(title.pk, []))
        if title.kind == Title.Kind.SERIES and episode is None:
            continue
        minutes = episode.runtime_minutes if episode else title.runtime_minutes
        if minutes is None:
            continue  # an editor's own title
        runtime = 60 * minutes
        unfinished = ago <= UNFINISHED
        watched = runtime // 2 if unfinished else runtime
        # One play every two days.
        started = now - timedelta(days=2 * ago, hours=1)
        quality = quality_seconds(minutes)
        yield WatchEvent(
            viewer=viewer,
            title=title,
            episode=episode,
            play_id=uuid.uuid5(NAMESPACE, f"{viewer.name}/{title.slug}"),
            origin=WatchEvent.Origin.HOME,
            started_at=started,
            last_at=started + timedelta(seconds=watched),
            position_seconds=watched,
            watched_seconds=watched,
            quality_at=started + timedelta(seconds=quality),
            finished=not unfinished,
        )
