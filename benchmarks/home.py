"""How long home takes, against the same page with standard artwork and against its template alone.

The catalogue has 500 or 5,000 titles, and 6,000 viewers watched 100,000 times; with `--full` also
10 million times, which takes minutes to make. Pages of several viewers, whole requests with all
middleware, take turns with the same pages with the editors' standard artwork, and with the bare
template, rendered from ready data. It runs in its own process, over its own embedded database.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any

from benchmarks.catalogue import fill, settle
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
    worked = {name: median(seconds) for name, seconds in found["processor"].items()}
    return [
        Figure(
            f"{world}: home, of standard", personal, "s", medians[STANDARD], of_peer=OF_STANDARD
        ),
        Figure(
            f"{world}: home, of template", personal, "s", medians[TEMPLATE], of_peer=OF_TEMPLATE
        ),
        # Without the database, and without waiting for it beside other programs.
        Figure(
            f"{world}: its processor time, of template",
            worked[PERSONAL],
            "s",
            worked[TEMPLATE],
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
    made = fill(titles, events, viewers, now=datetime.now(UTC).replace(microsecond=0))
    settle()
    # Viewers from all over; of few viewers, all.
    clients = [client_of(viewer) for viewer in made[:: max(1, viewers // PAGES_OF)][:PAGES_OF]]
    pages = _Pages()
    for client in clients:
        pages.ready(client)  # opens the viewer's window, which later pages read
    with CaptureQueriesContext(connection) as captured:
        pages.personal(clients[0])
    queries = len(captured)  # the next request empties what was captured
    seconds: dict[str, list[float]] = {PERSONAL: [], STANDARD: [], TEMPLATE: []}
    processor: dict[str, list[float]] = {name: [] for name in seconds}
    kinds: dict[str, Callable[[Any], object]] = {
        PERSONAL: pages.personal,
        STANDARD: pages.standard,
        TEMPLATE: pages.template,
    }
    for _ in range(ROUNDS):
        for client in clients:
            for name, page in kinds.items():
                begun, worked = time.perf_counter(), time.process_time()
                page(client)
                seconds[name].append(time.perf_counter() - begun)
                processor[name].append(time.process_time() - worked)
    return {
        "seconds": seconds,
        "processor": processor,
        "queries": queries,
        "parts": pages.parts(clients),
    }


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
            "what else is the viewer's own": (queries, "own_part"),
            "the rows, in memory": (queries, "_rows"),
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
