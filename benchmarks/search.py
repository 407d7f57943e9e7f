"""How long a search takes among 60,000 titles and 40,000 people, and how large its indexes are.

The names are made of invented words, some of them far more common than others, as in a language.
It runs in its own process, over its own embedded database.
"""

import random
from datetime import UTC, datetime
from typing import Any

from benchmarks.own import measured
from benchmarks.results import BenchmarkReport, Figure, best_seconds

TITLES, PEOPLE = 60_000, 40_000
WORDS = 4_000
MOST = 0.5  # seconds for any text: a person who types does not wait longer
SYLLABLES = [
    "ba",
    "cor",
    "di",
    "fen",
    "gul",
    "har",
    "jo",
    "ka",
    "lin",
    "mor",
    "né",
    "pa",
    "sø",
    "tu",
    "vel",
    "zi",
]


def run() -> BenchmarkReport:
    found = measured(__name__, TITLES, PEOPLE)
    times = [
        Figure(f"search by {text}", seconds, "s", target=MOST)
        for text, seconds in found["seconds"].items()
    ]
    sizes = [Figure(name, size / 2**20, "MiB") for name, size in found["bytes"].items()]
    return BenchmarkReport("search", [*times, *sizes])


def measure(titles: int, people: int) -> dict[str, Any]:
    """Fill a catalogue and search it: seconds for each text, bytes of each index."""
    from functools import partial

    from catalog.models import Account, Viewer
    from catalog.queries.search import search

    names = fill(titles, people)
    viewer = Viewer.objects.create(account=Account.objects.create(email="a@example.com"), name="A")
    name = next(name for name in reversed(names) if len(name.split()[-1]) > 5)
    *others, last = name.split()
    texts = {
        "a whole name": name,
        "a word": last,
        "the middle of a word": last[1:],
        "a word with two letters swapped": " ".join([*others, last[1] + last[0] + last[2:]]),
        "two letters": last[:2],
        "one letter": last[0],
        "what resembles nothing": "xyzzyx quuxly",
    }
    return {
        "seconds": {
            what: best_seconds(partial(search, viewer, text)) for what, text in texts.items()
        },
        "bytes": index_sizes(),
    }


def fill(titles: int, people: int) -> list[str]:
    """Make the catalogue, with four credits a title, and return the titles' names."""
    from django.db import connection

    from catalog.models import Credit, Person, Title

    draw = random.Random(7)
    words = [
        "".join(draw.choices(SYLLABLES, k=draw.choice((1, 2, 2, 3, 3, 4)))) for _ in range(WORDS)
    ]
    common = [1 / (rank + 1) for rank in range(WORDS)]

    def name(most: int) -> str:
        return " ".join(draw.choices(words, common, k=draw.randint(1, most))).title()

    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = Title.objects.bulk_create(
        (Title(slug=f"t-{n}", name=name(5), year=2000, added_at=now) for n in range(titles)),
        batch_size=5_000,
    )
    cast = Person.objects.bulk_create(
        (Person(slug=f"p-{n}", name=name(2)) for n in range(people)), batch_size=5_000
    )
    Credit.objects.bulk_create(
        (
            Credit(title=title, person=cast[(7 * n + 991 * place) % people], billing=place + 1)
            for n, title in enumerate(made)
            for place in range(4)
        ),
        batch_size=20_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [title.name for title in made]


def index_sizes() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelname, pg_relation_size(indexrelid) FROM pg_stat_user_indexes "
            "WHERE indexrelname ~ '^(title|person)_(pieces|slips)$' ORDER BY indexrelname"
        )
        return dict(cursor.fetchall())
