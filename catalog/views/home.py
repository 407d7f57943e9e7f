"""Home: the billboard and the rows."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import WatchEvent
from catalog.queries.home import Home, Row, home_for
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.rendering import show
from catalog.views.tiles import Slate, Tile, slate_for

HOME = WatchEvent.Origin.HOME


@dataclass(frozen=True, slots=True)
class Shelf:
    """A row with its tiles."""

    row: Row
    tiles: list[Tile]


@viewer_required
@require_safe
def home(request: ViewerRequest) -> HttpResponse:
    now = timezone.now()
    found = home_for(request.viewer, now=now)
    titles = found.titles()
    slate = slate_for(request.viewer, titles, surface="home", now=now)
    billboard = slate.tile(found.billboard, origin=HOME) if found.billboard else None
    context = {"billboard": billboard, "shelves": _shelves(found, slate)}
    return show(request, "catalog/home.html", context, titles=titles)


def _shelves(found: Home, slate: Slate) -> list[Shelf]:
    return [
        Shelf(
            row,
            [
                slate.continuing(title, found.progress[title.pk])
                if row.kind == "continue"
                else slate.tile(title, origin=HOME)
                for title in row.titles
            ],
        )
        for row in found.rows
    ]
