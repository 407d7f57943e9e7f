"""The files of an artwork: the original, kept and never served, and its renditions."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages

from catalog.actions.drawn_cards import original_of
from catalog.artwork.renditions import Prepared, prepare
from catalog.models import Artwork


def store(prepared: Prepared) -> dict[str, Any]:
    """Store a prepared picture's files, and return the fields of `Artwork` that describe them."""
    facts = prepared.facts
    original = _put(
        storages["originals"],
        f"{facts.sha256[:2]}/{facts.sha256}{facts.suffix}",
        prepared.original,
    )
    return {
        "original": original,
        "sha256": facts.sha256,
        "perceptual_hash": prepared.perceptual_hash,
        "width": facts.width,
        "height": facts.height,
        **_crop(prepared),
    }


def read_original(artwork: Artwork) -> bytes:
    """Return the file as it was uploaded, or as it is drawn. Raises FileNotFoundError if lost."""
    name = str(artwork.original.name)
    drawn = original_of(name)
    if drawn is not None:
        return drawn
    with storages["originals"].open(name, "rb") as file:
        return bytes(file.read())


def recrop(artwork: Artwork, focal: tuple[float, float]) -> dict[str, Any]:
    """Store renditions around another focal point, and return the fields that describe them."""
    if focal == (artwork.focal_x, artwork.focal_y):
        return {}
    return _cropped(artwork, focal)


def crop_again(artwork: Artwork) -> dict[str, Any]:
    """Store the renditions anew, as they are made today, and return the fields that describe them.

    Raises FileNotFoundError if the original is lost, and ArtworkRefused if it is damaged.
    """
    return _cropped(artwork, (artwork.focal_x, artwork.focal_y))


def _cropped(artwork: Artwork, focal: tuple[float, float]) -> dict[str, Any]:
    data = read_original(artwork)
    # The file was accepted once, so limits that were lowered since do not count.
    prepared = prepare(
        data, focal=focal, max_bytes=len(data), max_pixels=artwork.width * artwork.height
    )
    return _crop(prepared)


def _crop(prepared: Prepared) -> dict[str, Any]:
    return {
        "focal_x": prepared.focal[0],
        "focal_y": prepared.focal[1],
        "placeholder": prepared.placeholder,
        "renditions": [
            {
                "width": rendition.width,
                "height": rendition.height,
                "format": rendition.format,
                "name": _put(default_storage, rendition.name, rendition.data),
            }
            for rendition in prepared.renditions
        ],
    }


def _put(storage: Storage, name: str, data: bytes) -> str:
    """Store bytes once, under a name that holds their digest, and return the name.

    A file of this name but another size was left by a writer that was killed; it is replaced.
    """
    if storage.exists(name):
        if storage.size(name) == len(data):
            return name
        storage.delete(name)
    return storage.save(name, ContentFile(data))
