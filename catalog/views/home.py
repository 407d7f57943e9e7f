"""Home: the billboard and the rows."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import WatchEvent
from catalog.queries.home import Home, HomeRow, home_for
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.rendering import show
from catalog.views.tiles import ChosenArtwork, Tile, choose_artwork

HOME = WatchEvent.Origin.HOME


@dataclass(frozen=True, slots=True)
class Shelf:
    """A row with its tiles."""

    row: HomeRow
    tiles: list[Tile]


@viewer_required
@require_safe
def home(request: ViewerRequest) -> HttpResponse:
    now = timezone.now()
    content = home_for(request.viewer, now=now)
    titles = content.titles()
    chosen = choose_artwork(request.viewer, titles, surface="home", now=now)
    billboard = chosen.tile(content.billboard, origin=HOME) if content.billboard else None
    context = {"billboard": billboard, "shelves": _shelves(content, chosen)}
    return show(request, "catalog/home.html", context, titles=titles)


def _shelves(content: Home, chosen: ChosenArtwork) -> list[Shelf]:
    return [
        Shelf(
            row,
            [
                chosen.continuing(title, content.progress[title.pk])
                if row.kind == "continue"
                else chosen.tile(title, origin=HOME)
                for title in row.titles
            ],
        )
        for row in content.rows
    ]
