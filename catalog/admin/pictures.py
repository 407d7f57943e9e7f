"""How the admin shows artwork."""

from django.utils.html import format_html

from catalog.models import Artwork
from catalog.views.pictures import picture_of


def thumbnail(artwork: Artwork, *, width: int = 160) -> str:
    """Return the artwork as a small image, with its description as the alternative text."""
    picture = picture_of(artwork)
    if picture is None:
        return "—"
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}px" alt="{}" width="{}" height="{}" loading="lazy">',
        picture.src,
        picture.srcset,
        width,
        picture.alt,
        width,
        width * 9 // 16,
    )
