"""What browsers fetch on their own: the manifest, the service worker, its page, robots.txt.

None of it is about a person, and none of it reads the session.
"""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.parental import open_to_limited

INK = "#0e0b08"
ICONS = [
    ("icons/marquee-192.png", "192x192", "any"),
    ("icons/marquee-512.png", "512x512", "any"),
    ("icons/marquee-maskable-512.png", "512x512", "maskable"),
]
# What the page without a connection is made of; the worker keeps these and nothing else.
OFFLINE_FILES = [
    "css/site.css",
    "fonts/big-shoulders-display-latin-wght-normal.woff2",
    "fonts/hanken-grotesk-latin-wght-normal.woff2",
]
# Pages that need an account, or are for programs.
NOT_FOR_ROBOTS = ["/account/", "/admin/", "/api/", "/studio/", "/styleguide/", "/media/", "/watch/"]


@open_to_limited
@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Say how the site looks when it is installed."""
    described = {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "description": gettext("Films and series whose pictures are chosen for you, and why."),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": INK,
        "theme_color": INK,
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(described, content_type="application/manifest+json")


@open_to_limited
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the worker from the root, which is its scope."""
    files = [static(name) for name in OFFLINE_FILES]
    # The files' names hold their digests, so other files make another version.
    version = hashlib.sha256(" ".join(files).encode()).hexdigest()[:12]
    return render(
        request,
        "catalog/service-worker.js",
        {"files": files, "version": version},
        content_type="text/javascript",
    )


@open_to_limited
@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that stands for every other while there is no connection.

    It is kept for whoever uses the device, so it is in nobody's look: dark (docs/decisions/0043).
    """
    return render(request, "catalog/offline.html", {"viewer": None})


@open_to_limited
@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Name what search engines may leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
