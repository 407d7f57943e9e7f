"""How long home takes, against the same page with standard artwork and against its template alone.

The catalogue has 500 or 5,000 titles, and 6,000 viewers watched 100,000 times; with `--full` also
10 million times, which takes minutes to make. Pages of several viewers, whole requests with all
middleware, take turns with the same pages with the editors' standard artwork, and with the bare
template, rendered from ready data. It runs in its own process, over its own embedded database.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from benchmarks.own import measured
from benchmarks.results import BenchmarkReport, Figure

VIEWERS = 6_000
WORLDS = [(500, 100_000), (5_000, 100_000)]
LARGE = [(500, 10_000_000), (5_000, 10_000_000)]
PAGES_OF = 20  # viewers who take turns
ROUNDS = 5  # pages of each of them, and of each kind
OF_STANDARD, OF_TEMPLATE = 1.15, 2.0
MOST_QUERIES = 12
PERSONAL, STANDARD, TEMPLATE = "personal", "standard artwork", "template from ready data"


def run(arguments: list[str] | None = None) -> BenchmarkReport:
    parser = argparse.ArgumentParser(prog="python -m benchmarks home", description=__doc__)
    parser.add_argument("--full", action="store_true", help="with 10 million watch events too")
    options = parser.parse_args(arguments or [])
    figures: list[Figure] = []
    for titles, events in [*WORLDS, *(LARGE if options.full else [])]:
        found = measured(__name__, titles, events, VIEWERS)
        figures += rows(f"{titles:,} titles, {events:,} events", found)
    return BenchmarkReport("home", figures)


def rows(world: str, found: dict[str, Any]) -> list[Figure]:
    """Return what was measured in one world."""
    medians = {name: median(seconds) for name, seconds in found["seconds"].items()}
    late = {name: quantiles(seconds, n=100)[98] for name, seconds in found["seconds"].items()}
    personal = medians[PERSONAL]
    return [
        Figure(
            f"{world}: home, of standard", personal, "s", medians[STANDARD], of_peer=OF_STANDARD
        ),
        Figure(
            f"{world}: home, of template", personal, "s", medians[TEMPLATE], of_peer=OF_TEMPLATE
        ),
        *(Figure(f"{world}: {name}, 99th percentile", late[name], "s") for name in late),
        Figure(f"{world}: queries", found["queries"], "queries", target=MOST_QUERIES),
        *(
            Figure(f"{world}: in {what}", median(part), "s")
            for what, part in found["parts"].items()
        ),
    ]


def measure(titles: int, events: int, viewers: int) -> dict[str, Any]:
    """Fill a catalogue and time its pages: seconds by kind of page and by part, and queries."""
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call_command("collectstatic", interactive=False, verbosity=0)
    names = fill(titles, events, viewers)
    clients = [client_of(name) for name in names]
    pages = _Pages()
    for client in clients:
        pages.ready(client)  # opens the viewer's window, which later pages read
    with CaptureQueriesContext(connection) as captured:
        pages.personal(clients[0])
    queries = len(captured)  # the next request empties what was captured
    seconds: dict[str, list[float]] = {PERSONAL: [], STANDARD: [], TEMPLATE: []}
    kinds: dict[str, Callable[[Any], object]] = {
        PERSONAL: pages.personal,
        STANDARD: pages.standard,
        TEMPLATE: pages.template,
    }
    for _ in range(ROUNDS):
        for client in clients:
            for name, page in kinds.items():
                begun = time.perf_counter()
                page(client)
                seconds[name].append(time.perf_counter() - begun)
    return {"seconds": seconds, "queries": queries, "parts": pages.parts(clients)}


class _Pages:
    """The ways to make a page. `standard` and `personal` are whole requests."""

    def __init__(self) -> None:
        self.kept: dict[Any, tuple[Any, str, dict[str, Any]]] = {}

    def ready(self, client: Any) -> None:
        """Keep what the view gives to its template."""
        from catalog.views import home

        def keep(request: Any, template: str, context: dict[str, Any], *, titles: Any) -> Any:
            self.kept[client] = (request, template, {**context, "synthetic": False})
            return original(request, template, context, titles=titles)

        original = vars(home)["show"]
        with _replaced(home, "show", keep):
            self.personal(client)

    def personal(self, client: Any) -> None:
        answer = client.get("/")
        if answer.status_code != 200:
            raise AssertionError(f"home answers {answer.status_code}")

    def standard(self, client: Any) -> None:
        from catalog.choosing import DefaultChooser
        from catalog.views import tiles

        with _replaced(tiles, "chooser", DefaultChooser):
            self.personal(client)

    def template(self, client: Any) -> None:
        from django.shortcuts import render

        render(*self.kept[client])

    def parts(self, clients: list[Any]) -> dict[str, list[float]]:
        """Return where a page's time goes, page by page."""
        from catalog.queries import home as queries
        from catalog.views import home

        found: dict[str, list[float]] = {}
        watched = {
            "the plays": (queries, "newest_plays"),
            "what is begun": (queries, "to_continue"),
            "the rows' statement": (queries, "_rows"),
            "all that finds titles": (home, "home_for"),
            "choosing pictures": (home, "choose_artwork"),
            "rendering": (home, "show"),
        }
        for client in clients:
            for what, (module, name) in watched.items():
                with _timed(module, name, found.setdefault(what, [])):
                    self.personal(client)
        return found


@contextmanager
def _replaced(module: Any, name: str, by: Any) -> Iterator[None]:
    original = getattr(module, name)
    setattr(module, name, by)
    try:
        yield
    finally:
        setattr(module, name, original)


@contextmanager
def _timed(module: Any, name: str, seconds: list[float]) -> Iterator[None]:
    original = getattr(module, name)

    def timed(*arguments: Any, **options: Any) -> Any:
        begun = time.perf_counter()
        found = original(*arguments, **options)
        seconds.append(time.perf_counter() - begun)
        return found

    with _replaced(module, name, timed):
        yield


def client_of(viewer: Any) -> Any:
    """Return a client that is signed in as a viewer."""
    from django.test import Client

    from catalog.middleware import SESSION_KEY

    client = Client(SERVER_NAME="localhost")
    client.force_login(viewer.account)
    session = client.session
    session[SESSION_KEY] = viewer.pk
    session.save()
    return client


def fill(titles: int, events: int, viewers: int) -> list[Any]:
    """Make the catalogue, its viewers and what they watched, and return whose pages are timed."""
    from django.db import connection

    from catalog.models import Account, Viewer

    draw = random.Random(5)
    now = datetime.now(UTC).replace(microsecond=0)
    numbers = _titles(titles, draw, now)
    account = Account.objects.create(email="home@example.com")
    made = Viewer.objects.bulk_create(
        (
            Viewer(account=account, name=f"V{number}", history_length=20)
            for number in range(viewers)
        ),
        batch_size=2_000,
    )
    # Few titles are watched by many: the place is the square of an even draw.
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            """
            INSERT INTO catalog_watchevent (viewer_id, title_id, play_id, origin, started_at,
                last_at, quality_at, position_seconds, watched_seconds, finished)
            SELECT %s + floor(random() * %s)::int, %s + floor(random() ^ 2 * %s)::int,
                   gen_random_uuid(), 'home', at, at, CASE WHEN n %% 4 > 0 THEN at END, 900, 900,
                   n %% 3 = 0
            FROM generate_series(1, %s) AS n,
                 LATERAL (SELECT %s - n * %s::interval AS at) AS moment
            """,
            [
                *(made[0].pk, viewers, numbers[0], titles, events),
                *(now, f"{180 * 86_400 / events} seconds"),
            ],
        )
        cursor.execute("ANALYZE")
    _model(now)
    return made[:: max(1, viewers // PAGES_OF)][:PAGES_OF]


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
            {"width": w, "height": w * 9 // 16, "format": "webp", "name": f"{name[:2]}/{name}-{w}"}
            for w in (320, 640, 1280, 1920)
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
