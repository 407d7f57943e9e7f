"""The shelves of home: one row of tiles, or several short ones that stand together."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import WatchEvent
from catalog.queries.home import Home
from catalog.queries.home_rows import HomeRow
from catalog.views.tiles import ChosenArtwork, Tile

HOME = WatchEvent.Origin.HOME
# How the tiles of a row look; all others have the usual shape.
SHAPES = {"continue": "resume", "because": "large", "popular": "ranked", "new": "tall"}
# How wide a tile is shown (static/css/shelves.css), for the browser to choose a file.
SIZES = {
    "large": "(max-width: 40rem) 80vw, clamp(18rem, 29vw, 32rem)",
    "tall": "(max-width: 40rem) 62vw, clamp(13rem, 17.5vw, 18rem)",
    "ranked": "(max-width: 40rem) 52vw, clamp(13rem, 16.5vw, 18rem)",
}
USUAL_SIZES = "(max-width: 40rem) 62vw, clamp(13.5rem, 20vw, 21rem)"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One row on a shelf: its heading, where the rest of it is, and its tiles."""

    kind: str
    heading: str
    more: str
    shape: str
    sizes: str
    tiles: list[Tile]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stands in one strip; `parts` is never empty."""

    parts: list[ShelfRow]

    @property
    def heading(self) -> str:
        """Name the whole strip, as a screen reader does."""
        return ", ".join(part.heading for part in self.parts)


def shelves_of(home: Home, chosen: ChosenArtwork, *, personal: bool) -> list[Shelf]:
    """Return the shelves of a home with the artwork chosen for it."""
    shelves: list[Shelf] = []
    for row in home.rows:
        part = _part(row, home, chosen, personal)
        if row.joins:
            shelves[-1].parts.append(part)
        else:
            shelves.append(Shelf([part]))
    return shelves


def _part(row: HomeRow, home: Home, chosen: ChosenArtwork, personal: bool) -> ShelfRow:
    shape = SHAPES.get(row.kind, "usual")
    return ShelfRow(
        row.kind,
        heading_of(row, personal=personal),
        _more(row),
        shape,
        SIZES.get(shape, USUAL_SIZES),
        _tiles(row, home, chosen),
    )


def _tiles(row: HomeRow, home: Home, chosen: ChosenArtwork) -> list[Tile]:
    if row.kind == "continue":
        return [chosen.continuing(title, home.progress[title.pk]) for title in row.titles]
    return [chosen.tile(title, origin=HOME) for title in row.titles]


def heading_of(row: HomeRow, *, personal: bool) -> str:
    """Return a row's heading. What is left out of the top ten for a viewer, its heading says."""
    if row.kind == "because":
        return _("Because you watched %(title)s") % {"title": row.about}
    if row.kind == "also" and row.from_ratings:
        return _("People who liked %(title)s also watch") % {"title": row.about}
    if row.kind == "also":
        return _("People who watched %(title)s also watch") % {"title": row.about}
    if row.kind == "popular" and personal:
        return _("Top ten to discover")
    return _(row.about) if row.kind == "genre" else section_name(row.kind)


def section_name(kind: str) -> str:
    """Return the name of a section where it is not about one title or genre."""
    names = {
        "continue": _("Continue watching"),
        "list": _("My list"),
        "because": _("Because you watched"),
        "popular": _("Top ten"),
        "episodes": _("New episodes"),
        "new": _("New on the marquee"),
        "also": _("People also watch"),
        "genre": _("Genres"),
        "more": _("More to watch"),
    }
    return names[kind]


def section_note(kind: str) -> str:
    """Return one line on what a section holds."""
    notes = {
        "continue": _("What you began and did not finish."),
        "list": _("What you put on your list."),
        "because": _("Like the title that you watched last."),
        "popular": _("What most people watch now."),
        "episodes": _("Series with an episode of the last 30 days."),
        "new": _("The newest titles."),
        "also": _("What people watch who share a title with you."),
        "genre": _("One row for each of six genres."),
    }
    return notes[kind]


def _more(row: HomeRow) -> str:
    """Return the address of the whole row, or "" where there is none."""
    if row.kind == "genre":
        return reverse("catalog:genre", args=[row.slug])
    if row.kind == "list":
        return reverse("catalog:my_list")
    sort = {"popular": "popular", "new": "added", "because": "you"}.get(row.kind)
    return f"{reverse('catalog:browse')}?{urlencode({'sort': sort})}" if sort else ""
