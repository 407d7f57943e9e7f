"""The tiles of a page: its titles with the artwork chosen for this viewer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from catalog.choosing import Choice, chooser
from catalog.models import Episode, Title, Viewer, WatchEvent
from catalog.queries.continuing import Progress
from catalog.views.pictures import Picture, pictures

Origin = WatchEvent.Origin


@dataclass(frozen=True, slots=True)
class Tile:
    """One title on a page. `token` reports that its artwork was seen; `href` is where it leads."""

    title: Title
    href: str
    picture: Picture | None = None
    token: str = ""
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Slate:
    """The artwork of one page."""

    choices: Mapping[int, Choice]
    pictures: Mapping[int, Picture]

    def picture(self, title: Title) -> Picture | None:
        choice = self.choices.get(title.pk)
        return self.pictures.get(choice.artwork_id) if choice else None

    def tile(self, title: Title, *, origin: str) -> Tile:
        """Return a tile that leads to the title's page."""
        href = title_address(title, origin=origin)
        return Tile(title, href, self.picture(title), self._token(title, origin))

    def continuing(self, title: Title, progress: Progress) -> Tile:
        """Return a tile that plays on."""
        href = play_address(title, progress.episode, origin=Origin.CONTINUE)
        return Tile(title, href, self.picture(title), progress=progress)

    def _token(self, title: Title, origin: str) -> str:
        """Report what was seen only where a play earns the artwork credit.

        Who searches for a title knows what they want. An impression there could
        never be rewarded, and would count against an artwork for nothing.
        """
        choice = self.choices.get(title.pk)
        credited = origin not in {Origin.SEARCH, Origin.CONTINUE}
        return choice.token if choice and credited else ""


def slate_for(viewer: Viewer, titles: Sequence[Title], *, surface: str, now: datetime) -> Slate:
    """Ask for the artwork of a page: distinct titles, in page order. Two queries."""
    if not titles:
        return Slate({}, {})
    choices = chooser().choose(viewer, titles, surface=surface, now=now)
    return Slate(choices, pictures(choice.artwork_id for choice in choices.values()))


def title_address(title: Title, *, origin: str) -> str:
    return f"{reverse('catalog:title', args=[title.slug])}?{urlencode({'from': origin})}"


def play_address(title: Title, episode: Episode | None, *, origin: str) -> str:
    if episode is None:
        path = reverse("catalog:watch", args=[title.slug])
    else:
        numbers = [title.slug, episode.season.number, episode.number]
        path = reverse("catalog:watch_episode", args=numbers)
    return f"{path}?{urlencode({'from': origin})}"


def origin_of(asked: str | None, *, otherwise: str) -> str:
    """Return where a play starts, as the address says; an unknown origin is `otherwise`."""
    known = {value for value in Origin.values if value != Origin.IMPORT}
    return asked if asked in known else otherwise
