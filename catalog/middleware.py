"""Puts the current viewer on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from catalog.models import Viewer

SESSION_KEY = "viewer"


class CurrentViewerMiddleware:
    """Sets `request.viewer`: the account's chosen profile, or nothing.

    Read lazily, like `request.user`, so that a request that needs no viewer
    costs no query. Test it by its truth, never by `is None`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: current_viewer(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def current_viewer(request: HttpRequest) -> Viewer | None:
    """Return the profile that the session names, if it is one of the signed-in account's."""
    if not request.user.is_authenticated:
        return None
    named = request.session.get(SESSION_KEY)
    if not isinstance(named, int):
        return None
    # By account too: a session that outlived its profile or its sign-in names nobody.
    return Viewer.objects.filter(pk=named, account=request.user.pk).first()
