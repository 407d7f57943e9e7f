"""Who leads each title, and what titles are alike: what a counterfactual history is made of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from audits.metrics.refusals import Floats, Ints
from audits.metrics.suppression import MINIMUM_CELL
from catalog.models import Person
from catalog.queries import as_of

NO_CLASS = -1


@dataclass(frozen=True)
class Leads:
    """The best-billed person of each of T titles.

    Attributes:
        titles: (T,) ids, increasing, of the titles whose cast is credited.
        people: T public ids.
    """

    titles: Ints
    people: list[UUID]

    def digest(self) -> str:
        """Return one SHA-256 over all titles and their leads, in hex."""
        made = hashlib.sha256(self.titles.tobytes())
        for person in self.people:
            made.update(person.bytes)
        return made.hexdigest()

    def classes(self, declared: Mapping[UUID, str]) -> "LeadClasses":
        """Return the titles' classes: what their leads declared.

        A class of too few people is left out. No count of people is ever shown.
        """
        said = [declared.get(person, "") for person in self.people]
        names = sorted({name for name in said if name})
        # The people are counted, and not the titles: one person may lead many.
        people = {name: {who for who in self.people if declared.get(who) == name} for name in names}
        kept = [name for name in names if len(people[name]) >= MINIMUM_CELL]
        place = {name: code for code, name in enumerate(kept)}
        codes = np.array([place.get(name, NO_CLASS) for name in said], dtype=np.int64)
        return LeadClasses(self.titles, tuple(kept), codes)


@dataclass(frozen=True)
class LeadClasses:
    """The class of each title's lead.

    Attributes:
        titles: (T,) ids, increasing.
        names: the classes in alphabetical order.
        codes: (T,) each title's place in `names`; -1 where the lead declared nothing.
    """

    titles: Ints
    names: tuple[str, ...]
    codes: Ints

    def counts(self) -> dict[str, int]:
        """Return how many titles each class leads."""
        return {name: int((self.codes == code).sum()) for code, name in enumerate(self.names)}

    def places(self, titles: Ints) -> Ints:
        """Return the place of each of N titles, by id: (N,); -1 for one without credited cast."""
        if not len(self.titles):
            return np.full(len(titles), NO_CLASS, dtype=np.int64)
        place = np.searchsorted(self.titles, titles).clip(max=len(self.titles) - 1)
        return np.where(self.titles[place] == titles, place, NO_CLASS).astype(np.int64)

    def of(self, titles: Ints) -> Ints:
        """Return the class of each of N titles, by id: (N,); -1 where there is none."""
        return np.append(self.codes, NO_CLASS)[self.places(titles)]


def read(*, at: datetime) -> Leads:
    """Return who led each title at `at`. Of several who are billed best, the first credited."""
    first: dict[int, int] = {}
    for title, _, _, person, _ in as_of.cast(at):
        first.setdefault(title, person)
    known = dict(Person.objects.values_list("pk", "public_id"))
    return Leads(
        np.array(list(first), dtype=np.int64),
        [known.get(person, UUID(int=person)) for person in first.values()],
    )


def traits(titles: Ints, watched: Ints, history: Floats, *, at: datetime) -> Floats:
    """Return what titles are matched on: genres, year, runtime and popularity: (T, D).

    Each of the four counts about alike: genres as shares, the others in standard deviations.
    Popularity is the logarithm of how many viewers had watched the title. A runtime that is
    unknown is the mean.

    Args:
        titles: (T,) ids; watched: (H,) ids; history: (V, H) 1 where a viewer watched one of these.
    """
    watched_by = dict(zip(watched.tolist(), history.sum(axis=0).tolist(), strict=True))
    place = {int(title): row for row, title in enumerate(titles)}
    pairs = [(place[title], genre) for title, genre in as_of.title_genres(at) if title in place]
    names = sorted({genre for _, genre in pairs})
    column = {genre: number for number, genre in enumerate(names)}
    genres = np.zeros((len(titles), len(names)))
    for row, genre in pairs:
        genres[row, column[genre]] = 1.0
    genres /= np.maximum(genres.sum(axis=1, keepdims=True), 1.0)
    facts = {row[0]: (row[1], row[3]) for row in as_of.titles(at)}
    years, runtimes = np.full(len(titles), np.nan), np.full(len(titles), np.nan)
    for title, row in place.items():
        year, runtime = facts.get(title, (None, None))
        years[row] = np.nan if year is None else year
        runtimes[row] = np.nan if runtime is None else runtime
    popularity = np.log1p([watched_by.get(int(title), 0) for title in titles])
    return np.column_stack([genres, *map(_standardised, (years, runtimes, popularity))])


def _standardised(values: Floats) -> Floats:
    known = np.isfinite(values)
    if not known.any():
        return np.zeros_like(values)
    spread = values[known].std()
    apart: Floats = np.where(known, values - values[known].mean(), 0.0)
    return apart / spread if spread > 0 else np.zeros_like(apart)
