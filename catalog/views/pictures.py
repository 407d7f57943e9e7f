"""Turns artwork into responsive pictures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.files.storage import default_storage

from catalog.drawing.cards import digest_in
from catalog.models import Artwork

# The width of `src`, for browsers without `srcset`.
USUAL_WIDTH = 640


class PictureRow(NamedTuple):
    """What pages need of an artwork. A page of a hundred needs no more of each."""

    pk: int
    kind: str
    alt: str
    placeholder: str
    renditions: list[dict[str, Any]]
    original: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ResponsivePicture:
    """One picture in all its sizes. `placeholder` is a data: URI, shown while it loads.

    `srcset` has all sizes, as WebP; `avif` those for tiles, or "" where the picture has none.
    `lettered` says that the title's name can be read in it, so that a page need not repeat it.
    """

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    placeholder: str
    lettered: bool = False
    avif: str = ""


def picture_of(artwork: Artwork | PictureRow, *, folder: str = "") -> ResponsivePicture | None:
    """Return the picture of an artwork, or None if it has no renditions yet.

    `folder` is the address of all pictures, where the caller has it.
    """
    folder = folder or _folder()
    ordered = sorted(artwork.renditions, key=lambda size: size["width"])
    sizes = [size for size in ordered if size["format"] != "avif"]
    if not sizes:
        return None
    usual = next((size for size in sizes if size["width"] >= USUAL_WIDTH), sizes[-1])
    return ResponsivePicture(
        src=folder + usual["name"],
        srcset=_srcset(sizes, folder),
        width=usual["width"],
        height=usual["height"],
        alt=artwork.alt,
        placeholder=artwork.placeholder,
        lettered=_is_lettered(artwork),
        avif=_srcset((size for size in ordered if size["format"] == "avif"), folder),
    )


def _folder() -> str:
    """Return the address of all pictures. Their names are digests, which need no quoting."""
    return default_storage.url("-").removesuffix("-")


def _srcset(sizes: Iterable[dict[str, Any]], folder: str) -> str:
    return ", ".join(f"{folder}{size['name']} {size['width']}w" for size in sizes)


def _is_lettered(artwork: Artwork | PictureRow) -> bool:
    """Say whether the title's name is in the picture, as in most that this program drew.

    Of an editor's own picture it is known only where that is nothing but lettering.
    """
    if artwork.kind == Artwork.Kind.TYPE or artwork.synthetic:
        return True
    is_card = digest_in(str(artwork.original)) is not None
    return is_card and artwork.kind in {Artwork.Kind.LEAD, Artwork.Kind.SUPPORTING}


def pictures(artwork_ids: Iterable[int]) -> dict[int, ResponsivePicture]:
    """Return the pictures of artworks by their ids, in one query."""
    rows = Artwork.objects.filter(pk__in=list(artwork_ids)).order_by()
    folder = _folder()
    read = [PictureRow(*row) for row in rows.values_list(*PictureRow._fields)]
    made = {row.pk: picture_of(row, folder=folder) for row in read}
    return {number: picture for number, picture in made.items() if picture}
