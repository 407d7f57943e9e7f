"""The pictures that a viewer chose, as every page reads them: with the window, in its query."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from personalization.bandit.arrays import Ints
from personalization.features.artworks import NEVER, ArtworkIndex
from personalization.models import Keep

# By title: the artwork kept, or None for the standard picture. A keep whose artwork has left the
# catalogue is not here.
ViewerKeeps = Mapping[int, int | None]
STANDARD = Keep.Kind.STANDARD


def keeps_of_viewer() -> ArraySubquery:
    """Return the expression that reads a window's viewer's keeps, for `parsed`."""
    found = Keep.objects.filter(viewer=OuterRef("viewer")).order_by()
    return ArraySubquery(
        found.values(row=JSONObject(title=F("title_id"), artwork=F("artwork_id"), kind=F("kind")))
    )


def parsed(rows: Sequence[dict[str, Any]] | None) -> ViewerKeeps:
    """Return what `keeps_of_viewer` read."""
    return {
        row["title"]: row["artwork"]
        for row in rows or []
        if row["artwork"] is not None or row["kind"] == STANDARD
    }


def resolved(keeps: ViewerKeeps, title_ids: Iterable[int], index: ArtworkIndex) -> dict[int, int]:
    """Return the artwork of each of these titles whose keep can be honoured.

    A picture that was withdrawn is left out. The policy then chooses, until it is approved again.
    """
    if not keeps:
        return {}
    found: dict[int, int] = {}
    for title in map(int, title_ids):
        if title in keeps:
            available = available_of(index, title)
            artwork = keeps[title] if keeps[title] is not None else standard_of(index, available)
            if artwork is not None and artwork in index.artwork_ids[available]:
                found[title] = artwork
    return found


def available_of(index: ArtworkIndex, title_id: int) -> Ints:
    """Return the places of a title's artworks that may be shown now, by id."""
    places, _ = index.places_among(np.array([title_id]))
    return np.asarray(places[index.withdrawn[places] == NEVER], np.int64)


def standard_of(index: ArtworkIndex, available: Ints) -> int | None:
    """Return the artwork that is shown where no choice is made: the default, or else the first."""
    if not len(available):
        return None
    defaults = available[index.defaults[available]]
    return int(index.artwork_ids[defaults[0] if len(defaults) else available[0]])
