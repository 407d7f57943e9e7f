"""A small catalogue of the demo's source: genres and moods differ, casts overlap."""

from datetime import UTC, datetime

from catalog.models import Artwork
from tests.factories import make_artwork, make_credit, make_mood, make_person, make_title

ADDED = datetime(2026, 1, 1, tzinfo=UTC)
GENRES = ("thriller", "romance", "sci-fi", "comedy", "horror", "documentary")
MOODS = ("tense", "tender", "epic", "playful", "dark", "warm")


def make_catalogue(titles: int = 24, *, source: str = "demo") -> None:
    people = [make_person() for _ in range(8)]
    for number in range(titles):
        title = make_title(
            genres=(GENRES[number % 6], GENRES[(number + 1) % 6]),
            source=source,
            source_id=str(number),
            added_at=ADDED,
        )
        cast = [people[number % 8], people[(number * 3 + 1) % 8]]
        for billing, person in enumerate(dict.fromkeys(cast), start=1):
            make_credit(title, person=person, billing=billing)
        for at, kind in enumerate(("lead", "moment", "scene")):
            artwork = make_artwork(
                title,
                kind=Artwork.Kind(kind),
                approved_at=ADDED,
                depicted=(cast[0],) if kind == "lead" else (),
            )
            artwork.moods.set([make_mood(MOODS[(number + 2 * at) % 6])])
            if at == 0:
                title.default_artwork = artwork
                title.save()
