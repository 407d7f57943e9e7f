"""Template tags of the studio."""

from django import template

from catalog.models import Artwork
from catalog.views.pictures import ResponsivePicture, picture_of

register = template.Library()


@register.simple_tag
def waiting_for_review() -> int:
    """Return the number of artworks that wait for review, for the navigation of every page."""
    return Artwork.objects.filter(state=Artwork.State.PENDING).count()


@register.filter
def picture(artwork: Artwork | None) -> ResponsivePicture | None:
    """Return the picture of an artwork in all its sizes."""
    return picture_of(artwork) if artwork else None
