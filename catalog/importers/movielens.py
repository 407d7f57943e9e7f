"""MovieLens as published: read and check every line, write nothing.

Layouts, told apart by their files:

- u.data, u.item, u.user: 100K;
- ratings.dat, movies.dat, users.dat: 1M;
- ratings.dat, movies.dat: 10M, with half stars and without demographics;
- ratings.csv, movies.csv: 20M, 25M, 32M, ml-latest and ml-latest-small, likewise.

credits.csv (item_id, billing_order, name) may lie beside them. Tags, links and genome scores are
not read. F. M. Harper and J. A. Konstan, "The MovieLens Datasets", ACM TiiS 5(4), 2015.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from catalog.importers.casts import read_casts
from catalog.importers.films import dated, films_1m, films_10m, films_100k, films_csv
from catalog.importers.lines import Malformed, fields, table, whole
from catalog.importers.records import (
    EARLIEST,
    LARGEST_ID,
    LATEST,
    DataSet,
    Film,
    Rater,
    Ratings,
    Remarks,
)

_HALF_STARS = {f"{halves / 2:g}": halves for halves in range(1, 11)}
_HALF_STARS |= {f"{halves / 2:.1f}": halves for halves in range(1, 11)}


@dataclass(frozen=True, slots=True)
class _Layout:
    """One way of publishing a data set. `people` is "" where it says nothing of them."""

    sets: str
    ratings: str
    films: str
    people: str
    read_films: Callable[[Path, Remarks], dict[int, Film]]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(name for name in (self.ratings, self.films, self.people) if name)


LAYOUTS = (
    _Layout("100K", "u.data", "u.item", "u.user", films_100k),
    _Layout("1M", "ratings.dat", "movies.dat", "users.dat", films_1m),
    _Layout("10M", "ratings.dat", "movies.dat", "", films_10m),
    _Layout("20M and later", "ratings.csv", "movies.csv", "", films_csv),
)


class NoDataSet(FileNotFoundError):
    """A folder that holds no data set, or more than one."""


def read(folder: Path) -> DataSet:
    """Read a data set whole.

    Raises NoDataSet if the folder does not hold exactly one of the layouts, and Malformed
    (file, line, why) for a line that cannot be imported: the first of its file.
    """
    layout = _layout(folder)
    remarks = Remarks()
    films = layout.read_films(folder / layout.films, remarks)
    if not films:
        raise Malformed(folder / layout.films, 1, "there is no film in this file")
    people = _people(folder, layout)
    ratings = _ratings(folder / layout.ratings, films, people)
    films = dated(films, ratings, folder / layout.films, remarks, newer=people is None)
    casts = read_casts(folder / "credits.csv", films, remarks)
    if people is None:
        people = {number: Rater(number) for number in ratings.people()}
    return DataSet(films, people, ratings, casts, remarks, demographics=bool(layout.people))


def _layout(folder: Path) -> _Layout:
    if not folder.is_dir():
        raise NoDataSet(f"{folder} is not a folder.")
    held = [layout for layout in LAYOUTS if all((folder / name).is_file() for name in layout.files)]
    # A 1M set holds the files of a 10M set too.
    distinct = {layout.ratings: layout for layout in reversed(held)}
    if len(distinct) == 1:
        return distinct.popitem()[1]
    if distinct:
        both = " and ".join(sorted(distinct))
        raise NoDataSet(f"{folder} holds more than one MovieLens data set: {both}. Keep one.")
    wanted = "; ".join(f"{', '.join(layout.files)} ({layout.sets})" for layout in LAYOUTS)
    raise NoDataSet(f"{folder} holds no MovieLens data set. It needs one of: {wanted}.")


def _people(folder: Path, layout: _Layout) -> dict[int, Rater] | None:
    """Return what is said of the people, or None where nothing is."""
    if not layout.people:
        return None
    file = folder / layout.people
    old = layout.people == "u.user"
    people: dict[int, Rater] = {}
    for line, parts in fields(file, separator="|" if old else "::", count=5):
        age, gender = parts[1:3] if old else (parts[2], parts[1])
        number = whole(parts[0], low=1, high=LARGEST_ID, file=file, line=line, what="the person")
        if number in people:
            raise Malformed(file, line, f"person {number} is there already")
        if gender not in ("F", "M"):
            raise Malformed(file, line, f"the gender {gender[:40]!r} is neither F nor M")
        years = whole(age, low=1, high=120, file=file, line=line, what="the age")
        people[number] = Rater(number, gender, years)
    if not people:
        raise Malformed(file, 1, "there is nobody in this file")
    return people


def _ratings(file: Path, films: dict[int, Film], people: dict[int, Rater] | None) -> Ratings:
    """Read all ratings; `people` is None where a rating is all that is known of its person."""
    lines: Iterable[tuple[int, list[str]]]
    if file.suffix == ".csv":
        lines = table(file, ["userId", "movieId", "rating", "timestamp"])
        first_line = 2
    else:
        separator = "::" if file.suffix == ".dat" else "\t"
        lines = fields(file, separator=separator, count=4)
        first_line = 1
    ratings = Ratings()
    try:
        for line, parts in lines:
            person, film, halves, at = _rated(parts, file, line, halves=people is None)
            if people is not None and person not in people:
                raise Malformed(file, line, f"person {person} is not among the people")
            if film not in films:
                raise Malformed(file, line, f"film {film} is not among the films")
            ratings.add(person, film, halves, at)
    except Malformed:
        # An earlier line may be wrong too, and the first is named.
        _refuse_repeated(ratings, file, first_line)
        raise
    _refuse_repeated(ratings, file, first_line)
    return ratings


def _rated(parts: list[str], file: Path, line: int, *, halves: bool) -> tuple[int, int, int, int]:
    """Return a rating's person, film, half stars and time."""
    person = whole(parts[0], low=1, high=LARGEST_ID, file=file, line=line, what="the person")
    film = whole(parts[1], low=1, high=LARGEST_ID, file=file, line=line, what="the film")
    if not halves:
        stars = 2 * whole(parts[2], low=1, high=5, file=file, line=line, what="the rating")
    elif parts[2] in _HALF_STARS:
        stars = _HALF_STARS[parts[2]]
    else:
        raise Malformed(
            file, line, f"the rating {parts[2][:40]!r} is not one of 0.5, 1, 1.5 and so on to 5"
        )
    at = whole(parts[3], low=EARLIEST, high=LATEST, file=file, line=line, what="the time")
    return person, film, stars, at


def _refuse_repeated(ratings: Ratings, file: Path, first_line: int) -> None:
    repeated = ratings.repeated()
    if repeated is None:
        return
    # Every rating takes one line: none of its fields may hold a line break.
    first, again = (place + first_line for place in repeated)
    rating = next(rating for place, rating in enumerate(ratings) if place == repeated[1])
    raise Malformed(
        file, again, f"person {rating.person} rated film {rating.film} on line {first} already"
    )
