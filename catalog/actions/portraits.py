"""Give a profile a picture of its own, and take it away."""

import hashlib
from io import BytesIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from catalog.artwork import refusals
from catalog.artwork.inspection import PORTRAIT, decode
from catalog.models import Portrait, Viewer

SIDE = 320  # pixels: more than the largest avatar needs on a fine screen
QUALITY = 82
# What a person is told. The inspection's own words are for editors: in English, about artwork.
WORDS = {
    refusals.Empty: _("The file is empty. Choose another picture."),
    refusals.TooLarge: _(
        "The picture is too large: it may have %(megabytes)d MB and %(pixels)d million pixels. "
        "Send it smaller."
    ),
    refusals.NotAPicture: _("This is not a picture. Send a JPEG, PNG, WebP or AVIF file."),
    refusals.WrongFormat: _(
        "Pictures of this format are not accepted. Export it as JPEG, PNG, WebP or AVIF."
    ),
    refusals.Mislabelled: _(
        "The picture's name says another format than it has. Export it again and send that."
    ),
    refusals.Damaged: _(
        "The picture is damaged or was cut off on its way. Export it again and send that."
    ),
    refusals.Animated: _("This picture moves. A portrait stands still: send one frame of it."),
    refusals.WrongColours: _(
        "The picture's colours cannot be shown on a screen. Export it as sRGB, 8 bits a channel."
    ),
    refusals.Transparent: _(
        "Parts of the picture are transparent. Fill its background and send it again."
    ),
    refusals.WrongShape: _(
        "A portrait has at least %(side)d pixels each way, and is at most three times as long "
        "one way as the other. Crop or enlarge the picture."
    ),
}


class PortraitRefused(ValueError):
    """This file cannot stand for a profile. The message is for the person who sent it."""

    @classmethod
    def because(cls, refusal: refusals.ArtworkRefused) -> "PortraitRefused":
        limits = {
            "megabytes": settings.MAX_UPLOAD_BYTES // 1_000_000,
            "pixels": settings.MAX_UPLOAD_PIXELS // 1_000_000,
            "side": PORTRAIT.width,
        }
        return cls(WORDS[type(refusal)] % limits)


def set_portrait(viewer: Viewer, data: bytes, *, name: str = "", content_type: str = "") -> Viewer:
    """Store an uploaded picture in place of the one before. The caller has checked whose it is.

    The file passes the inspection of artwork. What is kept is its middle, square and encoded anew,
    so that nothing else of the file is: no place, no camera, no original.

    Raises:
        PortraitRefused: says what is wrong with the file. Nothing is changed then.
    """
    try:
        _facts, image = decode(
            data,
            max_bytes=settings.MAX_UPLOAD_BYTES,
            max_pixels=settings.MAX_UPLOAD_PIXELS,
            name=name,
            content_type=content_type,
            shape=PORTRAIT,
        )
    except refusals.ArtworkRefused as refusal:
        raise PortraitRefused.because(refusal) from refusal
    webp = _square(image)
    with transaction.atomic():
        # Locked, so that it is not removed in between.
        if not Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).exists():
            raise PortraitRefused(gettext("This profile was removed."))
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
