"""The two pages of the style guide. Staff may see them; for all others they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.actions.viewers import COLOURS, FIGURES
from catalog.views.guards import sign_in_first
from config.styleguide import pieces, verdicts
from config.styleguide.samples import samples
from config.styleguide.tokens import tokens_by_kind

View = Callable[[HttpRequest], HttpResponse]

# The parts of the site's page, in its order: the name in an address, and the heading.
SITE_PARTS = {
    "colours": "Colours",
    "type": "Type",
    "spaces": "Spaces, corners and widths",
    "signs": "Signs",
    "buttons": "Buttons",
    "badges": "Badges, chips and facts",
    "messages": "Messages",
    "forms": "Forms",
    "filters": "Filters",
    "avatars": "Avatars",
    "menus": "Menus and dialogs",
    "hero": "Hero",
    "shelves": "Shelves",
    "tiles": "Tiles",
    "episodes": "Episodes and lists",
    "why": "Why this picture",
    "player": "Player",
    "studio": "Studio",
    "empty": "Nothing there",
}


def staff_only(view: View) -> View:
    """Send a visitor to the sign-in page; answer everybody else who is not staff with 404."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if not request.user.is_staff:
            raise Http404
        return view(request)

    return guarded


@staff_only
@require_safe
@never_cache
def site(request: HttpRequest) -> HttpResponse:
    """Show what the pages of viewers and the Studio are made of."""
    return render(request, "styleguide/site.html", _site())


@staff_only
@require_safe
@never_cache
def staff(request: HttpRequest) -> HttpResponse:
    """Show what the admin is made of, above all how audits show statistics and verdicts."""
    chart = verdicts.chart()
    context = admin.site.each_context(request) | {
        "title": "Style guide",
        "messages": pieces.notes(),
        "rows": verdicts.rows(),
        "chart": chart,
        "drawable": [{"name": chart.name, "centre": chart.centre, "rows": chart.rows}],
        "conditions": verdicts.conditions(),
        "differences": verdicts.differences(),
        "groups": verdicts.groups(),
        "form": verdicts.wrong_judgement(),
        "failed": verdicts.failed_run(),
        "chances": [("№ 1", "0.552"), ("№ 2", "0.303"), ("№ 3", "0.145")],
    }
    return render(request, "styleguide/staff.html", context)


@staff_only
@require_safe
@never_cache
def token_rules(request: HttpRequest) -> HttpResponse:
    """Return a style sheet with a rule for each token that the site's page shows."""
    context = {"tokens": tokens_by_kind()}
    return render(request, "styleguide/tokens.css", context, content_type="text/css")


def _site() -> dict[str, Any]:
    sample = samples()
    return {
        "parts": SITE_PARTS,
        "tokens": tokens_by_kind(),
        "sample": sample,
        "title": sample.first,
        "billboard": sample.billboard(),
        "profiles": pieces.profiles(),
        "notes": pieces.notes(),
        "wrong": pieces.wrong_form(),
        "form": pieces.wrong_profile(),
        "colours": COLOURS,
        "figures": FIGURES,
        "sets_limits": True,
        "speeds": [1],
        "max_megabytes": 20,
        "opinions": pieces.opinions(),
        "state": pieces.picture_state(),
        "synthetic": any(title.synthetic for title in sample.titles),
        **sample.episodes(),
        **sample.explanation(),
        **pieces.filters(),
    }
