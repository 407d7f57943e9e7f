"""A MovieLens data set as rows of the catalogue: in one transaction, and the same when run again.

All people of the data set are profiles of one household account that nobody can sign in to. An
account for each would be a thousand accounts to guard, and nobody's.
"""

import hashlib
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.text import slugify

from catalog.actions.viewers import COLOURS
from catalog.canon import GENRES, MOODS
from catalog.importers.articles import in_front
from catalog.importers.names import identity
from catalog.importers.plays import RUNTIME, SOURCE, AnotherDataSet, moment, shift_of, write_plays
from catalog.importers.records import DataSet, Film
from catalog.models import Account, Credit, Genre, Mood, Person, Title, Viewer, WatchEvent

HOUSEHOLD = "movielens@import.invalid"
BATCH = 5_000


@transaction.atomic
def write(data: DataSet, *, newest: datetime | None = None) -> dict[str, int]:
    """Write films, cast, people and watch events that are not there yet; return how many of each.

    All times are moved by the same whole number of seconds, so that the newest play ends at
    `newest`; None leaves them as published. A set that is imported already keeps its own times.

    Raises AnotherDataSet where a film's number belongs to another film already, or where the
    catalogue holds imported plays that are not in this data set.
    """
    with connection.cursor() as cursor:
        # One import at a time: two concurrent ones would not see each other's rows.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import movielens'))")
    before = _counts()
    shift = shift_of(data.ratings, newest)
    titles = _write_titles(data, shift)
    _write_cast(data, titles)
    viewers = _write_viewers(data)
    keys = {number: title.pk for number, title in titles.items()}
    write_plays(data.ratings, keys, viewers, shift)
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


def _write_titles(data: DataSet, shift: timedelta) -> dict[int, Title]:
    there = _titles()
    for number, title in there.items():
        film = data.films.get(number)
        if film is not None and not _same(film, title):
            raise AnotherDataSet(
                f"Film {number} is {film.name} ({film.year}) here and {title} in the catalogue. "
                "Import another MovieLens data set into another copy (MARQUEE_DATA)."
            )
    missing = [film for number, film in data.films.items() if number not in there]
    added = _added(data, shift)
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


def _same(film: Film, title: Title) -> bool:
    """Whether a film is the title that was imported under its number.

    An earlier version left some articles behind the name ("Enfer, L'").
    """
    return film.year == title.year and film.name in (title.name, in_front(title.name))


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


def _added(data: DataSet, shift: timedelta) -> dict[int, datetime]:
    """Return when each film was added: when it was first watched, or when the data set begins."""
    first = data.ratings.first_times()
    opened = min(first.values(), default=0)
    return {number: moment(first.get(number, opened)) + shift for number in data.films}


def _words() -> dict[str, int]:
    """Create the canonical genres and moods if missing; return the genres' keys by slug."""
    for model, names in ((Genre, GENRES), (Mood, MOODS)):
        for slug, name in names.items():
            model.objects.get_or_create(slug=slug, defaults={"name": name})
    return dict(Genre.objects.values_list("slug", "pk"))


def _write_cast(data: DataSet, titles: dict[int, Title]) -> None:
    """Write people and credits. An imported person is found by the identity of the name."""
    names = {identity(name): name for cast in data.casts.values() for name in cast.values()}
    there = _people()
    Person.objects.bulk_create(
        (
            Person(slug=_person_slug(name, known_as), name=name)
            for known_as, name in names.items()
            if known_as not in there
        ),
        batch_size=BATCH,
    )
    people = _people()
    Credit.objects.bulk_create(
        (
            Credit(title=titles[film], person_id=people[identity(name)], billing=billing)
            for film, cast in data.casts.items()
            for billing, name in sorted(cast.items())
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _people() -> dict[str, int]:
    """Return the keys of the imported people by their name's identity, the first of each."""
    imported = Person.objects.filter(slug__startswith=f"{SOURCE}-").order_by("-pk")
    return {identity(name): key for name, key in imported.values_list("name", "pk")}


def _person_slug(name: str, known_as: str) -> str:
    """Return a person's slug: the same in every data set, and different for different people."""
    plain = slugify(name)[:80]
    if plain.replace("-", " ") == known_as:
        return f"{SOURCE}-{plain}"
    digest = hashlib.sha256(known_as.encode()).hexdigest()[:16]
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
    account = Account.objects.filter(email=HOUSEHOLD).first()
    # No password and not active: nobody can sign in to this account.
    return account or Account.objects.create_user(HOUSEHOLD, None, is_active=False)


def _viewers() -> dict[int, int]:
    known = Viewer.objects.filter(source=SOURCE).values_list("source_id", "pk")
    return {int(number): key for number, key in known}
