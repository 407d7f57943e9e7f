"""The menu of a title's picture, and the orders that it sends."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Title
from catalog.requests import ViewerRequest
from catalog.views.guards import safe_next, viewer_required
from catalog.views.limits import limited
from catalog.views.pictures import pictures
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork
from personalization.actions import keeping
from personalization.serving.picture_state import keeps_of, picture_state

MOST_DIGITS = 18  # of an artwork's number


@viewer_required
@require_safe
def picture(request: ViewerRequest, slug: str) -> HttpResponse:
    """Show a title's picture and what the viewer can do about it; to htmx, the menu alone."""
    return _menu(request, _title(request, slug))


@viewer_required
@limited("pictures")
@require_POST
def keep(request: ViewerRequest, slug: str) -> HttpResponse:
    return _order(
        request,
        slug,
        lambda title: keeping.keep_picture(
            request.viewer, title, _artwork(request), now=timezone.now()
        ),
        gettext("You keep this picture."),
    )


@viewer_required
@limited("pictures")
@require_POST
def another(request: ViewerRequest, slug: str) -> HttpResponse:
    return _order(
        request,
        slug,
        lambda title: keeping.show_another(
            request.viewer, title, instead_of=_artwork(request) or None, now=timezone.now()
        ),
        gettext("Here is another picture."),
    )


@viewer_required
@limited("pictures")
@require_POST
def standard(request: ViewerRequest, slug: str) -> HttpResponse:
    return _order(
        request,
        slug,
        lambda title: keeping.use_standard(request.viewer, title, now=timezone.now()),
        gettext("You use the standard picture."),
    )


@viewer_required
@limited("pictures")
@require_POST
def again(request: ViewerRequest, slug: str) -> HttpResponse:
    return _order(
        request,
        slug,
        lambda title: keeping.choose_again(request.viewer, title),
        gettext("Your choice was taken back."),
    )


@viewer_required
@require_safe
def chosen(request: ViewerRequest) -> HttpResponse:
    """List the pictures that the viewer chose, and say which were withdrawn."""
    keeps = keeps_of(request.viewer)
    titles = [kept.title for kept in keeps]
    shown = choose_artwork(request.viewer, titles, surface="other", now=timezone.now())
    entries = [(kept, shown.tile(kept.title, origin="title")) for kept in keeps]
    context = {"entries": entries}
    return show(request, "personalization/rights/chosen.html", context, titles=titles)


def _title(request: ViewerRequest, slug: str) -> Title:
    return get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)


def _artwork(request: ViewerRequest) -> int:
    """Return the artwork that a form names; 0, which is none, where it names no number."""
    named = request.POST.get("artwork", "")
    is_number = named.isascii() and named.isdigit() and len(named) <= MOST_DIGITS
    return int(named) if is_number else 0


def _order(
    request: ViewerRequest, slug: str, order: Callable[[Title], object], done: str
) -> HttpResponse:
    """Carry an order out, and show the menu again (to htmx), or the page that it came from."""
    title = _title(request, slug)
    refused = ""
    try:
        order(title)
    except keeping.KeepRefused as refusal:
        refused = str(refusal)
    if request.htmx:
        return _menu(request, title, said=refused or done, refused=bool(refused))
    if refused:
        messages.error(request, refused)
    else:
        said = gettext("%(title)s: %(done)s")
        messages.success(request, said % {"title": title.name, "done": done})
    if "next" in request.POST:
        return redirect(safe_next(request, fallback="catalog:home"))
    return redirect(reverse("personalization:picture", args=[title.slug]))


def _menu(
    request: ViewerRequest, title: Title, *, said: str = "", refused: bool = False
) -> HttpResponse:
    state = picture_state(request.viewer, title, now=timezone.now())
    shown = pictures([state.artwork_id]) if state.artwork_id else {}
    context = {
        "title": title,
        "state": state,
        "picture": shown.get(state.artwork_id or 0),
        "said": said,
        "refused": refused,
    }
    name = "_menu" if request.htmx else "picture"
    return show(request, f"personalization/rights/{name}.html", context, titles=[title])
