"""Which language and time zone a page is in.

Viewers' pages are in the profile's language, else in the one that the visitor chose, else in the
browser's. Times are in the browser's zone, which static/js/zone.js tells by a cookie. Staff's
pages, the API and everything outside a request (jobs, commands) are in English and UTC: records
read the same for everybody.
"""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from catalog.parental import open_to_limited
from catalog.requests import viewer_in

ZONE_COOKIE = "zone"
# What begins so is no viewer's page. It is in English, and reads no profile for the language.
ENGLISH = (
    "/admin/",
    "/studio/",
    "/styleguide/",
    "/api/",
    "/media/",
    "/metrics",
    "/healthz",
    "/readyz",
)
TRANSLATED = ("text/html", "text/plain", "application/manifest+json")
GetResponse = Callable[[HttpRequest], HttpResponse]


class BrowserMiddleware:
    """Turns on the language and the time zone that the browser names.

    Raised errors are answered within it, so that their pages are in the language too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_english(request):
            with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
                return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language), timezone.override(zone_of(request)):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith(TRANSLATED):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class ProfileMiddleware:
    """Turns on the language that the chosen profile names; the browser's stays if it names none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = None if _is_english(request) else viewer_in(request)
        language = viewer.language if viewer else ""
        if language not in dict(settings.LANGUAGES):
            return self.get_response(request)
        with translation.override(language):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith(TRANSLATED):
            response.headers.setdefault("Content-Language", language)
        return response


@open_to_limited
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the visitor's language in a cookie, and go back to the page, if it is of this site."""
    return set_language(request)


def zone_of(request: HttpRequest) -> ZoneInfo | None:
    """Return the time zone that the browser named, or None for one that does not exist."""
    named = request.COOKIES.get(ZONE_COOKIE, "")
    return ZoneInfo(named) if named in _zones() else None


def _is_english(request: HttpRequest) -> bool:
    return request.path_info.startswith(ENGLISH)


@cache
def _zones() -> frozenset[str]:
    """Return the names of all zones: read once, since it opens hundreds of files."""
    return frozenset(available_timezones())
