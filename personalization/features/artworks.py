"""The artworks that may be chosen, in memory: one immutable index a revision.

The catalogue counts every change to what may be chosen (`ArtworkRevision`). Callers pass the count
that they read. If it differs from the index's count, a new index is read, so that a withdrawn
artwork disappears with the next request.
"""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog.models import Artwork, Credit, Mood, Title
from catalog.queries import as_of
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.table import ArtworkTable
from personalization.features.history import billing_weight
from personalization.features.manifest import KINDS, MANIFEST, MOODS

# Artwork, title, kind, state, when it was approved and withdrawn.
ArtworkRow = tuple[int, int, str, str, datetime | None, datetime | None]
NEVER = np.inf
MANY_PEOPLE = 5.0


@dataclass(frozen=True)
class ArtworkIndex:
    """Artworks that are or were approved, by title and then by id.

    Attributes:
        revision: the catalogue's count that this was read at.
        title_ids: (T,) increasing; starts: (T + 1,) where each title's artworks begin.
        artwork_ids: (A,); features: (A, F).
        approved, withdrawn: (A,) seconds since the epoch; `withdrawn` is NEVER for
            those that may be shown.
        defaults: (A,) whether it is its title's default.
        cast_indptr, cast_people: the people depicted, as in a CSR matrix.
    """

    revision: int
    title_ids: Ints
    starts: Ints
    artwork_ids: Ints
    features: Floats
    approved: Floats
    withdrawn: Floats
    defaults: NDArray[np.bool_]
    cast_indptr: Ints
    cast_people: Ints

    @cached_property
    def order(self) -> Ints:
        """Places in the order of artwork ids."""
        return np.argsort(self.artwork_ids)

    @cached_property
    def rank(self) -> Ints:
        """Each place's row in `table`."""
        rank = np.empty(len(self.artwork_ids), np.int64)
        rank[self.order] = np.arange(len(rank))
        return rank

    @cached_property
    def table(self) -> ArtworkTable:
        """All of them as the learner knows artworks, in the order of their ids."""
        titles = np.repeat(self.title_ids, np.diff(self.starts))
        return ArtworkTable(
            self.artwork_ids[self.order], titles[self.order], self.features[self.order]
        )

    @property
    def digest(self) -> str:
        """SHA-256 over all artworks with their features and depictions, in hex."""
        made = hashlib.sha256()
        for column in (
            self.title_ids, self.starts, self.artwork_ids, self.features, self.approved,
            self.withdrawn, self.defaults, self.cast_indptr, self.cast_people,
        ):  # fmt: skip
            made.update(np.ascontiguousarray(column).tobytes())
        return made.hexdigest()

    def places_of(self, artwork_ids: Ints) -> Ints:
        """Return each artwork's place, −1 for one that is not here."""
        if not len(self.artwork_ids):
            return np.full(len(artwork_ids), -1, np.int64)
        sorted_ids = self.artwork_ids[self.order]
        found = np.minimum(np.searchsorted(sorted_ids, artwork_ids), len(sorted_ids) - 1)
        return np.where(sorted_ids[found] == artwork_ids, self.order[found], -1)

    def places_among(self, title_ids: Ints) -> tuple[Ints, Ints]:
        """Return the titles' places, one title after the other (K,), and how many each has (T,)."""
        if not len(self.title_ids):
            return np.zeros(0, np.int64), np.zeros(len(title_ids), np.int64)
        found = np.minimum(np.searchsorted(self.title_ids, title_ids), len(self.title_ids) - 1)
        begins = self.starts[found]
        counts = np.where(self.title_ids[found] == title_ids, self.starts[found + 1] - begins, 0)
        return _runs(begins, counts), counts

    def match(self, people: Ints, weights: Floats, places: Ints) -> Floats:
        """Return a viewer's affinity to artworks, summed over the people depicted: (K,)."""
        begins = self.cast_indptr[places]
        counts = self.cast_indptr[places + 1] - begins
        cast = self.cast_people[_runs(begins, counts)]
        if not len(people) or not len(cast):
            return np.zeros(len(places))
        order = np.argsort(people)
        found = order[np.minimum(np.searchsorted(people, cast, sorter=order), len(people) - 1)]
        values = np.where(people[found] == cast, weights[found], 0.0)
        owner = np.arange(len(places)).repeat(counts)
        return np.bincount(owner, values, len(places)).astype(np.float64)

    def matches(self, affinity: sparse.csr_array, persons: Ints, places: Ints) -> Floats:
        """As `match` for a panel: `affinity` is (V, P) over the sorted `persons`. Gives (V, K)."""
        counts = np.diff(self.cast_indptr)
        owner = np.repeat(np.arange(len(counts)), counts)
        if not len(persons):
            return np.zeros((affinity.shape[0], len(places)))
        found = np.minimum(np.searchsorted(persons, self.cast_people), len(persons) - 1)
        known = persons[found] == self.cast_people
        cast = sparse.csr_array(
            (np.ones(int(known.sum())), (found[known], owner[known])),
            shape=(len(persons), len(counts)),
        )
        return np.asarray((affinity @ cast[:, places]).todense(), np.float64)


def _runs(begins: Ints, counts: Ints) -> Ints:
    """Return `counts` consecutive numbers from each of `begins`, one run after the other."""
    ends = counts.cumsum()
    first: Ints = (begins - ends + counts).repeat(counts)
    return first + np.arange(len(first))


_lock = threading.Lock()
_newest: ArtworkIndex | None = None


def index_at(revision: int) -> ArtworkIndex:
    """Return the index of a revision: the one in memory, or a new one."""
    global _newest
    held = _newest
    if held is not None and held.revision == revision:
        return held
    with _lock:
        if _newest is None or _newest.revision != revision:
            _newest = read_index(revision)
        return _newest


def read_index(revision: int, *, at: datetime | None = None) -> ArtworkIndex:
    """Read every artwork that is or was approved, in five queries.

    With `at`, as the catalogue was at that instant; `revision` is not read then.
    """
    read = _Then(at) if at else _Now()
    rows = read.artworks()
    ids = np.array([row[0] for row in rows], np.int64)
    titles = np.array([row[1] for row in rows], np.int64)
    distinct, starts = np.unique(titles, return_index=True)
    place = {int(pk): index for index, pk in enumerate(ids)}
    people = _depicted(place, read.depictions())
    counts = np.bincount(people[:, 0], minlength=len(ids))
    defaults = read.defaults()
    return ArtworkIndex(
        revision=revision,
        title_ids=distinct,
        starts=np.append(starts, len(ids)).astype(np.int64),
        artwork_ids=ids,
        features=_features(rows, place, people, titles, read),
        approved=np.array([_seconds(row[4]) for row in rows]),
        withdrawn=np.array([_withdrawn(row[3], row[5]) for row in rows]),
        defaults=np.array([int(pk) in defaults for pk in ids], bool),
        cast_indptr=np.append(0, counts.cumsum()).astype(np.int64),
        cast_people=people[:, 1],
    )


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _withdrawn(state: str, at: datetime | None) -> float:
    if state == Artwork.State.APPROVED:
        return NEVER
    return _seconds(at)


class _Now:
    """What an index is made of, as it is now."""

    def artworks(self) -> list[ArtworkRow]:
        """Return the artworks that are or were approved, by title and id."""
        return list(
            Artwork.objects.filter(approved_at__isnull=False)
            .exclude(state=Artwork.State.REJECTED)
            .order_by("title", "pk")
            .values_list("pk", "title", "kind", "state", "approved_at", "withdrawn_at")
        )

    def depictions(self) -> Iterable[tuple[int, int]]:
        """Return (artwork, person) of everybody depicted."""
        return Artwork.depicted.through.objects.values_list("artwork_id", "person_id")

    def moods(self) -> Iterable[tuple[int, str]]:
        """Return (artwork, mood's slug)."""
        return Artwork.moods.through.objects.values_list("artwork_id", "mood__slug")

    def billing(self) -> Iterable[tuple[int, int, int]]:
        """Return (title, person, billing) of the casts."""
        cast = Credit.objects.filter(role=Credit.Role.CAST)
        return cast.values_list("title", "person", "billing")

    def defaults(self) -> set[int]:
        """Return the ids of the titles' default artworks."""
        titles = Title.objects.exclude(default_artwork=None)
        return set(titles.values_list("default_artwork", flat=True))


@dataclass(frozen=True)
class _Then:
    """The same as it was at an instant."""

    at: datetime

    def artworks(self) -> list[ArtworkRow]:
        """Return the artworks that were or had been approved, by title and id."""
        rows = as_of.artworks(self.at)
        return [row for row in rows if row[4] is not None and row[3] != Artwork.State.REJECTED]

    def depictions(self) -> Iterable[tuple[int, int]]:
        """Return (artwork, person) of everybody depicted."""
        return as_of.depictions(self.at)

    def moods(self) -> Iterable[tuple[int, str]]:
        """Return (artwork, mood's slug)."""
        slugs = dict(Mood.objects.values_list("pk", "slug"))
        return ((row, slugs.get(mood, "")) for row, mood in as_of.artwork_moods(self.at))

    def billing(self) -> Iterable[tuple[int, int, int]]:
        """Return (title, person, billing) of the casts."""
        return ((title, person, place) for title, place, _, person, _ in as_of.cast(self.at))

    def defaults(self) -> set[int]:
        """Return the ids of the titles' default artworks."""
        return {row[4] for row in as_of.titles(self.at) if row[4] is not None}


def _depicted(place: dict[int, int], depictions: Iterable[tuple[int, int]]) -> Ints:
    """Return (place, person) of everybody depicted, by place."""
    pairs = np.array(
        [(place[artwork], person) for artwork, person in depictions if artwork in place],
        np.int64,
    ).reshape(-1, 2)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _features(
    rows: Sequence[ArtworkRow],
    place: dict[int, int],
    people: Ints,
    titles: Ints,
    read: "_Now | _Then",
) -> Floats:
    features = np.zeros((len(rows), len(MANIFEST.artwork)))
    for index, row in enumerate(rows):
        if row[2] in KINDS:
            features[index, KINDS.index(row[2])] = 1.0
    moods = {slug: len(KINDS) + index for index, slug in enumerate(MOODS)}
    for artwork, slug in read.moods():
        if artwork in place and slug in moods:
            features[place[artwork], moods[slug]] = 1.0
    count = np.bincount(people[:, 0], minlength=len(rows))
    features[:, -2] = np.minimum(count, MANY_PEOPLE) / MANY_PEOPLE
    features[:, -1] = _prominence(people, titles, read.billing())
    return features


def _prominence(people: Ints, titles: Ints, cast: Iterable[tuple[int, int, int]]) -> Floats:
    """Return the billing weight of the best-billed person depicted, 0 where nobody is: (A,)."""
    billing = {(title, person): place for title, person, place in cast}
    best = np.zeros(len(titles))
    for index, person in people:
        place = billing.get((int(titles[index]), int(person)))
        if place is not None:
            weight = float(billing_weight(np.array([place]))[0])
            best[index] = max(best[index], weight)
    return best
