"""Sample data for the templates of the site and of the Studio.

Titles and their standard pictures are the catalogue's own, under an address that does not exist.
Rows that are made up are never saved.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.choosing import standard_artwork
from catalog.models import Artwork, Episode, Season, Title, WatchEvent
from catalog.queries.continuing import Progress
from catalog.queries.titles import EpisodeState, SeasonEpisodes
from catalog.views.pictures import ResponsivePicture, pictures
from catalog.views.shelves import SIZES, USUAL_SIZES, Shelf, ShelfRow
from catalog.views.tiles import Tile
from catalog.views.titles import EpisodeRow
from personalization.models import ShownShare
from personalization.models.journal import Standing
from personalization.rights.explanations import Explanation, Option
from personalization.rights.sentences import Reason

NOWHERE = "a-sample-without-a-page"
TITLES = 10  # as many as a top ten
HALF = 3000  # seconds of 6000
SYNOPSIS = "A projectionist finds a reel that nobody ordered, and shows it to a house of nine."
MADE_UP = [
    "The Night the Projector Burned and Nobody in the House Looked Away",
    "مقهى المدينة القديمة",
    "Reel",
]


@dataclass(frozen=True)
class Samples:
    """The titles of the samples, and the pictures of those that have one."""

    titles: list[Title]
    pictures: dict[int, ResponsivePicture]
    made_up: list[Title] = field(default_factory=lambda: list(_made_up()))

    @property
    def first(self) -> Title:
        return self.titles[0]

    def picture(self, title: Title | None = None) -> ResponsivePicture | None:
        return self.pictures.get((title or self.first).pk)

    def tile(self, title: Title, **more: Any) -> Tile:
        options = reverse("catalog:title_menu", args=[NOWHERE])
        return Tile(title, "#tiles", self.picture(title), options=options, **more)

    def billboard(self) -> Tile:
        return self.tile(self.first, menu=reverse("catalog:title_menu", args=[NOWHERE]))

    def tiles(self) -> list[Tile]:
        """Return a tile in each state: plain, begun, watched, without a picture or a short name."""
        plain, begun, seen = self.titles[0], self.titles[-1], self.titles[1 % len(self.titles)]
        return [
            self.tile(plain),
            self.tile(begun, progress=Progress(begun.pk, HALF, 2 * HALF)),
            self.tile(seen, watched=True),
            *(self.tile(title) for title in self.made_up),
        ]

    def shelves(self) -> list[Shelf]:
        """Return a shelf in each shape, and one of two short rows."""
        ten = [self.tile(title) for title in self.titles]
        begun = [
            self.tile(title, progress=Progress(title.pk, HALF, 2 * HALF)) for title in self.titles
        ]
        return [
            Shelf([_row("continue", "Begun: “resume”", "resume", begun)]),
            Shelf([_row("because", "Wide pictures: “large”", "large", ten)]),
            Shelf([_row("popular", "A top ten: “ranked”", "ranked", ten)]),
            Shelf([_row("new", "Upright cards: “tall”", "tall", ten)]),
            Shelf(
                [
                    _row("genre", "Two short rows", "usual", ten[:2]),
                    _row("genre", "in one strip", "usual", ten[2:5]),
                ]
            ),
        ]

    def episodes(self) -> dict[str, Any]:
        """Return what the list of a season's episodes reads: begun, watched, next, without text."""
        season = Season(pk=0, title=self.first, number=1)
        made = [
            Episode(
                pk=number,
                season=season,
                number=number,
                name=name,
                synopsis=text,
                runtime_minutes=45,
            )
            for number, name, text in [
                (1, "House lights", SYNOPSIS),
                (2, "The second reel", SYNOPSIS),
                (3, "Matinée", ""),
            ]
        ]
        states = [EpisodeState(watched=True), EpisodeState(position_seconds=1200), EpisodeState()]
        shown = SeasonEpisodes(1, "Season 1", made)
        return {
            "season": shown,
            "story": {"seasons": [shown, SeasonEpisodes(2, "Season 2", [])]},
            "episodes": [
                EpisodeRow(episode, "#episodes", state, episode.number == 2)
                for episode, state in zip(made, states, strict=True)
            ],
        }

    def explanation(self) -> dict[str, Any]:
        """Return what the reasons and the options of “Why this picture?” read."""
        cited = format_html(
            "You watched 6 thrillers lately, <cite>{}</cite> among them.", self.first
        )
        reasons = [
            Reason(cited, tuple(self.titles[:2]), 0.8),
            Reason(SafeString("You seldom watch long films."), (), -0.3),
        ]
        chances = [(55.2, 20.0, 40), (30.3, 40.0, 0), (14.5, 40.0, None)]
        options = [
            Option(
                Artwork(pk=number, title=title),
                percent / 100,
                elsewhere / 100,
                number == 0,
                percent,
                elsewhere,
                ShownShare(percent=share),
            )
            for number, (title, (percent, elsewhere, share)) in enumerate(
                zip([*self.titles, *self.made_up], chances, strict=False)
            )
        ]
        explained = Explanation(
            Standing.PERSONAL, "contextual", options, reasons, 12, timezone.now()
        )
        shown = [(option, self.picture(option.artwork.title)) for option in options]
        return {"explanation": explained, "options": shown, "shares_until": timezone.now()}

    def play(self) -> WatchEvent:
        return WatchEvent(
            pk=0, title=self.first, started_at=timezone.now(), watched_seconds=HALF, finished=True
        )

    def artworks(self) -> list[Artwork]:
        """Return an artwork in each state of review, one of them without a description."""
        found = {artwork.pk: artwork for artwork in Artwork.objects.filter(pk__in=self._shown())}
        states = list(Artwork.State)
        usual = list(found.values())[: len(states)] or [self._unsaved() for _ in states]
        for artwork, state in zip(usual, states, strict=False):
            artwork.state = state
            artwork.alt = "" if state == Artwork.State.REJECTED else artwork.alt
            artwork.state_reason = (
                "The name cannot be read." if state == Artwork.State.REJECTED else ""
            )
        return usual

    def _shown(self) -> list[int]:
        return list(standard_artwork(self.titles).values())

    def _unsaved(self) -> Artwork:
        return Artwork(
            pk=0, title=self.first, width=1280, height=720, alt=SYNOPSIS, uploaded_at=timezone.now()
        )


def samples() -> Samples:
    """Return the samples. An empty catalogue has only titles that are made up. Four queries."""
    found = list(Title.objects.filter(published=True).order_by("pk")[:TITLES])
    by_title = standard_artwork(found)
    shown = pictures(by_title.values())
    for title in found:
        title.slug = NOWHERE
    with_pictures = {title: shown[pk] for title, pk in by_title.items() if pk in shown}
    return Samples(found or list(_made_up()), with_pictures)


def _made_up() -> Iterator[Title]:
    for number, name in enumerate(MADE_UP, start=1):
        yield Title(pk=-number, slug=NOWHERE, name=name, year=1958, maturity=12, synopsis=SYNOPSIS)


def _row(kind: str, heading: str, shape: str, tiles: list[Tile]) -> ShelfRow:
    return ShelfRow(kind, heading, "#shelves", shape, SIZES.get(shape, USUAL_SIZES), tiles)
