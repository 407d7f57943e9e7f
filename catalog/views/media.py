"""Serves renditions where no web server or bucket in front of Django does."""

import mimetypes
import re

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.views.decorators.http import require_safe

# The names that the upload path gives: a folder, and the digest of the bytes.
RENDITION = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.(webp|avif|jpg|png)")


@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send one rendition, to anybody, to be kept for ever: its name is its content's digest."""
    if not RENDITION.fullmatch(name):
        raise Http404
    etag = f'"{name[3:67]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": etag}
    return FileResponse(file, content_type=kind, headers=headers)
