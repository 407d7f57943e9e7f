"""What this app does to every request and response."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from catalog import parental
from catalog.actions.sessions import note_seen
from catalog.models import Viewer
from catalog.parental import SESSION_KEY
from catalog.requests import SiteRequest
from catalog.views.grown_up import ask_grown_up

__all__ = ["SESSION_KEY"]
GetResponse = Callable[[HttpRequest], HttpResponse]


class NoStoreMiddleware:
    """Sends `Cache-Control: no-store` with every response that says nothing else.

    Most responses are about a person. What may be kept (static files,
    renditions, some pages) has its own Cache-Control.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class WellFormedMiddleware:
    """Refuses requests with text that no database column can hold: 400.

    PostgreSQL's text has no NUL character, and UTF-8 has no half of a surrogate
    pair. A body's declared charset must be UTF-8, because others can smuggle
    both in. JSON bodies are checked by `catalog.api.parsing`, forms by their
    fields, and paths by their URL patterns, which match neither.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_well_formed(request):
            raise BadRequest("The request holds text that is not valid Unicode without NUL.")
        return self.get_response(request)


def _is_well_formed(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8")
    texts = [unquote(request.META.get("QUERY_STRING", "")), *request.COOKIES.values()]
    return charset.lower() in {"utf-8", "utf8", "us-ascii"} and all(map(is_storable, texts))


def is_storable(text: str) -> bool:
    """Return whether a text column can hold `text`: no NUL and no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class CurrentViewerMiddleware:
    """Sets `request.viewer`: the account's chosen profile, or nothing.

    Read lazily, like `request.user`, so that a request that needs no viewer
    costs no query. Read it through `catalog.requests.viewer_in`, or test its
    truth; it is never None.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        site_request = cast(SiteRequest, request)
        site_request.viewer = cast(Viewer, SimpleLazyObject(lambda: read_viewer(site_request)))
        return self.get_response(request)


def read_viewer(request: SiteRequest) -> Viewer | None:
    """Read the current viewer, and keep it where pages of errors look for it."""
    request.known_viewer = current_viewer(request)
    return request.known_viewer


def current_viewer(request: HttpRequest) -> Viewer | None:
    """Return the profile that the session names, if it belongs to the signed-in account."""
    if not request.user.is_authenticated:
        return None
    named = request.session.get(SESSION_KEY)
    if not isinstance(named, int):
        return None
    # By account too: the session may have outlived the profile or the sign-in.
    viewer = Viewer.objects.filter(pk=named, account=request.user.pk).first()
    if viewer is not None:
        parental.remember(request, viewer)
    return viewer


class ParentalMiddleware:
    """Asks for a grown-up where a limited profile would leave what is its own; see parental.py."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        return ask_grown_up(request) if parental.refuses(request, view, kwargs) else None


class SeenMiddleware:
    """Notes when a signed-in session was last used, for the page that lists an account's sessions.

    Only requests that may write anything note it, so that no page costs a query more. A page whose
    pictures were seen sends one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and request.user.is_authenticated:
            key = request.session.session_key
            if key:
                note_seen(key, now=timezone.now())
        return response
