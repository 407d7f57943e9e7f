"""Remove a title from a viewer's history, and stop choosing by it with the next page."""

from datetime import datetime

from django.db import transaction

from catalog.actions.watching import remove_from_history
from catalog.models import Title, Viewer
from personalization.models import Window


@transaction.atomic
def forget_title(viewer: Viewer, title: Title, *, now: datetime) -> int:
    """Remove all plays of a title, and end the window that was made from them.

    Locks the viewer's row. Returns how many plays there were.
    """
    removed = remove_from_history(viewer, title=title)
    end_windows(viewer, now=now)
    return removed


def end_windows(viewer: Viewer, *, now: datetime) -> None:
    """End the viewer's windows, so that the next page chooses from what is known then."""
    Window.objects.filter(viewer=viewer, released_at__isnull=True).update(released_at=now)
