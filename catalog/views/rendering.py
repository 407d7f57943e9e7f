"""How a viewer's page is rendered."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from catalog.models import Title
from catalog.requests import ViewerRequest


def show(
    request: ViewerRequest, template: str, context: dict[str, Any], *, titles: Iterable[Title]
) -> HttpResponse:
    """Render a page that shows `titles`; where any of them, or the viewer, is invented, it says so.

    The page is a person's own: nobody between may keep it, and the same address
    gives htmx a part where it gives a browser the whole.
    """
    synthetic = request.viewer.synthetic or any(title.synthetic for title in titles)
    response = render(request, template, context | {"synthetic": synthetic})
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, HX-Request"
    return response
