"""What every page can read."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, the current viewer (lazily), and an id of this page view."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        # Left lazy, so that a page that shows no viewer costs no query.
        "viewer": getattr(request, "viewer", None),
        "page_view": uuid4(),
    }
