"""How an artwork becomes a responsive picture."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.storage import default_storage

from catalog.models import Artwork

# What pages need of an artwork; the rest stays in the database.
FIELDS = ("pk", "title_id", "alt", "placeholder", "renditions")
# A picture without `srcset` support gets about this width.
USUAL_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture in all its sizes; `placeholder` is a data: URI that shows until it is there."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    placeholder: str


def picture_of(artwork: Artwork) -> Picture | None:
    """Return the picture of an artwork, or None where it has no renditions yet."""
    sizes = sorted(artwork.renditions, key=lambda size: size["width"])
    if not sizes:
        return None
    usual = next((size for size in sizes if size["width"] >= USUAL_WIDTH), sizes[-1])
    return Picture(
        src=default_storage.url(usual["name"]),
        srcset=", ".join(f"{default_storage.url(size['name'])} {size['width']}w" for size in sizes),
        width=usual["width"],
        height=usual["height"],
        alt=artwork.alt,
        placeholder=artwork.placeholder,
    )


def pictures(artwork_ids: Iterable[int]) -> dict[int, Picture]:
    """Return the pictures of artworks by their ids, in one query."""
    artworks = Artwork.objects.filter(pk__in=list(artwork_ids)).only(*FIELDS)
    made = {artwork.pk: picture_of(artwork) for artwork in artworks}
    return {number: picture for number, picture in made.items() if picture}
