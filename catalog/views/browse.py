"""Browse by genre, and search."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import get_text_list
from django.views.decorators.http import require_safe

from catalog.models import Genre, Person, Title, WatchEvent
from catalog.queries.browse import genres_for, titles_of
from catalog.queries.names import MAX_LETTERS, cleaned
from catalog.queries.search import SearchResults
from catalog.queries.search import search as search_for
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.limits import limited
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork

Origin = WatchEvent.Origin


@viewer_required
@require_safe
def browse(request: ViewerRequest, slug: str = "") -> HttpResponse:
    """Show a page of a genre's titles, or of all; htmx asks for the next page's tiles alone."""
    genre = get_object_or_404(Genre, slug=slug) if slug else None
    page = titles_of(request.viewer, genre, page=request.GET.get("page", "1"))
    titles = list(page.object_list)
    chosen = choose_artwork(request.viewer, titles, surface="browse", now=timezone.now())
    context: dict[str, Any] = {
        "genre": genre,
        "page": page,
        "tiles": [chosen.tile(title, origin=Origin.BROWSE) for title in titles],
    }
    if request.htmx:
        return show(request, "catalog/_page_of_tiles.html", context, titles=titles)
    context["genres"] = genres_for(request.viewer)
    return show(request, "catalog/browse.html", context, titles=titles)


@viewer_required
@limited("search")
@require_safe
def search(request: ViewerRequest) -> HttpResponse:
    """Show what matches; while somebody types, htmx asks for the results alone."""
    text = cleaned(request.GET.get("q", ""))
    results = search_for(request.viewer, text)
    chosen = choose_artwork(request.viewer, results.titles, surface="search", now=timezone.now())
    context = {
        "text": text,
        "max_letters": MAX_LETTERS,
        "results": results,
        "summary": _summary(results) if text else "",
        "tiles": [chosen.tile(title, origin=Origin.SEARCH) for title in results.titles],
    }
    template = "catalog/_results.html" if request.htmx else "catalog/search.html"
    return show(request, template, context, titles=results.titles)


def _summary(results: SearchResults) -> str:
    """Return how much was found, as a screen reader says it."""
    counts = [
        (len(results.titles), "title", "titles"),
        (len(results.people), "person", "people"),
        (len(results.genres), "genre", "genres"),
    ]
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return f"Found {get_text_list(parts, 'and')}." if parts else "Nothing found."


@viewer_required
@require_safe
def person(request: ViewerRequest, slug: str) -> HttpResponse:
    """Show the titles that a person is credited for and this viewer may see."""
    visible = Title.objects.visible_to(request.viewer)
    shown = get_object_or_404(Person, slug=slug)
    titles = list(visible.filter(credits__person=shown).distinct().order_by("-year", "name"))
    if not titles:
        # If this viewer may see none of the titles, they may not see the name either.
        raise Http404
    chosen = choose_artwork(request.viewer, titles, surface="search", now=timezone.now())
    tiles = [chosen.tile(title, origin=Origin.SEARCH) for title in titles]
    context = {"person": shown, "tiles": tiles}
    return show(request, "catalog/person.html", context, titles=titles)
