"""Give artwork that was uploaded before AVIF came the AVIF files that newer artwork has."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import transaction

from catalog.actions.artwork_files import crop_again
from catalog.artwork.refusals import ArtworkRefused
from catalog.models import Artwork
from catalog.queries.artwork import without_avif

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Made:
    """How many artworks were given AVIF files, and why some were not, by their number."""

    artworks: int = 0
    failed: dict[int, str] = field(default_factory=dict)


def make_missing(
    *, at_most: int | None = None, report: Callable[[int, int], object] = lambda done, of: None
) -> Made:
    """Make the files that are missing, one artwork after another; `report` gets (done, of).

    Each artwork is finished before the next is begun, so that a run that was stopped goes on where
    it was. One that fails is noted and left as it is: its pages show WebP, as before.
    """
    made = Made()
    waiting = without_avif()[:at_most]
    for done, number in enumerate(waiting, 1):
        try:
            made.artworks += _make(number)
        except (ArtworkRefused, OSError, ValueError) as error:
            made.failed[number] = f"{type(error).__name__}: {error}"
            log.warning("avif_failed", artwork=number, error=type(error).__name__)
        report(done, len(waiting))
    return made


def _make(number: int) -> bool:
    artwork = Artwork.objects.filter(pk=number).first()
    if artwork is None:
        return False
    # Before the row is locked: it takes a tenth of a second.
    fields = crop_again(artwork)
    with transaction.atomic():
        locked = Artwork.objects.select_for_update(no_key=True).filter(pk=number).first()
        # An editor may have removed it or moved its centre meanwhile, which makes AVIF files too.
        if locked is None or locked.renditions != artwork.renditions:
            return False
        locked.renditions = fields["renditions"]
        locked.save(update_fields=["renditions"])
    return True
