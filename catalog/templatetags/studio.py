"""What the studio's templates need."""

from django import template

from catalog.models import Artwork
from catalog.views.pictures import Picture, picture_of

register = template.Library()


@register.filter
def picture(artwork: Artwork | None) -> Picture | None:
    """Return the picture of an artwork in all its sizes."""
    return picture_of(artwork) if artwork else None
