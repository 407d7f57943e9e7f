"""A day of decisions in the real tables, of the shape that a busy catalogue has."""

import hashlib
import uuid
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import connection

from catalog.models import Account, Artwork, Person, Title, Viewer
from personalization.features import manifest
from personalization.journal import partitions
from personalization.models import Window

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TITLES, ARTWORKS, PEOPLE, KNOWN = 800, 6, 500, 20
SLATE = 40  # decisions a viewer makes in a day
REWARDED = 0.1
DECISION = (
    "viewer_id", "title_id", "window_id", "policy", "standing", "artworks", "probabilities",
    "chosen", "propensity", "surface", "position", "first_seen_at", "day", "begun",
)  # fmt: skip


def fill(decisions: int, *, day: date = DAY, seed: int = 1) -> date:
    """Write decisions on one day, each seen once, a tenth of them rewarded; return the day."""
    random = np.random.default_rng(seed)
    viewers = decisions // SLATE
    titles, artworks = catalogue(random, TITLES)
    windows = _viewers(random, viewers)
    chances = random.dirichlet(np.full(ARTWORKS, 2.0), (viewers, SLATE))
    chosen = random.integers(ARTWORKS, size=(viewers, SLATE))
    first = random.integers(0, TITLES - SLATE, viewers)
    partitions.ensure([day])
    seen = [NOON + timedelta(seconds=2 * place) for place in range(SLATE)]
    with connection.cursor() as cursor:
        into = f"COPY personalization_decision ({', '.join(DECISION)}) FROM STDIN"
        with cursor.copy(into) as copy:
            copy.set_types(
                ["int8", "int8", "int8", "text", "text", "int8[]", "float8[]", "int8", "float8",
                 "text", "int2", "timestamptz", "date", "bool"]
            )  # fmt: skip
            for row, (viewer, window) in enumerate(windows):
                for place in range(SLATE):
                    title, at = first[row] + place, chosen[row, place]
                    p = chances[row, place].tolist()
                    copy.write_row(
                        (viewer, titles[title], window, "contextual", "personal", artworks[title],
                         p, artworks[title][at], p[at], "home", place, seen[place], day, False)
                    )  # fmt: skip
        cursor.execute(
            "INSERT INTO personalization_impression (decision_id, day, page_view, seen_at) "
            "SELECT id, day, gen_random_uuid(), first_seen_at FROM personalization_decision"
        )
        cursor.execute(
            "INSERT INTO catalog_watchevent (viewer_id, title_id, play_id, origin, started_at, "
            "last_at, quality_at, position_seconds, watched_seconds, finished) "
            "SELECT viewer_id, title_id, gen_random_uuid(), 'home', first_seen_at, first_seen_at, "
            "first_seen_at + interval '6 min', 360, 360, false FROM personalization_decision "
            "WHERE hashtext(id::text) %% 1000 BETWEEN 0 AND %s",
            [int(REWARDED * 1000) // 2],
        )
        cursor.execute("ANALYZE")
    return day


def copy(day: date) -> int:
    """Copy the day's rows out and discard them; return their bytes."""
    size = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY personalization_decision_{day:%Y%m%d} TO STDOUT") as copied,
    ):
        for block in copied:
            size += len(block)
    return size


def size(day: date) -> int:
    """Return the bytes that the day's decisions and impressions take, with their indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name",
            [[f"personalization_{kind}_{day:%Y%m%d}" for kind in ("decision", "impression")]],
        )
        return int(cursor.fetchone()[0])


def catalogue(random: np.random.Generator, count: int) -> tuple[list[int], list[list[int]]]:
    """Make titles with ARTWORKS artworks each; return their ids and their artworks' ids."""
    people = Person.objects.bulk_create(
        Person(slug=f"person-{n}", name=f"Person {n}") for n in range(PEOPLE)
    )
    titles = Title.objects.bulk_create(
        Title(slug=f"title-{n}", name=f"Title {n}", year=2020, runtime_minutes=100, added_at=NOON)
        for n in range(count)
    )
    kinds = random.choice(Artwork.Kind.values, (count, ARTWORKS))
    artworks = Artwork.objects.bulk_create(
        Artwork(
            title=title,
            kind=kinds[row, n],
            state=Artwork.State.APPROVED,
            uploaded_at=NOON,
            approved_at=NOON,
            original=f"{title.pk}.{n}.png",
            sha256=hashlib.sha256(f"{title.pk}.{n}".encode()).hexdigest(),
            width=1280,
            height=720,
            renditions=[],
        )
        for row, title in enumerate(titles)
        for n in range(ARTWORKS)
    )
    shown = Artwork.depicted.through
    shown.objects.bulk_create(
        shown(artwork=artwork, person=people[random.integers(PEOPLE)]) for artwork in artworks
    )
    ids = [artwork.pk for artwork in artworks]
    return (
        [title.pk for title in titles],
        [ids[n * ARTWORKS : (n + 1) * ARTWORKS] for n in range(count)],
    )


def _viewers(random: np.random.Generator, count: int) -> list[tuple[int, int]]:
    """Make viewers with a window each; return the (viewer, window) ids."""
    account = Account.objects.create(email="benchmark@example.com")
    people = np.array(Person.objects.order_by("pk").values_list("pk", flat=True), "<i8")
    viewers = Viewer.objects.bulk_create(
        (
            Viewer(account=account, name=f"Viewer {n}", public_id=uuid.UUID(bytes=random.bytes(16)))
            for n in range(count)
        ),
        batch_size=5000,
    )
    windows = Window.objects.bulk_create(
        (_window(random, viewer, people) for viewer in viewers), batch_size=5000
    )
    return [(window.viewer_id, window.pk) for window in windows]


def _window(random: np.random.Generator, viewer: Viewer, people: np.ndarray) -> Window:
    vector = random.random(manifest.WIDTH).astype("<f8").tobytes()
    known = random.choice(people, KNOWN, replace=False).tobytes()
    weights = random.random(KNOWN).astype("<f8").tobytes()
    return Window(
        viewer=viewer,
        key="1.2",
        manifest_digest=manifest.DIGEST,
        vector=vector,
        affinity_people=known,
        affinity_weights=weights,
        vector_digest=hashlib.sha256(vector + known + weights).hexdigest(),
        history_length=20,
        opened_at=NOON,
    )
