"""The catalogue asks for artwork through a chooser, whose class a setting names.

The catalogue knows only this protocol. Its own chooser shows the editor's
default artwork, so that the catalogue works without the other apps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from catalog.models import Artwork, Title, Viewer


@dataclass(frozen=True, slots=True)
class Choice:
    """The artwork of one title.

    Attributes:
        token: what pages report when it was seen; "" where nothing is reported.
        page: the address at which the viewer can decide on this title's picture, or "".
        note: what the viewer should know about this picture, or "".
    """

    artwork_id: int
    token: str = ""
    page: str = ""
    note: str = ""


class Chooser(Protocol):
    def choose(
        self, viewer: Viewer, titles: Sequence[Title], *, surface: str, now: datetime
    ) -> Mapping[int, Choice]:
        """Choose one artwork for each title of a slate.

        `titles` are distinct and in page order, so the index is the position.
        The result maps title ids to choices, without the titles that have no
        eligible artwork.
        """
        ...


def standard_artwork(titles: Iterable[Title]) -> dict[int, int]:
    """Return the artwork that is the same for everybody, by title. One query.

    It is the editor's default if it is approved, else the first approved one.
    """
    titles = list(titles)
    approved = Artwork.objects.filter(
        title__in=[title.pk for title in titles], state=Artwork.State.APPROVED
    )
    eligible: dict[int, list[int]] = {}
    for artwork, title_id in approved.order_by("pk").values_list("pk", "title"):
        eligible.setdefault(title_id, []).append(artwork)
    return {
        title.pk: title.default_artwork_id
        if title.default_artwork_id in eligible[title.pk]
        else eligible[title.pk][0]
        for title in titles
        if title.pk in eligible
    }


class DefaultChooser:
    """Shows each title's default artwork, or its first approved one."""

    def choose(
        self, viewer: Viewer, titles: Sequence[Title], *, surface: str, now: datetime
    ) -> Mapping[int, Choice]:
        found = standard_artwork(titles)
        return {title: Choice(artwork) for title, artwork in found.items()}


@cache
def chooser() -> Chooser:
    """Return the chooser that ARTWORK_CHOOSER names."""
    made: Chooser = import_string(settings.ARTWORK_CHOOSER)()
    return made
