"""Arrange the sections of a viewer's home. For a profile that is gone nothing is written."""

from django.db import transaction

from catalog.models import Viewer
from catalog.sections import SECTIONS, in_order, known, moved


class NoSuchSection(ValueError):
    """Home has no section of this name."""


def move_section(viewer: Viewer, name: str, by: int) -> None:
    """Move a section of this viewer's home `by` places down, or up where it is negative.

    The caller has checked that this is the viewer's own request. Locks the viewer's row, so that
    of two moves at once none is lost.
    """
    _check(name)
    with transaction.atomic():
        locked = _lock(viewer)
        if locked is None:
            return
        viewer.home_order = locked.home_order = moved(in_order(locked.home_order), name, by)
        locked.save(update_fields=["home_order"])


def show_section(viewer: Viewer, name: str, *, shown: bool) -> None:
    """Show or hide a section. It keeps its place. May be called and locks like `move_section`."""
    _check(name)
    with transaction.atomic():
        locked = _lock(viewer)
        if locked is None:
            return
        hidden = {*locked.home_hidden, name} - ({name} if shown else set())
        viewer.home_hidden = locked.home_hidden = known(hidden)
        locked.save(update_fields=["home_hidden"])


def reset_sections(viewer: Viewer) -> None:
    """Give a viewer's home the usual sections in the usual order."""
    with transaction.atomic():
        locked = _lock(viewer)
        if locked is None:
            return
        viewer.home_order, viewer.home_hidden = [], []
        locked.home_order, locked.home_hidden = [], []
        locked.save(update_fields=["home_order", "home_hidden"])


def _check(name: str) -> None:
    if name not in SECTIONS:
        raise NoSuchSection(name)


def _lock(viewer: Viewer) -> Viewer | None:
    return Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).first()
