"""The titles behind a viewer's numbers: what they had watched when the window opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from catalog.models import Credit, Person, Title, Viewer
from personalization.bandit.arrays import Floats, Ints
from personalization.features.history import title_facts, watched
from personalization.features.manifest import ERAS, GENRES, MANIFEST, MOODS

OF_TITLES = len(GENRES) + len(MOODS) + len(ERAS) + 1  # numbers that are shares of titles


@dataclass(frozen=True, slots=True)
class WatchedTitles:
    """A viewer's watched titles, those that count most first.

    Attributes:
        ids: (T,).
        shares: (T, OF_TITLES) what each title adds to, in the manifest's order.
        titles: those that the viewer may see today, by id.
    """

    ids: Ints
    shares: Floats
    titles: dict[int, Title]

    def behind(self, feature: str) -> list[int]:
        """Return the titles that a number of the viewer vector stands for; all for the last two."""
        at = MANIFEST.context.index(feature)
        if at >= OF_TITLES:
            return [int(title) for title in self.ids]
        return [int(title) for title in self.ids[self.shares[:, at] > 0]]

    def genres(self) -> int:
        """Return how many genres the watched titles span."""
        return int((self.shares[:, : len(GENRES)] > 0).any(axis=0).sum())

    def with_people(self, people: Sequence[int]) -> tuple[list[str], list[int]]:
        """Return those people's names and the watched titles that they are in."""
        credited = set(
            Credit.objects.filter(
                person__in=people, title__in=self.ids.tolist(), role=Credit.Role.CAST
            ).values_list("person", "title")
        )
        found = {person for person, _ in credited}
        named = Person.objects.filter(pk__in=found).order_by("name")
        in_titles = {title for _, title in credited}
        return (
            list(named.values_list("name", flat=True)),
            [int(title) for title in self.ids if int(title) in in_titles],
        )


def watched_titles_of(viewer: Viewer, *, at: datetime) -> WatchedTitles:
    """Return what a viewer's vector at `at` was made from."""
    seen = watched([viewer.pk], at=at)
    facts = title_facts(seen.titles)
    order = np.lexsort((seen.titles, -seen.weights))
    ids = seen.titles[order]
    visible = Title.objects.visible_to(viewer).filter(pk__in=ids.tolist())
    return WatchedTitles(
        ids=ids,
        shares=facts.shares[np.searchsorted(facts.ids, ids)],
        titles={title.pk: title for title in visible},
    )
