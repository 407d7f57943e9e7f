"""MovieLens 100K and 1M as published: read and check every line, write nothing.

Layouts: u.data, u.item, u.user (100K) or ratings.dat, movies.dat, users.dat (1M); credits.csv
(item_id, billing_order, name) beside them if there. F. M. Harper and J. A. Konstan, "The MovieLens
Datasets", ACM TiiS 5(4), 2015.
"""

import csv
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from catalog.importers.lines import Malformed, fields, whole

# In the order of u.item's flags, which begin with "unknown"; 1M names them in words.
GENRES = (
    "action",
    "adventure",
    "animation",
    "childrens",
    "comedy",
    "crime",
    "documentary",
    "drama",
    "fantasy",
    "film-noir",
    "horror",
    "musical",
    "mystery",
    "romance",
    "sci-fi",
    "thriller",
    "war",
    "western",
)
LARGEST_ID = 10_000_000
# Ratings are dated in seconds since 1970: none from before the site, none beyond any clock.
EARLIEST, LATEST = 788_918_400, 4_102_444_800
LONGEST_TITLE, LONGEST_NAME = 200, 120
_YEAR = re.compile(r"\s*\((\d{4})\)\s*$")
_LAST_ARTICLE = re.compile(r"^(.+), (The|A|An|Il|La|Le|Les|Los|El|Das|Der|Die|Det)$")


# What the four fields of a rating are, and between which numbers they lie.
_RATED = (
    ("the person", 1, LARGEST_ID),
    ("the film", 1, LARGEST_ID),
    ("the rating", 1, 5),
    ("the time", EARLIEST, LATEST),
)
_UNKNOWN = 0  # the year of a film that has none, until its ratings are read


@dataclass(frozen=True, slots=True)
class Film:
    id: int
    name: str
    year: int
    genres: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Person:
    """One rater. `gender` is F or M; `age` as published: years (100K) or a band's first (1M)."""

    id: int
    gender: str
    age: int


@dataclass(frozen=True, slots=True)
class Rating:
    person: int
    film: int
    stars: int
    at: int  # seconds since 1970, UTC


@dataclass(frozen=True, slots=True)
class DataSet:
    films: dict[int, Film]
    people: dict[int, Person]
    ratings: list[Rating]
    # film → the names of its cast, by billing
    casts: dict[int, dict[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Layout:
    ratings: str
    films: str
    people: str
    separator: str  # of ratings; u.item and u.user have their own
    other: str


LAYOUTS = (
    _Layout("u.data", "u.item", "u.user", "\t", "|"),
    _Layout("ratings.dat", "movies.dat", "users.dat", "::", "::"),
)


def read(folder: Path) -> DataSet:
    """Read a data set whole.

    Raises FileNotFoundError if the folder holds neither layout, and Malformed
    (file, line, why) for the first line that cannot be imported.
    """
    layout = _layout(folder)
    old = layout.separator == "\t"
    films = (_films_100k if old else _films_1m)(folder / layout.films)
    people = (_people_100k if old else _people_1m)(folder / layout.people)
    ratings = _ratings(folder / layout.ratings, layout.separator, films, people)
    casts = _casts(folder / "credits.csv", films)
    films = _dated(films, ratings, folder / layout.films)
    return DataSet(films, people, ratings, casts)


def _layout(folder: Path) -> _Layout:
    for layout in LAYOUTS:
        if all((folder / name).is_file() for name in (layout.ratings, layout.films, layout.people)):
            return layout
    wanted = " or ".join(f"{one.ratings}, {one.films} and {one.people}" for one in LAYOUTS)
    raise FileNotFoundError(f"{folder} holds no MovieLens data set: it needs {wanted}.")


def _films_100k(file: Path) -> dict[int, Film]:
    films: dict[int, Film] = {}
    for line, parts in fields(file, separator="|", count=24):
        flags = parts[5:]
        if any(flag not in ("0", "1") for flag in flags):
            raise Malformed(file, line, "a genre flag is neither 0 nor 1")
        genres = tuple(genre for genre, flag in zip(GENRES, flags[1:], strict=True) if flag == "1")
        released = re.fullmatch(r"\d{2}-[A-Z][a-z]{2}-(\d{4})", parts[2])
        _add(films, file, line, parts[0], parts[1], genres, released.group(1) if released else None)
    return films


def _films_1m(file: Path) -> dict[int, Film]:
    films: dict[int, Film] = {}
    for line, parts in fields(file, separator="::", count=3):
        genres = []
        for name in parts[2].split("|"):
            slug = name.lower().replace("'", "")
            if slug in GENRES:
                genres.append(slug)
            elif slug not in ("", "(no genres listed)", "unknown"):
                raise Malformed(file, line, f"the genre {name[:40]!r} is not one of MovieLens'")
        _add(films, file, line, parts[0], parts[1], tuple(genres), None)
    return films


def _add(
    films: dict[int, Film],
    file: Path,
    line: int,
    id_text: str,
    name: str,
    genres: tuple[str, ...],
    released: str | None,
) -> None:
    number = whole(id_text, low=1, high=LARGEST_ID, file=file, line=line, what="the film")
    if number in films:
        raise Malformed(file, line, f"film {number} is on line {films[number].line} already")
    year = _YEAR.search(name)
    title = _readable(_YEAR.sub("", name))
    if not title or len(title) > LONGEST_TITLE:
        raise Malformed(file, line, f"a film's name has 1 to {LONGEST_TITLE} letters")
    found = year.group(1) if year else released
    films[number] = Film(number, title, int(found) if found else _UNKNOWN, genres, line)


def _readable(name: str) -> str:
    """Put the article back in front: "Piano, The" is filed so, and nobody says it."""
    name = name.strip()
    # A second name in brackets keeps its place behind the first.
    first, bracket, rest = name.partition(" (")
    moved = _LAST_ARTICLE.match(first)
    return f"{moved.group(2)} {moved.group(1)}{bracket}{rest}" if moved else name


def _people_100k(file: Path) -> dict[int, Person]:
    people: dict[int, Person] = {}
    for line, (number, age, gender, _, _) in fields(file, separator="|", count=5):
        _add_person(people, file, line, number, gender, age)
    return people


def _people_1m(file: Path) -> dict[int, Person]:
    people: dict[int, Person] = {}
    for line, (number, gender, age, _, _) in fields(file, separator="::", count=5):
        _add_person(people, file, line, number, gender, age)
    return people


def _add_person(
    people: dict[int, Person], file: Path, line: int, id_text: str, gender: str, age: str
) -> None:
    number = whole(id_text, low=1, high=LARGEST_ID, file=file, line=line, what="the person")
    if number in people:
        raise Malformed(file, line, f"person {number} is there already")
    if gender not in ("F", "M"):
        raise Malformed(file, line, f"the gender {gender[:40]!r} is neither F nor M")
    years = whole(age, low=1, high=120, file=file, line=line, what="the age")
    people[number] = Person(number, gender, years)


def _ratings(
    file: Path, separator: str, films: dict[int, Film], people: dict[int, Person]
) -> list[Rating]:
    ratings: list[Rating] = []
    lines: dict[tuple[int, int], int] = {}
    for line, parts in fields(file, separator=separator, count=4):
        person, film, stars, at = (
            whole(text, low=low, high=high, file=file, line=line, what=what)
            for text, (what, low, high) in zip(parts, _RATED, strict=True)
        )
        if person not in people:
            raise Malformed(file, line, f"person {person} is not among the people")
        if film not in films:
            raise Malformed(file, line, f"film {film} is not among the films")
        first = lines.setdefault((person, film), line)
        if first != line:
            raise Malformed(
                file, line, f"person {person} rated film {film} on line {first} already"
            )
        ratings.append(Rating(person, film, stars, at))
    return ratings


def _dated(films: dict[int, Film], ratings: list[Rating], file: Path) -> dict[int, Film]:
    """Give a film without a year that of its first rating: it was there by then."""
    first: dict[int, int] = {}
    for rating in ratings:
        first[rating.film] = min(rating.at, first.get(rating.film, LATEST))
    dated = dict(films)
    for number, film in films.items():
        if film.year == _UNKNOWN:
            if number not in first:
                raise Malformed(file, film.line, f"film {number} has no year and no rating")
            year = datetime.fromtimestamp(first[number], tz=UTC).year
            dated[number] = replace(film, year=year)
    return dated


def _casts(file: Path, films: dict[int, Film]) -> dict[int, dict[int, str]]:
    casts: dict[int, dict[int, str]] = {}
    if not file.is_file():
        return casts
    with file.open(encoding="utf-8-sig", newline="") as text:
        try:
            rows = csv.reader(text, strict=True)
            if next(rows, None) != ["item_id", "billing_order", "name"]:
                raise Malformed(file, 1, "expected the columns item_id,billing_order,name")
            for row in rows:
                _add_credit(casts, file, rows.line_num, row, films)
        except csv.Error as error:
            raise Malformed(file, rows.line_num, str(error)) from error
        except UnicodeDecodeError as error:
            raise Malformed(file, rows.line_num + 1, "it is not UTF-8") from error
    return casts


def _add_credit(
    casts: dict[int, dict[int, str]], file: Path, line: int, row: list[str], films: dict[int, Film]
) -> None:
    if len(row) != 3:
        raise Malformed(file, line, f"expected 3 fields, found {len(row)}")
    film = whole(row[0], low=1, high=LARGEST_ID, file=file, line=line, what="the film")
    billing = whole(row[1], low=1, high=1_000, file=file, line=line, what="the billing")
    name = _mended(row[2].strip())
    if film not in films:
        raise Malformed(file, line, f"film {film} is not among the films")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Malformed(file, line, f"a name has 1 to {LONGEST_NAME} printable letters")
    cast = casts.setdefault(film, {})
    if billing in cast:
        raise Malformed(file, line, f"film {film} has somebody billed {billing} already")
    if name in cast.values():
        raise Malformed(file, line, f"{name} is billed twice for film {film}")
    cast[billing] = name


def _mended(name: str) -> str:
    """Undo UTF-8 that was once read as Latin-1 ("FranÃ§oise"), as public cast lists have it."""
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name
