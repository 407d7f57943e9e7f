"""Fills a catalogue with titles, viewers, what they watched, and a model that serves.

Watch events are made by the database itself, without its indexes and foreign keys, which are made
again afterwards: so 10 million take minutes, and no memory of this process.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

EVENTS = """
    INSERT INTO catalog_watchevent (viewer_id, title_id, play_id, origin, started_at,
        last_at, quality_at, position_seconds, watched_seconds, finished)
    SELECT %s + floor(random() * %s)::int, %s + floor(random() ^ 2 * %s)::int,
           gen_random_uuid(), 'home', at, at, CASE WHEN n %% 4 > 0 THEN at END, 900, 900,
           n %% 3 = 0
    FROM generate_series(1, %s) AS n,
         LATERAL (SELECT %s - n * %s::interval AS at) AS moment
"""
# As of a picture of 1920 pixels: catalog/artwork/renditions.py.
RENDITIONS = (("webp", (320, 640, 1280, 1920)), ("avif", (320, 640)))
# What can be taken away and made again: everything but the primary key.
CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = 'catalog_watchevent'::regclass AND contype IN ('f', 'u')
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = 'catalog_watchevent'::regclass AND NOT indisprimary
"""


def fill(titles: int, events: int, viewers: int, *, now: datetime) -> list[Any]:
    """Make the catalogue, its viewers, what they watched and the model. Return the viewers."""
    from catalog.models import Account, Viewer

    numbers = _titles(titles, random.Random(5), now)
    account = Account.objects.create(email="home@example.com")
    made = Viewer.objects.bulk_create(
        (
            Viewer(account=account, name=f"V{number}", history_length=20)
            for number in range(viewers)
        ),
        batch_size=2_000,
    )
    _events(made, numbers, events, now)
    _model(now)
    return made


def _events(viewers: list[Any], titles: list[int], events: int, now: datetime) -> None:
    """Make plays of the last 180 days.

    Few titles are watched by many: the place is the square of an even draw.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        with _without_indexes(cursor):
            cursor.execute(
                EVENTS,
                [
                    *(viewers[0].pk, len(viewers), titles[0], len(titles), events),
                    *(now, f"{180 * 86_400 / events} seconds"),
                ],
            )


def settle() -> None:
    """Leave the tables as they are in a database that has run for a while."""
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """Take the indexes and foreign keys of watch events away, and make them again."""
    cursor.execute("SET maintenance_work_mem = '256MB'")
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for a commit holds the tables
    cursor.execute(CONSTRAINTS)
    constraints = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f'ALTER TABLE catalog_watchevent DROP CONSTRAINT "{name}"')
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, made in indexes:
        cursor.execute(made)
    for name, made in constraints:
        cursor.execute(f'ALTER TABLE catalog_watchevent ADD CONSTRAINT "{name}" {made}')


def _titles(count: int, draw: random.Random, now: datetime) -> list[int]:
    """Make films with genres, moods, a cast of four, and three approved artworks each."""
    from catalog.models import Artwork, ArtworkRevision, Credit, Genre, Mood, Person, Title
    from personalization.features.manifest import GENRES

    genres = Genre.objects.bulk_create(Genre(slug=slug, name=slug.title()) for slug in GENRES)
    moods = Mood.objects.bulk_create(Mood(slug=slug, name=slug) for slug in ("dark", "warm", "odd"))
    people = Person.objects.bulk_create(
        Person(slug=f"p-{number}", name=f"Person {number}") for number in range(count)
    )
    made = Title.objects.bulk_create(
        Title(
            slug=f"t-{number}",
            name=f"A title of its own {number}",
            year=1960 + number % 60,
            synopsis="Somebody leaves, and somebody else has to find out why. " * 3,
            added_at=now - timedelta(hours=number),
        )
        for number in range(count)
    )
    named = [(title, genre) for title in made for genre in draw.sample(genres, 2)]
    Title.genres.through.objects.bulk_create(
        Title.genres.through(title_id=title.pk, genre_id=genre.pk) for title, genre in named
    )
    Title.moods.through.objects.bulk_create(
        Title.moods.through(title_id=title.pk, mood_id=draw.choice(moods).pk) for title in made
    )
    Credit.objects.bulk_create(
        Credit(title=title, person=person, billing=place)
        for title in made
        for place, person in enumerate(draw.sample(people, 4), start=1)
    )
    artworks = Artwork.objects.bulk_create(
        (_artwork(title, at, now) for title in made for at in range(3)), batch_size=2_000
    )
    for title, artwork in zip(made, artworks[::3], strict=True):
        title.default_artwork = artwork
    Title.objects.bulk_update(made, ["default_artwork"], batch_size=1_000)
    ArtworkRevision.objects.update_or_create(pk=1, defaults={"number": 1})
    return [title.pk for title in made]


def _artwork(title: Any, at: int, now: datetime) -> Any:
    from catalog.models import Artwork

    name = f"{title.pk:06x}{at}"
    return Artwork(
        title=title,
        kind=(Artwork.Kind.LEAD, Artwork.Kind.SCENE, Artwork.Kind.TYPE)[at],
        state=Artwork.State.APPROVED,
        alt=f"What picture {at} of {title.name} shows, in a few words",
        uploaded_at=now - timedelta(days=400),
        approved_at=now - timedelta(days=400),
        original=f"{name}.png",
        sha256=f"{title.pk * 4 + at:064x}",
        width=1920,
        height=1080,
        placeholder="data:image/webp;base64," + "A" * 120,
        renditions=[
            {"width": w, "height": w * 9 // 16, "format": of, "name": f"{name[:2]}/{name}-{w}.{of}"}
            for of, widths in RENDITIONS
            for w in widths
        ],
    )


def _model(now: datetime) -> None:
    """Fit a model on random decisions, and let it serve."""
    import numpy as np

    from personalization import storage
    from personalization.bandit import files
    from personalization.bandit.fit import fit
    from personalization.bandit.reduction import reduce
    from personalization.bandit.spec import Spec
    from personalization.features.artworks import read_index
    from personalization.features.manifest import MANIFEST
    from personalization.models import ModelVersion

    rng = np.random.default_rng(3)
    decisions = 20_000
    table = read_index(0).table
    shown = rng.integers(len(table), size=decisions)
    vectors = rng.dirichlet(np.full(MANIFEST.width, 0.2), size=decisions)
    match, place = rng.uniform(size=decisions), np.zeros(decisions)
    rows = np.column_stack([np.ones(decisions), vectors, match, place])
    rewards = (rng.uniform(size=decisions) < 0.1).astype(float)
    sums = reduce(artwork_ids=table.artwork_ids[shown], rows=rows, rewards=rewards)
    spec = Spec(MANIFEST.width, len(MANIFEST.artwork), gamma=50.0)
    model = fit(sums, table, spec, manifest=MANIFEST.digest, rounds=2)
    stored = storage.put(files.pack_model(model), folder="models", suffix=".model")
    ModelVersion.objects.create(
        state=ModelVersion.State.SERVING,
        path=stored.path,
        sha256=stored.sha256,
        manifest_name=MANIFEST.name,
        manifest_digest=MANIFEST.digest,
        created_at=now,
    )
