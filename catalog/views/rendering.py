"""Renders the pages of a viewer."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from catalog.models import Title
from catalog.requests import ViewerRequest


def show(
    request: ViewerRequest, template: str, context: dict[str, Any], *, titles: Iterable[Title]
) -> HttpResponse:
    """Render a page that shows `titles`. If any of them or the viewer is synthetic, it says so.

    The page is personal, so shared caches may not keep it. The same URL gives
    htmx a part of the page and a browser the whole page.
    """
    synthetic = request.viewer.synthetic or any(title.synthetic for title in titles)
    response = render(request, template, context | {"synthetic": synthetic})
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, HX-Request"
    return response
