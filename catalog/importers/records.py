"""What a data set holds once it is read: plain values, in memory, before any of it is written."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LARGEST_ID = 10_000_000
# Ratings are dated in seconds since 1970: none from before the site, none beyond any clock.
EARLIEST, LATEST = 788_918_400, 4_102_444_800


@dataclass(frozen=True, slots=True)
class Film:
    id: int
    name: str
    year: int
    genres: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Rater:
    """One person of a data set, with what the data set says of them; None where it says nothing.

    `gender` is F or M; `age` as published: years (100K) or the first year of a band (1M).
    """

    id: int
    gender: str | None = None
    age: int | None = None


@dataclass(frozen=True, slots=True)
class RatingLine:
    person: int
    film: int
    stars: float
    at: int  # seconds since 1970, UTC


class Ratings:
    """All ratings, in the order of their file, as columns: 25 million take 13 bytes each."""

    def __init__(self) -> None:
        self._person = array("I")
        self._film = array("I")
        self._halves = array("B")
        self._at = array("I")

    def add(self, person: int, film: int, halves: int, at: int) -> None:
        """Add a rating of `halves` half stars (1 to 10), given `at` seconds since 1970."""
        self._person.append(person)
        self._film.append(film)
        self._halves.append(halves)
        self._at.append(at)

    def __len__(self) -> int:
        return len(self._person)

    def __iter__(self) -> Iterator[RatingLine]:
        for person, film, halves, at in zip(
            self._person, self._film, self._halves, self._at, strict=True
        ):
            yield RatingLine(person, film, halves / 2, at)

    def people(self) -> list[int]:
        """Return the numbers of all who rated, ascending."""
        return [int(person) for person in np.unique(_column(self._person))]

    def newest(self) -> int | None:
        """Return when the last rating was given, or None where there is none."""
        return int(_column(self._at).max()) if len(self) else None

    def time_of(self, person: int, film: int) -> int | None:
        """Return when this person rated this film, or None if they did not."""
        rated = (_column(self._person) == person) & (_column(self._film) == film)
        places = np.flatnonzero(rated)
        return self._at[places[0]] if len(places) else None

    def first_times(self) -> dict[int, int]:
        """Return when each rated film was first rated."""
        order = np.lexsort((_column(self._at), _column(self._film)))
        films, starts = np.unique(_column(self._film)[order], return_index=True)
        return dict(zip(films.tolist(), _column(self._at)[order][starts].tolist(), strict=True))

    def repeated(self) -> tuple[int, int] | None:
        """Return the places (first, again) of the earliest second rating of a film by a person."""
        keys = _column(self._person).astype(np.uint64) << np.uint64(32)
        keys |= _column(self._film)
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        if not len(same):
            return None
        at = same[np.argmin(order[same + 1])]
        return int(order[at]), int(order[at + 1])


def _column(values: "array[int]") -> NDArray[np.uint32]:
    # The array's own item size says which integers it holds.
    return np.frombuffer(values, dtype=f"u{values.itemsize}") if values else np.empty(0, "u4")


class Remarks:
    """What was changed or left out while reading: how often, and where first."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._times: dict[str, int] = {}

    def add(self, what: str, file: Path, line: int) -> None:
        self._first.setdefault(what, f"{file.name}, line {line}")
        self._times[what] = self._times.get(what, 0) + 1

    def __iter__(self) -> Iterator[str]:
        for what, times in self._times.items():
            first = "first " if times > 1 else ""
            yield f"{what}: {times:,} × ({first}{self._first[what]})"


@dataclass(frozen=True, slots=True)
class DataSet:
    films: dict[int, Film]
    people: dict[int, Rater]
    ratings: Ratings
    # film → the names of its cast, by billing
    casts: dict[int, dict[int, str]] = field(default_factory=dict)
    remarks: Remarks = field(default_factory=Remarks)
    # Whether the data set tells gender and age at all.
    demographics: bool = True
