"""The catalogue in the orders that are the same for everybody, in memory.

Home's rows begin with the newest titles, those that most people watch, those of a genre, those
like another. Only what is left out differs from viewer to viewer. The orders are read again as
soon as the catalogue has changed (`version`), and popularity is counted again after AGE. Nothing of
one viewer is in here. Who may see a title is decided where the titles are read, in the database.
"""

import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from catalog.queries.popular import POPULAR, POPULAR_SAMPLE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
READ = (Path(__file__).parent / "orders.sql").read_text().format(popular=POPULAR)
# The catalogue's version: it grows with every change to titles and to what they have.
VERSION = """
    coalesce((SELECT max(pgh_id) FROM catalog_titleevent), 0)
    + coalesce((SELECT max(pgh_id) FROM catalog_titlegenreevent), 0)
    + coalesce((SELECT max(pgh_id) FROM catalog_titlemoodevent), 0)
    + coalesce((SELECT max(pgh_id) FROM catalog_creditevent), 0)
"""
AGE = 300.0  # seconds
# Reading more titles than MANY takes long, so changes of them are waited for: PAUSE seconds.
MANY, PAUSE = 10_000, 30.0
# How much sharing a mood or a person counts. Genres count by their rarity: sharing "drama" alone
# means little.
MOOD, PERSON = 0.15, 0.3


@dataclass(frozen=True, slots=True)
class OrderedGenre:
    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Links:
    """What titles have: pairs of a title's place and the id of a genre, mood or person, by id."""

    places: Ints
    ids: Ints

    def of(self, place: int) -> Ints:
        """Return what one title has."""
        found: Ints = self.ids[self.places == place]
        return found

    def titles_with(self, number: int) -> Ints:
        """Return the places of the titles that have it, the newest first."""
        begin, end = np.searchsorted(self.ids, [number, number + 1])
        return self.places[begin:end]


@dataclass(frozen=True)
class TitleOrders:
    """The published titles, the newest first. A title's place is its index.

    Attributes:
        title_ids, maturity, viewers: (T,); `viewers` is how many watched a title lately.
        genres: by name.
    """

    title_ids: Ints
    maturity: Ints
    viewers: Ints
    genres: list[OrderedGenre]
    title_genres: Links
    title_moods: Links
    title_people: Links

    @cached_property
    def popular(self) -> Ints:
        """All places: most watched first, then the newest."""
        return np.argsort(-self.viewers, kind="stable")

    @cached_property
    def by_genre(self) -> dict[int, Ints]:
        """The places of each genre's titles, in the same order."""
        rank = np.argsort(self.popular)
        found = {}
        for genre in self.genres:
            places = self.title_genres.titles_with(genre.id)
            found[genre.id] = places[np.argsort(rank[places])]
        return found

    @cached_property
    def _by_id(self) -> Ints:
        return np.argsort(self.title_ids)

    def places_of(self, title_ids: Collection[int]) -> Ints:
        """Return the places of those titles that are published."""
        if not title_ids or not len(self.title_ids):
            return np.zeros(0, np.int64)
        wanted = np.fromiter(title_ids, np.int64, len(title_ids))
        ordered = self.title_ids[self._by_id]
        found = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
        places: Ints = self._by_id[found[ordered[found] == wanted]]
        return places

    def offer(self, maturity_limit: int, *, without: Collection[int]) -> Mask:
        """Return which titles may be offered under a limit: (T,)."""
        offered = self.maturity <= maturity_limit
        offered[self.places_of(without)] = False
        return offered

    def first(self, places: Ints, offered: Mask, length: int) -> list[int]:
        """Return the ids of the first titles that are offered."""
        return [int(number) for number in self.title_ids[places[offered[places]][:length]]]

    def count_by_genre(self, titles: Mask) -> Ints:
        """Return how many of these titles (T,) each genre has, in the order of `genres`."""
        counts = [np.count_nonzero(titles[self.by_genre[genre.id]]) for genre in self.genres]
        return np.array(counts, np.int64)

    def alike(self, title_id: int, offered: Mask, length: int) -> list[int]:
        """Return the ids of the titles most like one, best first: by genres, moods and people."""
        found = self.places_of([title_id])
        if not len(found):
            return []
        place = int(found[0])
        likeness = np.zeros(len(self.title_ids))
        for genre in self.title_genres.of(place):
            sharing = self.title_genres.titles_with(genre)
            likeness[sharing] += 1 / np.log(2 + len(sharing))
        for links, weight in ((self.title_moods, MOOD), (self.title_people, PERSON)):
            for number in links.of(place):
                likeness[links.titles_with(number)] += weight
        likeness[place] = 0
        sharing = np.flatnonzero((likeness > 0) & offered)
        order = np.lexsort((self.title_ids[sharing], -likeness[sharing].round(9)))
        return [int(number) for number in self.title_ids[sharing[order[:length]]]]


_held: tuple[int, float, TitleOrders] | None = None  # with the version, and when they were read
_lock = threading.Lock()


def orders_at(version: int) -> TitleOrders:
    """Return the orders of a version of the catalogue: those in memory, or new ones. One query."""
    global _held
    if (held := _fresh(version)) is not None:
        return held
    with _lock:
        if (held := _fresh(version)) is not None:
            return held
        orders = read_orders()
        _held = (version, time.monotonic(), orders)
        return orders


def forget() -> None:
    """Let the next page read the orders again."""
    global _held
    _held = None


def _fresh(version: int) -> TitleOrders | None:
    if _held is None:
        return None
    known, read_at, orders = _held
    age = time.monotonic() - read_at
    waits = len(orders.title_ids) > MANY and age < PAUSE
    return orders if age < AGE and (known == version or waits) else None


def read_orders() -> TitleOrders:
    """Read the catalogue. One query."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"sample": POPULAR_SAMPLE})
        [(titles, genres, moods, people, named)] = cursor.fetchall()
    title_ids, maturity, viewers = _numbers(titles, 3)
    by_id = np.argsort(title_ids)
    return TitleOrders(
        title_ids,
        maturity,
        viewers,
        [OrderedGenre(*genre) for genre in named or ()],
        *(_links(pairs, title_ids, by_id) for pairs in (genres, moods, people)),
    )


def _numbers(text: str | None, columns: int) -> Iterable[Ints]:
    """Return the columns of a table of numbers."""
    read = np.fromstring(text or "", np.int64, sep=" ")
    return np.ascontiguousarray(read.reshape(-1, columns).T)


def _links(pairs: str | None, title_ids: Ints, by_id: Ints) -> Links:
    """Return the links of the published titles, sorted by id and then by place."""
    titles, ids = _numbers(pairs, 2)
    if not len(title_ids):
        return Links(np.zeros(0, np.int64), np.zeros(0, np.int64))
    ordered = title_ids[by_id]
    found = np.minimum(np.searchsorted(ordered, titles), len(ordered) - 1)
    published = ordered[found] == titles
    places, ids = by_id[found[published]], ids[published]
    order = np.lexsort((places, ids))
    return Links(places[order], ids[order])
