"""Browse by filters, and search."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import push_url, replace_url

from catalog.models import Genre, Person, Title, WatchEvent
from catalog.queries.browse import (
    Filters,
    TitlePages,
    facets_for,
    filters_of,
    follows_viewer,
    popular_titles,
    titles_of,
)
from catalog.queries.names import MAX_LETTERS, cleaned
from catalog.queries.search import SearchResults
from catalog.queries.search import search as search_for
from catalog.requests import ViewerRequest
from catalog.views.filters import USUAL_SORT, address, chips, genre_links, menus
from catalog.views.guards import viewer_required
from catalog.views.limits import limited
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork

Origin = WatchEvent.Origin
SUGGESTED = 12  # titles on the start page of search


@viewer_required
@require_safe
def browse(request: ViewerRequest, slug: str = "") -> HttpResponse:
    """Show titles by the filters in the address.

    With `upto`, all pages up to that one are shown, so that who comes back finds their place. htmx
    asks for the next page's tiles alone, or for the whole list with other filters.
    """
    facets = facets_for(request.viewer)
    asked = {**request.GET.dict(), **({"genre": slug} if slug else {})}
    filters = filters_of(request.viewer, facets, asked)
    if slug and filters.genre is None:
        get_object_or_404(Genre, slug=slug)
    only_more = bool(request.htmx) and "page" in request.GET
    pages = titles_of(
        request.viewer,
        filters,
        page=request.GET.get("page") or request.GET.get("upto", "1"),
        from_first=not only_more,
    )
    chosen = choose_artwork(request.viewer, pages.titles, surface="browse", now=timezone.now())
    context: dict[str, Any] = {
        "filters": filters,
        "pages": pages,
        "tiles": [chosen.tile(title, origin=Origin.BROWSE) for title in pages.titles],
        "more": _more(filters, pages),
    }
    if only_more:
        here = address(filters, upto=str(pages.last))
        shown = show(request, "catalog/_page_of_tiles.html", context, titles=pages.titles)
        return replace_url(shown, here)
    for_viewer = follows_viewer(request.viewer)
    context |= {
        "missing_genre": slug if slug and filters.genre is None else "",
        "genres": genre_links(filters, facets.genres),
        "all": address(filters, genre=""),
        "menus": menus(filters, facets, for_viewer=for_viewer),
        "chips": chips(filters),
        "clear": f"{reverse('catalog:browse')}{_sorted(filters)}",
        "here": address(filters),
        "no_order": filters.sort == "you" and not for_viewer,
        "earlier": address(filters, upto=str(pages.first - 1)) if pages.first > 1 else "",
    }
    if request.htmx:
        shown = show(request, "catalog/_browse.html", context, titles=pages.titles)
        return push_url(shown, address(filters))
    return show(request, "catalog/browse.html", context, titles=pages.titles)


def _more(filters: Filters, pages: TitlePages) -> dict[str, str]:
    """Return the addresses of the next page: alone, and after those before it."""
    if pages.last >= pages.count:
        return {}
    following = str(pages.last + 1)
    return {
        "part": address(filters, page=following),
        "whole": f"{address(filters, upto=following)}#more-{following}",
    }


def _sorted(filters: Filters) -> str:
    return "" if filters.sort == USUAL_SORT else f"?sort={filters.sort}"


@viewer_required
@limited("search")
@require_safe
def search(request: ViewerRequest) -> HttpResponse:
    """Show what matches; while somebody types, htmx asks for the results alone."""
    text = cleaned(request.GET.get("q", ""))
    results = search_for(request.viewer, text)
    # Where nothing was asked for or found, the page suggests something.
    suggested = [] if results else popular_titles(request.viewer, SUGGESTED)
    titles = results.titles or suggested
    chosen = choose_artwork(request.viewer, titles, surface="search", now=timezone.now())
    context = {
        "text": text,
        "max_letters": MAX_LETTERS,
        "results": results,
        "summary": _summary(results) if text else "",
        "tiles": [chosen.tile(title, origin=Origin.SEARCH) for title in titles],
        "facets": None if results else facets_for(request.viewer),
    }
    template = "catalog/_results.html" if request.htmx else "catalog/search.html"
    return show(request, template, context, titles=titles)


def _summary(results: SearchResults) -> str:
    """Return how much was found, as a screen reader says it."""
    counts = [
        (ngettext("%(count)s title", "%(count)s titles", len(results.titles)), len(results.titles)),
        (
            ngettext("%(count)s person", "%(count)s people", len(results.people)),
            len(results.people),
        ),
        (ngettext("%(count)s genre", "%(count)s genres", len(results.genres)), len(results.genres)),
        (ngettext("%(count)s mood", "%(count)s moods", len(results.moods)), len(results.moods)),
    ]
    parts = [words % {"count": count} for words, count in counts if count]
    if not parts:
        return _("Nothing found.")
    return _("Found %(things)s.") % {"things": get_text_list(parts, _("and"))}


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
