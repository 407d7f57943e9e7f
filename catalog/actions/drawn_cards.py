"""Artwork that is drawn when it is first asked for: its description now, its files later.

A request can draw only what is described in the catalogue, each picture once, and one process at a
time draws it. A process that is killed while it draws leaves no file under a name that is served.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from catalog.artwork.renditions import Prepared
from catalog.drawing.cards import (
    FOCAL,
    SIZE,
    WIDTHS,
    Card,
    digest_in,
    draw,
    make,
    original_name,
    placeholder,
    rendition_name,
)
from catalog.drawing.processes import drawing_pool
from catalog.models import DrawnCard

DrawnSoFar = Callable[[int, int], None]  # (pictures done, of how many)
BATCH = 5_000
WORTH_A_POOL = 40  # a worker takes about as long to start as this many pictures take


def describe(cards: Iterable[Card]) -> dict[Card, dict[str, Any]]:
    """Keep what the cards show, and return the fields of `Artwork` that describe their files.

    The perceptual hash stays empty: nothing is there to look alike.
    """
    digests = {card: card.digest for card in set(cards)}
    DrawnCard.objects.bulk_create(
        (DrawnCard(digest=digest, card=asdict(card)) for card, digest in digests.items()),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return {card: _fields(card, digest) for card, digest in digests.items()}


def _fields(card: Card, digest: str) -> dict[str, Any]:
    across, down = SIZE
    return {
        "original": original_name(digest),
        "sha256": digest,
        "perceptual_hash": "",
        "width": across,
        "height": down,
        "focal_x": FOCAL[0],
        "focal_y": FOCAL[1],
        "placeholder": placeholder(card.genre),
        "renditions": [
            {
                "width": width,
                "height": width * down // across,
                "format": "webp",
                "name": rendition_name(digest, width),
            }
            for width in WIDTHS
        ],
    }


def open_rendition(name: str) -> File:  # type: ignore[type-arg]
    """Open a stored rendition; one that is named after a card is drawn first if it is not there.

    Raises FileNotFoundError where there is neither such a file nor such a card.
    """
    try:
        return default_storage.open(name)
    except FileNotFoundError:
        digest = digest_in(name)
        if digest is None:
            raise
    _draw_once(digest)
    return default_storage.open(name)


def original_of(name: str) -> bytes | None:
    """Draw the original of that name anew, or return None where it is a file of its own.

    Raises FileNotFoundError where it is named after a card that nobody has described.
    """
    digest = digest_in(name)
    return None if digest is None else draw(_card(digest))


def draw_missing(progress: DrawnSoFar, *, workers: int | None = None) -> int:
    """Draw, on all cores, every described picture that has no files yet; return how many."""
    cards = [
        (digest, Card(**card))
        for digest, card in DrawnCard.objects.order_by("pk").values_list("digest", "card")
        if not _is_drawn(digest)
    ]
    progress(0, len(cards))
    drawn = _drawn([card for _, card in cards], workers)
    for done, ((digest, _), prepared) in enumerate(zip(cards, drawn, strict=True), start=1):
        with _drawing(digest):
            if not _is_drawn(digest):
                _store(digest, prepared)
        progress(done, len(cards))
    return len(cards)


def _drawn(cards: list[Card], workers: int | None) -> Iterator[Prepared]:
    workers = workers or os.cpu_count() or 1
    if workers == 1 or len(cards) < WORTH_A_POOL:
        yield from map(make, cards)
        return
    with drawing_pool(workers) as pool:
        yield from pool.map(make, cards, chunksize=16)


def _draw_once(digest: str) -> None:
    card = _card(digest)
    with _drawing(digest):
        # Whoever waited for the lock finds the picture there.
        if not _is_drawn(digest):
            _store(digest, make(card))


@contextmanager
def _drawing(digest: str) -> Iterator[None]:
    """Hold the only right to draw one card, on all machines; it ends with the connection."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draw {digest}"])
        yield


def _card(digest: str) -> Card:
    described = DrawnCard.objects.filter(pk=digest).values_list("card", flat=True).first()
    if described is None:
        raise FileNotFoundError(f"No picture is described by {digest}.")
    return Card(**described)


def _is_drawn(digest: str) -> bool:
    return all(default_storage.exists(rendition_name(digest, width)) for width in WIDTHS)


def _store(digest: str, prepared: Prepared) -> None:
    for rendition in prepared.renditions:
        _store_whole(rendition_name(digest, rendition.width), rendition.data)


def _store_whole(name: str, data: bytes) -> None:
    """Store a file so that its name never stands for a part of it."""
    if default_storage.exists(name):
        return
    try:
        target = default_storage.path(name)
    except NotImplementedError:  # a bucket: an object is there whole or not at all
        default_storage.save(name, ContentFile(data))
        return
    part = f"{name}.part"
    default_storage.delete(part)  # of a process that was killed
    default_storage.save(part, ContentFile(data))
    Path(default_storage.path(part)).replace(target)
