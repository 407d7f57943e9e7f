"""The tiles of a page: titles with the artwork chosen for the viewer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from catalog.addresses import address_of
from catalog.choosing import Choice, chooser
from catalog.models import Episode, Title, Viewer, WatchEvent
from catalog.queries.continuing import Progress
from catalog.queries.watched import NO_MARKS, TileMarks, tile_marks
from catalog.views.pictures import ResponsivePicture, pictures

Origin = WatchEvent.Origin


@dataclass(frozen=True, slots=True)
class Tile:
    """One title on a page, with its link.

    `token` is reported when its artwork was seen. `menu` and `note` are the choice's page and note.
    `options` is the address of what else the viewer can do about the title.
    """

    title: Title
    href: str
    picture: ResponsivePicture | None = None
    token: str = ""
    progress: Progress | None = None
    menu: str = ""
    note: str = ""
    options: str = ""
    watched: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class ChosenArtwork:
    """The artwork chosen for the titles of one page, and what the viewer said about them."""

    choices: Mapping[int, Choice]
    pictures: Mapping[int, ResponsivePicture]
    marks: TileMarks = NO_MARKS

    def picture(self, title: Title) -> ResponsivePicture | None:
        choice = self.choices.get(title.pk)
        return self.pictures.get(choice.artwork_id) if choice else None

    def tile(self, title: Title, *, origin: str) -> Tile:
        """Return a tile that links to the title's page."""
        href = title_address(title, origin=origin)
        return self._tile(title, href, token=self._token(title, origin))

    def continuing(self, title: Title, progress: Progress) -> Tile:
        """Return a tile that resumes the title."""
        href = play_address(title, progress.episode, origin=Origin.CONTINUE)
        return self._tile(title, href, progress=progress)

    def _tile(
        self, title: Title, href: str, *, token: str = "", progress: Progress | None = None
    ) -> Tile:
        choice = self.choices.get(title.pk)
        return Tile(
            title,
            href,
            self.picture(title),
            token,
            progress,
            menu=choice.page if choice else "",
            note=choice.note if choice else "",
            options=address_of("catalog:title_menu", title.slug),
            watched=title.pk in self.marks.watched,
            listed=title.pk in self.marks.listed,
        )

    def _token(self, title: Title, origin: str) -> str:
        """Return the token, or "" where a play earns the artwork no credit.

        Plays from search and continue-watching are not credited. Impressions
        there could never be rewarded, and would count against the artwork.
        """
        choice = self.choices.get(title.pk)
        credited = origin not in {Origin.SEARCH, Origin.CONTINUE}
        return choice.token if choice and credited else ""


def choose_artwork(
    viewer: Viewer, titles: Sequence[Title], *, surface: str, now: datetime
) -> ChosenArtwork:
    """Choose the artwork of a page. `titles` are distinct and in page order. Three queries."""
    if not titles:
        return ChosenArtwork({}, {})
    choices = chooser().choose(viewer, titles, surface=surface, now=now)
    return ChosenArtwork(
        choices,
        pictures(choice.artwork_id for choice in choices.values()),
        tile_marks(viewer, [title.pk for title in titles]),
    )


def title_address(title: Title, *, origin: str) -> str:
    return f"{address_of('catalog:title', title.slug)}{_from(origin)}"


def play_address(title: Title, episode: Episode | None, *, origin: str) -> str:
    if episode is None:
        path = address_of("catalog:watch", title.slug)
    else:
        numbers = [title.slug, episode.season.number, episode.number]
        path = reverse("catalog:watch_episode", args=numbers)
    return f"{path}{_from(origin)}"


@cache
def _from(origin: str) -> str:
    return f"?{urlencode({'from': origin})}"


def origin_of(asked: str | None, *, otherwise: str) -> str:
    """Return the origin of a play that the URL names, or `otherwise` if it names no known one."""
    known = {value for value in Origin.values if value != Origin.IMPORT}
    return asked if asked in known else otherwise
