"""What the menu of a title's picture shows: the picture, how it came about, what can be done."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from catalog.models import Title, Viewer
from personalization.features.artworks import index_at
from personalization.models import Keep
from personalization.models.journal import Standing
from personalization.serving import windows
from personalization.serving.chooser import choose_in_window
from personalization.serving.keeping import available_of


@dataclass(frozen=True, slots=True)
class PictureState:
    """A title's picture for one viewer, at present.

    Attributes:
        artwork_id: the one shown; None where the title has none.
        keep: the viewer's order for the title, if there is one.
        honoured: whether the picture shown is the one that the order asks for.
        available: the pictures that the title has to show.
        standing: who the viewer is to the choice; empty where there is no picture.
    """

    artwork_id: int | None
    keep: Keep | None
    honoured: bool
    available: tuple[int, ...]
    standing: str

    @property
    def others(self) -> int:
        """Return how many other pictures the title has."""
        return max(len(self.available) - 1, 0)

    @property
    def is_kept(self) -> bool:
        return self.honoured and self.keep is not None and self.keep.kind == Keep.Kind.KEPT

    @property
    def is_other(self) -> bool:
        return self.honoured and self.keep is not None and self.keep.kind == Keep.Kind.OTHER

    @property
    def is_standard(self) -> bool:
        return self.honoured and self.keep is not None and self.keep.kind == Keep.Kind.STANDARD

    @property
    def is_withdrawn(self) -> bool:
        """Say whether the viewer keeps a picture that can no longer be shown."""
        return self.keep is not None and not self.honoured


def picture_state(viewer: Viewer, title: Title, *, now: datetime) -> PictureState:
    """Return what a viewer sees of a title, and by whose choice."""
    pinned = windows.current(viewer, now=now)
    decided = choose_in_window(viewer, pinned, np.array([title.pk]))
    keep = Keep.objects.filter(viewer=viewer, title=title).first()
    if not decided:
        return PictureState(None, keep, honoured=False, available=(), standing="")
    choice = decided[0]
    index = index_at(pinned.revision)
    available = index.artwork_ids[available_of(index, title.pk)]
    return PictureState(
        choice.artwork_id,
        keep,
        honoured=choice.standing == Standing.KEEPS,
        available=tuple(map(int, available)),
        standing=choice.standing,
    )


def keeps_of(viewer: Viewer) -> list[Keep]:
    """Return the viewer's orders on titles that they may see, newest first."""
    return list(
        Keep.objects.filter(viewer=viewer, title__in=Title.objects.visible_to(viewer))
        .select_related("title", "artwork")
        .order_by("-chosen_at", "-pk")
    )
