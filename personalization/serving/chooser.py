"""The catalogue's chooser. It takes one query a page once a window is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from catalog.choosing import Choice
from catalog.models import Title, Viewer
from personalization.bandit.arrays import Ints
from personalization.bandit.model import Model
from personalization.features.artworks import ArtworkIndex, index_at
from personalization.models import Window
from personalization.models.journal import Policy
from personalization.serving import deciding, tokens, windows
from personalization.serving.draw_key import draw_key
from personalization.serving.models import ModelUnusable, scoring
from personalization.serving.standing import standing_of


class PersonalChooser:
    """Chooses from viewing history, under the model that the viewer's window pinned."""

    def choose(
        self, viewer: Viewer, titles: Sequence[Title], *, surface: str, now: datetime
    ) -> Mapping[int, Choice]:
        """See `catalog.choosing.Chooser`."""
        pinned = windows.current(viewer, now=now)
        position = {title.pk: at for at, title in enumerate(titles)}
        decided = choose_in_window(viewer, pinned, np.fromiter(position, np.int64))
        return {
            choice.title_id: Choice(
                choice.artwork_id,
                # The editor's default is not reported, and not learnt from.
                ""
                if choice.policy == Policy.DEFAULT
                else tokens.pack(
                    pinned.window.pk,
                    choice,
                    surface=surface,
                    position=position[choice.title_id],
                ),
            )
            for choice in decided
        }


def choose_in_window(
    viewer: Viewer, pinned: windows.Pinned, title_ids: Ints
) -> list[deciding.Decided]:
    """Decide for distinct titles in a window that is open."""
    index = index_at(pinned.revision)
    return deciding.decide(page_of(index, viewer, pinned, title_ids), index, key=draw_key())


def page_of(
    index: ArtworkIndex, viewer: Viewer, pinned: windows.Pinned, title_ids: Ints
) -> deciding.Page:
    """Return a page of distinct titles in a window that is open, ready to be decided."""
    model, broken = model_of(pinned.window, index)
    standing = standing_of(viewer, history_length=pinned.state.history_length)
    return deciding.Page(
        slate=deciding.slate(index, title_ids, opened_at=pinned.window.opened_at.timestamp()),
        state=pinned.state,
        model=model,
        standing=standing,
        policy=deciding.policy_for(standing, model=model, broken=broken),
        viewer=viewer.public_id.bytes,
        window_key=pinned.window.key,
    )


def model_of(window: Window, index: ArtworkIndex) -> tuple[Model | None, bool]:
    """Return the window's model if it can be used, and whether it has one that cannot."""
    if window.model is None:
        return None, False
    try:
        return scoring(window.model, index), False
    except ModelUnusable:
        return None, True
