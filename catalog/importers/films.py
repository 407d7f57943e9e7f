"""The films of each layout: u.item (100K), movies.dat (1M, 10M), movies.csv (20M and later)."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from catalog.importers.articles import in_front
from catalog.importers.lines import Malformed, fields, table, whole
from catalog.importers.names import Unreadable, clean
from catalog.importers.records import LARGEST_ID, Film, Ratings, Remarks
from catalog.models.naming import is_visible

# In the order of u.item's flags, which begin with "unknown"; the other layouts name them in words.
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
LONGEST_TITLE = 200
UNKNOWN = 0  # the year of a film that has none, until its ratings are read
# "(1995)", and for series of the newer sets "(2006–2007)" and "(2016– )".
_YEAR = re.compile(r"\s*\((\d{4})(?:\s*[-–]\s*(?:\d{4})?\s*)?\)$", re.ASCII)
_RELEASED = re.compile(r"\d{2}-[A-Z][a-z]{2}-(\d{4})", re.ASCII)
_NO_GENRE = frozenset({"", "(no genres listed)", "unknown"})
# What sets since 10M say besides; IMAX is a format of pictures and no genre of this catalogue.
_NEWER = {"children": "childrens", "imax": None, "(no genres listed)": None}


def films_100k(file: Path, remarks: Remarks) -> dict[int, Film]:
    films: dict[int, Film] = {}
    for line, parts in fields(file, separator="|", count=24):
        flags = parts[5:]
        if any(flag not in ("0", "1") for flag in flags):
            raise Malformed(file, line, "a genre flag is neither 0 nor 1")
        genres = tuple(genre for genre, flag in zip(GENRES, flags[1:], strict=True) if flag == "1")
        released = _RELEASED.fullmatch(parts[2])
        year = int(released.group(1)) if released else UNKNOWN
        _add(films, _film(file, line, parts[0], parts[1], genres, remarks, otherwise=year), file)
    return films


def films_1m(file: Path, remarks: Remarks) -> dict[int, Film]:
    return _in_words(file, fields(file, separator="::", count=3), remarks, newer=False)


def films_10m(file: Path, remarks: Remarks) -> dict[int, Film]:
    lines = fields(file, separator="::", count=3, otherwise=None)
    return _in_words(file, lines, remarks, newer=True)


def films_csv(file: Path, remarks: Remarks) -> dict[int, Film]:
    lines = table(file, ["movieId", "title", "genres"])
    return _in_words(file, lines, remarks, newer=True)


def dated(
    films: dict[int, Film], ratings: Ratings, file: Path, remarks: Remarks, *, newer: bool
) -> dict[int, Film]:
    """Give a film without a year that of its first rating: it was there by then.

    A film that has neither is left out of a newer set, where there are some, and said so.
    Raises Malformed for one in an older set, where there are none.
    """
    if all(film.year != UNKNOWN for film in films.values()):
        return films
    first = ratings.first_times()
    known: dict[int, Film] = {}
    for number, film in films.items():
        if film.year != UNKNOWN:
            known[number] = film
        elif number in first:
            year = datetime.fromtimestamp(first[number], tz=UTC).year
            known[number] = replace(film, year=year)
        elif newer:
            remarks.add("film without a year and without a rating left out", file, film.line)
        else:
            raise Malformed(file, film.line, f"film {number} has no year and no rating")
    return known


def _in_words(
    file: Path, lines: Iterable[tuple[int, list[str]]], remarks: Remarks, *, newer: bool
) -> dict[int, Film]:
    """Read films whose genres are words; `newer` is a set of 10M and later."""
    films: dict[int, Film] = {}
    for line, (number, name, words) in lines:
        genres = _genres(words, file, line, remarks, newer=newer)
        _add(films, _film(file, line, number, name, genres, remarks), file)
    return films


def _genres(words: str, file: Path, line: int, remarks: Remarks, *, newer: bool) -> tuple[str, ...]:
    genres: list[str] = []
    for word in words.split("|"):
        genre: str | None = word.strip(" ").lower().replace("'", "").replace("’", "")
        if genre in _NEWER and newer:
            if genre == "imax":
                remarks.add("IMAX, which is no genre here, left out", file, line)
            genre = _NEWER[genre]
        elif genre in _NO_GENRE:
            genre = None
        elif genre in _NEWER:
            raise Malformed(
                file, line,
                f"the genre {word[:40]!r} is one of newer sets (10M and later), and users.dat "
                "makes this a 1M set",
            )  # fmt: skip
        elif genre not in GENRES:
            raise Malformed(file, line, f"the genre {word[:40]!r} is not one of MovieLens'")
        if genre and genre not in genres:
            genres.append(genre)
    return tuple(genres)


def _film(
    file: Path,
    line: int,
    id_text: str,
    name: str,
    genres: tuple[str, ...],
    remarks: Remarks,
    *,
    otherwise: int = UNKNOWN,
) -> Film:
    """Read one film; `otherwise` is its year where the name does not end with one."""
    number = whole(id_text, low=1, high=LARGEST_ID, file=file, line=line, what="the film")
    try:
        filed = clean(name)
    except Unreadable as error:
        raise Malformed(file, line, f"the film's name: {error}") from error
    for change in filed.changes:
        remarks.add(f"{change} in a film's name", file, line)
    year = _YEAR.search(filed.text)
    title = in_front(_YEAR.sub("", filed.text))
    if not is_visible(title) or len(title) > LONGEST_TITLE:
        raise Malformed(file, line, f"a film's name has 1 to {LONGEST_TITLE} letters")
    return Film(number, title, int(year.group(1)) if year else otherwise, genres, line)


def _add(films: dict[int, Film], film: Film, file: Path) -> None:
    if film.id in films:
        raise Malformed(file, film.line, f"film {film.id} is on line {films[film.id].line} already")
    films[film.id] = film
