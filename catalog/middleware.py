"""Puts the current viewer on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SESSION_KEY = "viewer"


class CurrentViewerMiddleware:
    """Sets `request.viewer`: the account's chosen profile, or None. Read lazily."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
