"""Who a viewer is to the choice: decided here, once for each decision, and recorded on it.

The page, the replay, the evaluation of sealed days and "Why this picture?" read what was
decided. A standing that does not depend on the viewer alone (a viewer keeps a picture, a
title is under a campaign) is decided here too, and comes before the others.
"""

from catalog.models import Viewer
from personalization.models.journal import Standing

ENOUGH_HISTORY = 3  # titles; with fewer, the choice is the same for everybody


def standing_of(viewer: Viewer, *, history_length: int) -> Standing:
    """Return a viewer's standing.

    Args:
        viewer: as it is now: opting out takes effect with the next page.
        history_length: how many titles the window's viewer vector was made from.
    """
    if viewer.is_child:
        return Standing.CHILD
    if not viewer.personalised:
        return Standing.OPTED_OUT
    if history_length < ENOUGH_HISTORY:
        return Standing.TOO_NEW
    return Standing.PERSONAL
