"""Serves renditions, and draws those that are drawn when they are first asked for."""

import mimetypes
import re

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.views.decorators.http import require_safe

from catalog.actions.drawn_cards import open_rendition
from catalog.drawing.cards import digest_in
from catalog.parental import open_to_limited

# The names that the upload path gives: a folder, and the digest of the bytes.
RENDITION = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.(webp|avif|jpg|png)")


@open_to_limited
@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send one rendition, to anybody, to be kept for ever.

    Its name is the digest of its bytes or, where it is drawn, of all that decides what is drawn.
    """
    if not (RENDITION.fullmatch(name) or (digest_in(name) and name.endswith(".webp"))):
        raise Http404
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{name.rpartition("/")[2].partition(".")[0]}"',
        # A page has dozens of pictures: the policy that fits them is shorter than that of pages.
        "Content-Security-Policy": "default-src 'none'",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    try:
        file = open_rendition(name)
    except FileNotFoundError as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(file, content_type=kind, headers=headers)
    del response.headers["Content-Disposition"]  # It repeats the name in the address.
    return response
