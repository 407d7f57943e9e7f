"""A MovieLens data set as rows of the catalogue: in one transaction, and the same when run again.

All people of the data set are profiles of one household account that nobody can sign in to: they
are no one's accounts, and a thousand empty ones would only be a thousand doors.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils.text import slugify

from catalog.actions.viewers import COLOURS
from catalog.demo.canon import GENRES, MOODS
from catalog.importers.movielens import DataSet, Film
from catalog.models import Account, Credit, Genre, Mood, Person, Title, Viewer, WatchEvent
from catalog.quality import quality_seconds

SOURCE = "movielens"
HOUSEHOLD = "movielens@import.invalid"
RUNTIME = 100  # minutes: the data set does not say
PLAYS = uuid.uuid5(uuid.NAMESPACE_URL, "https://grouplens.org/datasets/movielens/")
BATCH = 5_000


class AnotherDataSet(ValueError):
    """This catalogue already holds films of another MovieLens data set under the same numbers."""


@transaction.atomic
def write(data: DataSet) -> dict[str, int]:
    """Write films, cast, people and watch events that are not there yet; return how many of each.

    Raises AnotherDataSet where a film's number belongs to another film already.
    """
    with connection.cursor() as cursor:
        # One import at a time: two at once would each see the other's rows as missing.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import movielens'))")
    before = _counts()
    titles = _write_titles(data)
    _write_cast(data, titles)
    viewers = _write_viewers(data)
    _write_watch_events(data, titles, viewers)
    _count_histories()
    after = _counts()
    return {what: after[what] - before[what] for what in after}


def public_ids() -> dict[int, uuid.UUID]:
    """Return the public id of each imported person by their number in the data set."""
    known = Viewer.objects.filter(source=SOURCE).values_list("source_id", "public_id")
    return {int(number): public_id for number, public_id in known}


def _counts() -> dict[str, int]:
    return {
        "titles": Title.objects.filter(source=SOURCE).count(),
        "credits": Credit.objects.filter(title__source=SOURCE).count(),
        "viewers": Viewer.objects.filter(source=SOURCE).count(),
        "watch events": WatchEvent.objects.filter(viewer__source=SOURCE).count(),
    }


def _write_titles(data: DataSet) -> dict[int, Title]:
    there = _titles()
    for number, title in there.items():
        film = data.films.get(number)
        if film is not None and (title.name, title.year) != (film.name, film.year):
            raise AnotherDataSet(
                f"Film {number} is {film.name} here and {title} in the catalogue. Import another "
                "MovieLens data set into another copy (MARQUEE_DATA)."
            )
    missing = [film for number, film in data.films.items() if number not in there]
    added = _added(data)
    slugs = set(Title.objects.values_list("slug", flat=True))
    Title.objects.bulk_create(
        (_title(film, slugs, added[film.id]) for film in missing), batch_size=BATCH
    )
    titles = _titles()
    genres = _words()
    links = Title.genres.through
    links.objects.bulk_create(
        (
            links(title_id=titles[film.id].pk, genre_id=genres[genre])
            for film in missing
            for genre in film.genres
        ),
        batch_size=BATCH,
    )
    return titles


def _titles() -> dict[int, Title]:
    return {int(title.source_id): title for title in Title.objects.filter(source=SOURCE)}


def _title(film: Film, slugs: set[str], added: datetime) -> Title:
    slug = f"{slugify(film.name)[:90] or 'film'}-{film.year}"
    if slug in slugs:
        slug = f"{slug}-{SOURCE}-{film.id}"
    slugs.add(slug)
    return Title(
        slug=slug,
        name=film.name,
        year=film.year,
        runtime_minutes=RUNTIME,
        added_at=added,
        source=SOURCE,
        source_id=str(film.id),
    )


def _added(data: DataSet) -> dict[int, datetime]:
    """A film came into the catalogue when it was first watched, the others at the very start."""
    opened = min((rating.at for rating in data.ratings), default=0)
    first: dict[int, int] = {}
    for rating in data.ratings:
        first[rating.film] = min(rating.at, first.get(rating.film, rating.at))
    return {number: _moment(first.get(number, opened)) for number in data.films}


def _words() -> dict[str, int]:
    """Make the canonical genres and moods; return the genres' keys by slug."""
    for model, names in ((Genre, GENRES), (Mood, MOODS)):
        for slug, name in names.items():
            model.objects.get_or_create(slug=slug, defaults={"name": name})
    return dict(Genre.objects.values_list("slug", "pk"))


def _write_cast(data: DataSet, titles: dict[int, Title]) -> None:
    slugs = {name: _person_slug(name) for cast in data.casts.values() for name in cast.values()}
    Person.objects.bulk_create(
        (Person(slug=slug, name=name) for name, slug in slugs.items()),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    people = dict(Person.objects.filter(slug__in=set(slugs.values())).values_list("slug", "pk"))
    Credit.objects.bulk_create(
        (
            Credit(title=titles[film], person_id=people[slugs[name]], billing=billing)
            for film, cast in data.casts.items()
            for billing, name in sorted(cast.items())
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _person_slug(name: str) -> str:
    """The same for the same name in every data set, and another for every other name."""
    plain = slugify(name)[:80]
    if plain.replace("-", " ") == name.lower():
        return f"{SOURCE}-{plain}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{SOURCE}-{plain}-{digest}"


def _write_viewers(data: DataSet) -> dict[int, int]:
    household = _household()
    there = _viewers()
    colours = list(COLOURS)
    Viewer.objects.bulk_create(
        (
            Viewer(
                account=household,
                name=f"MovieLens {number}",
                colour=colours[number % len(colours)],
                source=SOURCE,
                source_id=str(number),
            )
            for number in data.people
            if number not in there
        ),
        batch_size=BATCH,
    )
    return _viewers()


def _household() -> Account:
    account = Account.objects.filter(email__iexact=HOUSEHOLD).first()
    # No password, not active: nobody signs in as somebody from a data set.
    return account or Account.objects.create_user(HOUSEHOLD, None, is_active=False)


def _viewers() -> dict[int, int]:
    known = Viewer.objects.filter(source=SOURCE).values_list("source_id", "pk")
    return {int(number): key for number, key in known}


def _write_watch_events(data: DataSet, titles: dict[int, Title], viewers: dict[int, int]) -> None:
    """COPY into a temporary table, then keep what is not there: a play is known by its id."""
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
            for row in _plays(data, titles, viewers):
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO catalog_watchevent ({columns}) SELECT {columns} FROM imported_play "  # noqa: S608
            "ON CONFLICT (viewer_id, play_id) DO NOTHING"
        )
        cursor.execute("DROP TABLE imported_play")


def _plays(
    data: DataSet, titles: dict[int, Title], viewers: dict[int, int]
) -> Iterable[tuple[object, ...]]:
    """A rating is a film watched to its end, whatever the stars: what one liked is not in here."""
    whole = timedelta(minutes=RUNTIME)
    quality = timedelta(seconds=quality_seconds(RUNTIME))
    seconds = RUNTIME * 60
    for rating in data.ratings:
        started = _moment(rating.at)
        yield (
            viewers[rating.person],
            titles[rating.film].pk,
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
    """Keep what the watch actions keep: how many different titles each viewer has watched."""
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


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
