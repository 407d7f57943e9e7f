"""The viewer vector and the viewer's affinity to people."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy import sparse

from personalization.bandit.arrays import Floats, Ints
from personalization.features.history import (
    Replaced,
    TitleFacts,
    replaced,
    title_facts,
    watched,
)
from personalization.features.manifest import GENRES, MANIFEST

LONG_HISTORY = 1000.0  # titles; the length of a history is a share of this, by logarithm


@dataclass(frozen=True)
class ViewerState:
    """Everything about a viewer that a choice may depend on.

    Attributes:
        vector: (d,) in the manifest's order.
        people, weights: the people watched most, strongest first, and the share
            of watching that was theirs (by billing); the shares sum to at most one.
        history_length: how many different titles.
    """

    vector: Floats
    people: Ints
    weights: Floats
    history_length: int

    @property
    def digest(self) -> str:
        """SHA-256 over the vector and the affinities, in hex."""
        parts = (
            self.vector.astype("<f8"), self.people.astype("<i8"), self.weights.astype("<f8")
        )  # fmt: skip
        return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def viewer_states(
    viewer_ids: Sequence[int],
    *,
    at: datetime,
    before: Mapping[int, datetime] | None = None,
    as_of: bool = False,
    instead: Replaced | None = None,
) -> list[ViewerState]:
    """Return viewers' states, in the given order, from what they had watched at `at`.

    A viewer without history has a vector of zeros. It takes five queries for any number of viewers.
    `before`: see `history.watched`. With `as_of`, the titles' facts are those of then, too. With
    `instead`, some titles of the histories are replaced, which an audit does to see what changes.
    """
    seen = watched(viewer_ids, at=at, before=before, as_of=as_of)
    if instead is not None:
        seen = replaced(seen, instead)
    facts = title_facts(seen.titles, at=at if as_of else None)
    viewers, row = np.unique(seen.viewers, return_inverse=True)
    column = np.searchsorted(facts.ids, seen.titles)
    shares = sparse.csr_array((seen.weights, (row, column)), shape=(len(viewers), len(facts.ids)))
    totals = np.asarray(shares.sum(axis=1)).reshape(-1)
    shares = sparse.diags_array(1.0 / np.where(totals > 0, totals, 1.0)) @ shares
    lengths = np.bincount(row, minlength=len(viewers))
    vectors = _vectors(shares @ facts.shares, lengths)
    people = _affinities(shares, facts)
    made = {
        int(viewer): ViewerState(vectors[i], *people[i], int(lengths[i]))
        for i, viewer in enumerate(viewers)
    }
    return [made.get(viewer, _nobody()) for viewer in viewer_ids]


def _vectors(shares: Floats, lengths: Ints) -> Floats:
    genres = shares[:, : len(GENRES)]
    logarithms = np.log(genres, where=genres > 0, out=np.zeros_like(genres))
    breadth = -(genres * logarithms).sum(axis=1) / np.log(len(GENRES))
    length = np.minimum(np.log1p(lengths) / np.log1p(LONG_HISTORY), 1.0)
    return np.column_stack([shares, length, breadth])


def _affinities(shares: sparse.csr_array, facts: TitleFacts) -> list[tuple[Ints, Floats]]:
    """Return each viewer's people and weights, strongest first, ties by id."""
    persons, person = np.unique(facts.cast_person, return_inverse=True)
    cast = sparse.csr_array(
        (facts.cast_share, (facts.cast_title, person)), shape=(len(facts.ids), len(persons))
    )
    affinity = (shares @ cast).tocsr()
    found: list[tuple[Ints, Floats]] = []
    for start, end in zip(affinity.indptr[:-1], affinity.indptr[1:], strict=True):
        ids, weights = persons[affinity.indices[start:end]], affinity.data[start:end]
        order = np.lexsort((ids, -weights))[: MANIFEST.people_kept]
        found.append((ids[order].astype(np.int64), weights[order]))
    return found


def _nobody() -> ViewerState:
    return ViewerState(
        np.zeros(MANIFEST.width), np.zeros(0, np.int64), np.zeros(0), history_length=0
    )
