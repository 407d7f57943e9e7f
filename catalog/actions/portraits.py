"""Give a profile a picture of its own, and take it away."""

import hashlib
from io import BytesIO

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageOps

from catalog.artwork.inspection import PORTRAIT, decode
from catalog.models import Portrait, Viewer

SIDE = 320  # pixels: more than the largest avatar needs on a fine screen
QUALITY = 82


def set_portrait(viewer: Viewer, data: bytes, *, name: str = "", content_type: str = "") -> Viewer:
    """Store an uploaded picture in place of the one before. The caller has checked whose it is.

    The file passes the inspection of artwork. What is kept is its middle, square and encoded anew,
    so that nothing else of the file is: no place, no camera, no original.

    Raises:
        ArtworkRefused: says what is wrong with the file. Nothing is changed then.
    """
    _, image = decode(
        data,
        max_bytes=settings.MAX_UPLOAD_BYTES,
        max_pixels=settings.MAX_UPLOAD_PIXELS,
        name=name,
        content_type=content_type,
        shape=PORTRAIT,
    )
    webp = _square(image)
    with transaction.atomic():
        viewer.figure, viewer.picture = "", hashlib.sha256(webp).hexdigest()[:32]
        viewer.save(update_fields=["figure", "picture"])
        Portrait.objects.update_or_create(viewer=viewer, defaults={"webp": webp})
    return viewer


@transaction.atomic
def drop_portrait(viewer: Viewer) -> None:
    """Delete the picture that a person uploaded for this profile."""
    Portrait.objects.filter(viewer=viewer).delete()
    viewer.picture = ""
    viewer.save(update_fields=["picture"])


def _square(image: Image.Image) -> bytes:
    # A face is rather above the middle.
    small = ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    file = BytesIO()
    small.save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()
