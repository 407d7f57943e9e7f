"""What a viewer says about a title: my list, rating, hidden, put aside, watched.

Each order is a form that sets a state. To htmx it answers the part of the page that shows the
state; without scripts it goes back to the page that the form came from.
"""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from catalog.actions import opinions
from catalog.models import Episode, Title, WatchEvent
from catalog.queries.episodes import episodes_named, episodes_of
from catalog.queries.opinions import hidden_of, list_of, opinion_of
from catalog.queries.titles import progress_in
from catalog.queries.watched import tile_marks
from catalog.requests import ViewerRequest
from catalog.views.guards import safe_next, viewer_required
from catalog.views.limits import limited
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork

# Where a form is: in the menu over a page, on the title's page, beside an episode, on home.
PLACES = ("menu", "page", "episode", "billboard")
MOST_DIGITS = 5  # of the number of a season or an episode
# Told to a page, so that it shows again where the viewer is in the title.
WATCHING_CHANGED = "watching-changed"


@viewer_required
@require_safe
def menu(request: ViewerRequest, slug: str) -> HttpResponse:
    """Show what the viewer can do about a title; to htmx, the menu alone."""
    title = _title(request, slug)
    name = "_title_menu" if request.htmx else "title_menu"
    chosen = choose_artwork(request.viewer, [title], surface="other", now=timezone.now())
    context = _context(request, title, place="menu") | {
        "picture_page": chosen.tile(title, origin=WatchEvent.Origin.TITLE).menu
    }
    return show(request, f"catalog/{name}.html", context, titles=[title])


@viewer_required
@require_safe
def my_list(request: ViewerRequest) -> HttpResponse:
    page = list_of(request.viewer, page=request.GET.get("page", "1"))
    titles = list(page.object_list)
    chosen = choose_artwork(request.viewer, titles, surface="other", now=timezone.now())
    tiles = [chosen.tile(title, origin=WatchEvent.Origin.TITLE) for title in titles]
    name = "_page_of_tiles" if request.htmx else "my_list"
    return show(request, f"catalog/{name}.html", {"page": page, "tiles": tiles}, titles=titles)


@viewer_required
@require_safe
def hidden(request: ViewerRequest) -> HttpResponse:
    """List the titles that the viewer hid, each with a button that shows it again."""
    titles = hidden_of(request.viewer)
    chosen = choose_artwork(request.viewer, titles, surface="other", now=timezone.now())
    entries = [(title, chosen.picture(title)) for title in titles]
    return show(request, "catalog/hidden.html", {"entries": entries}, titles=titles)


@viewer_required
@limited("opinions")
@require_POST
def set_listed(request: ViewerRequest, slug: str) -> HttpResponse:
    title, now = _title(request, slug), timezone.now()
    if _wanted(request, "listed"):
        opinions.put_on_list(request.viewer, title, now=now)
        return _done(request, title, _("Added to your list."))
    opinions.take_off_list(request.viewer, title)
    return _done(request, title, _("Removed from your list."))


@viewer_required
@limited("opinions")
@require_POST
def set_rating(request: ViewerRequest, slug: str) -> HttpResponse:
    title, value = _title(request, slug), request.POST.get("rating", "")
    try:
        opinions.rate(request.viewer, title, value, now=timezone.now())
    except opinions.OpinionRefused as refusal:
        raise BadRequest(str(refusal)) from refusal
    return _done(request, title, _("Rated.") if value else _("Your rating was removed."))


@viewer_required
@limited("opinions")
@require_POST
def set_hidden(request: ViewerRequest, slug: str) -> HttpResponse:
    title = _title(request, slug)
    if _wanted(request, "hidden"):
        opinions.hide(request.viewer, title, now=timezone.now())
        return _done(request, title, _("Hidden from this profile’s rows, browsing and search."))
    opinions.unhide(request.viewer, title)
    return _done(request, title, _("No longer hidden."))


@viewer_required
@limited("opinions")
@require_POST
def set_aside(request: ViewerRequest, slug: str) -> HttpResponse:
    title = _title(request, slug)
    if _wanted(request, "aside"):
        opinions.put_aside(request.viewer, title, now=timezone.now())
        said = _("Removed from Continue watching. It comes back when you play it again.")
        return _done(request, title, said)
    opinions.take_up(request.viewer, title)
    return _done(request, title, _("Back in Continue watching."))


@viewer_required
@limited("opinions")
@require_POST
def set_watched(request: ViewerRequest, slug: str) -> HttpResponse:
    """Mark a film, an episode (`season`, `number`), a season (`season`), or a whole series."""
    title, watched = _title(request, slug), _wanted(request, "watched")
    try:
        opinions.mark_watched(
            request.viewer,
            title,
            episodes=_named_episodes(request, title),
            watched=watched,
            now=timezone.now(),
        )
    except opinions.OpinionRefused as refusal:
        raise BadRequest(str(refusal)) from refusal
    said = _("Marked as watched.") if watched else _("Marked as not watched.")
    return trigger_client_event(_done(request, title, said), WATCHING_CHANGED)


def _named_episodes(request: ViewerRequest, title: Title) -> list[Episode] | None:
    """Return the episodes that a form names: without numbers, all regular ones; None for a film."""
    if title.kind != Title.Kind.SERIES:
        return None
    season, number = _number(request, "season"), _number(request, "number")
    named = episodes_named(episodes_of([title.pk]).get(title.pk, []), season, number)
    if not named:
        raise Http404
    return named


def _number(request: ViewerRequest, name: str) -> int | None:
    said = request.POST.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS):
        raise Http404
    return int(said)


def _title(request: ViewerRequest, slug: str) -> Title:
    return get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)


def _wanted(request: ViewerRequest, name: str) -> bool:
    value = request.POST.get(name)
    if value not in {"0", "1"}:
        raise BadRequest("The form names no state.")
    return value == "1"


def _done(request: ViewerRequest, title: Title, said: str) -> HttpResponse:
    place = request.POST.get("place", "")
    if not request.htmx or place not in PLACES:
        messages.success(request, said)
        return redirect(safe_next(request, fallback="catalog:home"))
    if place == "episode":
        return HttpResponse(status=204)
    if place == "billboard":
        listed = opinion_of(request.viewer, title).listed
        context: dict[str, object] = {"title": title, "listed": listed}
        return show(request, "catalog/_listed.html", context, titles=[title])
    context = _context(request, title, place=place) | {"said": said}
    return show(request, "catalog/_opinion.html", context, titles=[title])


def _context(request: ViewerRequest, title: Title, *, place: str) -> dict[str, object]:
    """Return what `_opinion.html` shows of a title."""
    opinion = opinion_of(request.viewer, title)
    return {
        "title": title,
        "opinion": opinion,
        "place": place,
        "title_watched": bool(tile_marks(request.viewer, [title.pk]).watched),
        "continues": place == "menu" and (opinion.aside or _is_begun(request, title)),
    }


def _is_begun(request: ViewerRequest, title: Title) -> bool:
    is_series = title.kind == Title.Kind.SERIES
    episodes = episodes_of([title.pk]).get(title.pk, []) if is_series else []
    return progress_in(request.viewer, title, episodes) is not None
