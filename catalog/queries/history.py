"""The watch history of a viewer."""

from django.core.paginator import Page, Paginator

from catalog.models import Viewer, WatchEvent

PAGE_LENGTH = 40


def history_of(viewer: Viewer, *, page: str | int) -> Page[WatchEvent]:
    """Return one page of plays, newest first.

    Only plays of titles that the viewer may see now are listed.
    """
    plays = WatchEvent.objects.filter(viewer=viewer).visible_to(viewer)
    plays = plays.select_related("title", "episode__season").order_by("-started_at", "-pk")
    return Paginator(plays, PAGE_LENGTH).get_page(page)
