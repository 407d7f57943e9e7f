"""Home, and the page on which a viewer arranges its sections."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.actions.home import NoSuchSection, move_section, reset_sections, show_section
from catalog.models import WatchEvent
from catalog.queries.home import home_for
from catalog.requests import ViewerRequest
from catalog.sections import PERSONAL, in_order
from catalog.views.guards import viewer_required
from catalog.views.rendering import show
from catalog.views.shelves import section_name, section_note, shelves_of
from catalog.views.tiles import choose_artwork
from catalog.views.welcome import welcomes_visitors

HOME = WatchEvent.Origin.HOME
STEPS = {"up": -1, "down": 1}


@welcomes_visitors
@viewer_required
@require_safe
def home(request: ViewerRequest) -> HttpResponse:
    now = timezone.now()
    content = home_for(request.viewer, now=now)
    titles = content.titles()
    chosen = choose_artwork(request.viewer, titles, surface="home", now=now)
    # Of whom nothing is known, nothing is left out of the top ten.
    personal = request.viewer.follows_history and request.viewer.history_length > 0
    context = {
        "billboard": chosen.tile(content.billboard, origin=HOME) if content.billboard else None,
        "shelves": shelves_of(content, chosen, personal=personal),
    }
    return show(request, "catalog/home.html", context, titles=titles)


@viewer_required
@require_http_methods(["GET", "HEAD", "POST"])
def sections(request: ViewerRequest) -> HttpResponse:
    """Show the sections of this profile's home, and move, hide or show one of them.

    The viewer changes only the profile that they are in, so no address names another.
    """
    if request.method != "POST":
        return _sections(request, said="", pressed=request.GET.get("pressed", ""))
    said, pressed = _change(request)
    if request.htmx:
        return _sections(request, said=said, pressed="")
    messages.success(request, said)
    return redirect(f"{reverse('catalog:home_sections')}?pressed={pressed}#sections")


def _change(request: ViewerRequest) -> tuple[str, str]:
    """Do what the button orders, such as `up:because`. Return what to say, and the button."""
    order, _colon, name = request.POST.get("order", "").partition(":")
    viewer = request.viewer
    try:
        if order in STEPS:
            move_section(viewer, name, STEPS[order])
        elif order in ("show", "hide"):
            show_section(viewer, name, shown=order == "show")
        elif order == "reset":
            reset_sections(viewer)
            return _("Home has its usual order again."), "reset"
        else:
            raise Http404
    except NoSuchSection as error:
        raise Http404 from error
    if order in ("show", "hide"):
        said = _("%(section)s is shown.") if order == "show" else _("%(section)s is hidden.")
        return said % {"section": section_name(name)}, f"toggle-{name}"
    place = {
        "section": section_name(name),
        "place": in_order(viewer.home_order).index(name) + 1,
    }
    return _("%(section)s is now in place %(place)s.") % place, f"{order}-{name}"


def _sections(request: ViewerRequest, *, said: str, pressed: str) -> HttpResponse:
    viewer = request.viewer
    order = in_order(viewer.home_order)
    context = {
        "sections": [
            {
                "kind": kind,
                "name": section_name(kind),
                "note": section_note(kind),
                "hidden": kind in viewer.home_hidden,
                "absent": kind in PERSONAL and not viewer.follows_history,
            }
            for kind in order
        ],
        "usual": not viewer.home_order and not viewer.home_hidden,
        "said": said,
        "pressed": pressed,
    }
    template = "catalog/_sections.html" if request.htmx else "catalog/sections.html"
    return show(request, template, context, titles=[])
