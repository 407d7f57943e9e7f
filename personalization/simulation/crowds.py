"""The viewers of a simulation, the titles they are shown, and the tastes of the planted truth."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy import sparse

from catalog.models import Title, Viewer, WatchEvent
from personalization.bandit.arrays import Floats, Ints
from personalization.features.history import TitleFacts, title_facts
from personalization.features.manifest import GENRES

EARLIER = 0.6  # the share of a history that choices may use; the rest makes the truth


class CannotSimulate(ValueError):
    """These viewers cannot be simulated; the words say why."""


@dataclass(frozen=True)
class Crowd:
    """V viewers and the T titles that they are shown.

    Attributes:
        viewers: in the order of their ids.
        title_ids: (T,) increasing.
        tastes: (V, 18) shares by genre.
        affinity: (V, P) shares by person; persons: (P,) increasing.
        cuts: viewer's id to the end of what choices may see; empty where nothing is held back.
        watched: (V, T) what has been begun: not shown to that viewer any more.
    """

    viewers: list[Viewer]
    title_ids: Ints
    tastes: Floats
    affinity: sparse.csr_array
    persons: Ints
    cuts: Mapping[int, datetime]
    watched: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def imported(source: str) -> Crowd:
    """Return the viewers of an import. Their later plays are held back from every choice.

    A viewer whose history has no later part (all plays at one moment) is left out.

    Raises:
        CannotSimulate: there is no viewer, or no title to show.
    """
    events = WatchEvent.objects.filter(
        viewer__source=source, origin=WatchEvent.Origin.IMPORT, quality_at__isnull=False
    )
    rows = list(
        events.order_by("viewer", "started_at", "pk").values_list("viewer", "title", "started_at")
    )
    histories: dict[int, list[tuple[int, datetime]]] = {}
    for viewer, title, at in rows:
        histories.setdefault(viewer, []).append((title, at))
    cuts = {v: cut for v, plays in histories.items() if (cut := _cut([at for _, at in plays]))}
    if not cuts:
        raise CannotSimulate(f"No viewer of “{source}” has a history to hold a part back of.")
    viewers = list(Viewer.objects.filter(pk__in=list(cuts)).order_by("pk"))
    later = [
        (row, title)
        for row, viewer in enumerate(viewers)
        for title, at in histories[viewer.pk]
        if at > cuts[viewer.pk]
    ]
    facts = title_facts(np.array([title for _, title in later], np.int64))
    shares = _shares(later, len(viewers), facts)
    persons, person = np.unique(facts.cast_person, return_inverse=True)
    cast = sparse.csr_array(
        (facts.cast_share, (facts.cast_title, person)), shape=(len(facts.ids), len(persons))
    )
    title_ids = shown_titles(source)
    return Crowd(
        viewers=viewers,
        title_ids=title_ids,
        tastes=np.asarray(shares @ facts.shares[:, : len(GENRES)]),
        affinity=(shares @ cast).tocsr(),
        persons=persons,
        cuts=cuts,
        watched=begun(viewers, title_ids),
    )


def shown_titles(source: str) -> Ints:
    """Return the published titles of a source that have an approved artwork: (T,) increasing."""
    found = Title.objects.filter(source=source, published=True, artworks__state="approved")
    ids = np.array(sorted(set(found.order_by().values_list("pk", flat=True).distinct())), np.int64)
    if not len(ids):
        raise CannotSimulate(f"No title of “{source}” has an approved artwork.")
    return ids


def begun(
    viewers: list[Viewer], title_ids: Ints
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return whether each viewer has ever begun each title: (V, T)."""
    found = np.zeros((len(viewers), len(title_ids)), bool)
    ids = np.array([viewer.pk for viewer in viewers], np.int64)
    pairs = WatchEvent.objects.filter(viewer__in=ids.tolist()).order_by()
    rows = np.array(list(pairs.values_list("viewer", "title").distinct()), np.int64).reshape(-1, 2)
    rows = rows[np.isin(rows[:, 1], title_ids)]
    found[np.searchsorted(ids, rows[:, 0]), np.searchsorted(title_ids, rows[:, 1])] = True
    return found


def _cut(times: list[datetime]) -> datetime | None:
    """Return the moment nearest to EARLIER of a history that leaves a later part, if any does."""
    moments = [at for at, following in itertools.pairwise(times) if following > at]
    if not moments:
        return None
    wanted = EARLIER * len(times)
    return min(moments, key=lambda at: abs(sum(1 for other in times if other <= at) - wanted))


def _shares(plays: list[tuple[int, int]], viewers: int, facts: TitleFacts) -> sparse.csr_array:
    row = np.array([viewer for viewer, _ in plays], np.int64)
    column = np.searchsorted(facts.ids, np.array([title for _, title in plays], np.int64))
    counts = np.bincount(row, minlength=viewers)
    return sparse.csr_array((1.0 / counts[row], (row, column)), shape=(viewers, len(facts.ids)))
