"""The catalogue's chooser. It takes one query a page once a window is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from catalog.addresses import address_of
from catalog.choosing import Choice
from catalog.models import Title, Viewer
from personalization.bandit.arrays import Ints
from personalization.bandit.model import Model
from personalization.features.artworks import ArtworkIndex, index_at
from personalization.models import Window
from personalization.models.journal import Policy, Standing
from personalization.serving import deciding, tokens, windows
from personalization.serving.draw_key import draw_key
from personalization.serving.keeping import resolved
from personalization.serving.models import ModelUnusable, scoring
from personalization.serving.standing import standing_of

PICTURE_PAGE = "personalization:picture"  # where the viewer decides on a title's picture
WITHDRAWN = _("The picture that you kept was withdrawn, so another one is shown.")


class PersonalChooser:
    """Chooses from viewing history, under the model that the viewer's window pinned.

    A picture that the viewer chose comes before that.
    """

    def choose(
        self, viewer: Viewer, titles: Sequence[Title], *, surface: str, now: datetime
    ) -> Mapping[int, Choice]:
        """See `catalog.choosing.Chooser`."""
        pinned = windows.current(viewer, now=now)
        position = {title.pk: at for at, title in enumerate(titles)}
        slugs = {title.pk: title.slug for title in titles}
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
                page=address_of(PICTURE_PAGE, slugs[choice.title_id]),
                note=_note(choice, pinned),
            )
            for choice in decided
        }


def _note(choice: deciding.Decided, pinned: windows.Pinned) -> str:
    """Say so where the viewer keeps a picture that can no longer be shown."""
    unheeded = choice.title_id in pinned.keeps and choice.standing != Standing.KEEPS
    return gettext(WITHDRAWN) if unheeded else ""


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
        keeps=resolved(pinned.keeps, title_ids, index),
    )


def model_of(window: Window, index: ArtworkIndex) -> tuple[Model | None, bool]:
    """Return the window's model if it can be used, and whether it has one that cannot."""
    if window.model is None:
        return None, False
    try:
        return scoring(window.model, index), False
    except ModelUnusable:
        return None, True
