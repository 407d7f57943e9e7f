"""Small makers of rows, with defaults that a test overrides where it matters."""

import itertools
import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from catalog.models import (
    Account,
    Artwork,
    Credit,
    Episode,
    Genre,
    Mood,
    Person,
    Season,
    Title,
    Viewer,
    WatchEvent,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def make_account(**fields: Any) -> Account:
    number = next(_numbers)
    password = fields.pop("password", "correct horse")
    return Account.objects.create_user(
        fields.pop("email", f"person{number}@example.com"), password, **fields
    )


def make_viewer(**fields: Any) -> Viewer:
    number = next(_numbers)
    fields.setdefault("account", None)
    fields["account"] = fields["account"] or make_account()
    return Viewer.objects.create(**{"name": f"Viewer {number}"} | fields)


def make_genre(slug: str = "drama") -> Genre:
    return Genre.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def make_mood(slug: str = "dark") -> Mood:
    return Mood.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def make_title(*, genres: tuple[str, ...] = ("drama",), **fields: Any) -> Title:
    number = next(_numbers)
    title = Title.objects.create(
        **{
            "slug": f"title-{number}",
            "name": f"Title {number}",
            "year": 2020,
            "runtime_minutes": 100,
            "added_at": NOW,
        }
        | fields
    )
    title.genres.set([make_genre(slug) for slug in genres])
    return title


def make_series(episodes: int = 2, **fields: Any) -> tuple[Title, list[Episode]]:
    """Make a series of one season; return it and its episodes."""
    title = make_title(kind=Title.Kind.SERIES, **fields)
    season = Season.objects.create(title=title, number=1)
    return title, [
        Episode.objects.create(season=season, number=number, name=f"Part {number}")
        for number in range(1, episodes + 1)
    ]


def make_person(**fields: Any) -> Person:
    number = next(_numbers)
    return Person.objects.create(
        **{"slug": f"person-{number}", "name": f"Person {number}"} | fields
    )


def make_credit(title: Title, *, billing: int = 1, **fields: Any) -> Credit:
    fields.setdefault("person", None)
    fields["person"] = fields["person"] or make_person()
    return Credit.objects.create(title=title, billing=billing, **fields)


def make_artwork(title: Title, *, depicted: tuple[Person, ...] = (), **fields: Any) -> Artwork:
    number = next(_numbers)
    artwork = Artwork.objects.create(
        **{
            "title": title,
            "kind": Artwork.Kind.SCENE,
            "state": Artwork.State.APPROVED,
            "uploaded_at": NOW,
            "approved_at": NOW,
            "original": f"{number}.png",
            "sha256": f"{number:064x}",
            "width": 1280,
            "height": 720,
            "renditions": [
                {"width": 640, "height": 360, "format": "webp", "name": f"{number}.webp"}
            ],
        }
        | fields
    )
    artwork.depicted.set(depicted)
    return artwork


def make_watch_event(viewer: Viewer, title: Title, **fields: Any) -> WatchEvent:
    event = new_watch_event(viewer, title, **fields)
    event.save(force_insert=True)
    return event


def new_watch_event(viewer: Viewer, title: Title, **fields: Any) -> WatchEvent:
    """Return an event that is not saved, for those who save many at once."""
    return WatchEvent(
        **{
            "viewer": viewer,
            "title": title,
            "play_id": uuid.uuid4(),
            "origin": WatchEvent.Origin.HOME,
            "started_at": NOW,
            "last_at": NOW,
            "position_seconds": 3000,
            "watched_seconds": 3000,
            "quality_at": NOW,
        }
        | fields
    )


def make_begun(viewer: Viewer, title: Title, **fields: Any) -> WatchEvent:
    """Make a play that was begun and is not finished."""
    return make_watch_event(viewer, title, **{"position_seconds": 600, "quality_at": None} | fields)


def make_many_events(viewer: Viewer, title: Title, number: int) -> None:
    """Give a viewer a long history: one quality play of `title` a minute, back from NOW."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalog_watchevent (viewer_id, title_id, play_id, origin, started_at,
                last_at, quality_at, position_seconds, watched_seconds, finished)
            SELECT %s, %s, gen_random_uuid(), 'home', at, at, at, 600, 600, false
            FROM generate_series(1, %s) AS minute, LATERAL (SELECT %s - minute * '1 min'::interval
                AS at) AS moment
            """,
            [viewer.pk, title.pk, number, NOW],
        )
