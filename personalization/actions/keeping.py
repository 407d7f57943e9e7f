"""Keep a picture, ask for another, use the standard one, or let the system choose again.

Each is an order of the viewer for one title, and replaces the one before. It changes nothing of
what was recorded, and no choice learns from it.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Artwork, Title, Viewer
from personalization.models import Keep

GONE = _("This picture can no longer be shown, so nothing was changed.")
FOREIGN = _("This is not a picture of this title, so nothing was changed.")
ONLY_ONE = _("This title has no other picture.")


class KeepRefused(ValueError):
    """The viewer's order cannot be followed. The message is for the person."""


def keep_picture(viewer: Viewer, title: Title, artwork_id: int, *, now: datetime) -> None:
    """Keep one picture of a title.

    Raises:
        KeepRefused: it was withdrawn, or is not a picture of this title.
    """
    _order(viewer, title, lambda: (Keep.Kind.KEPT, _available(title, artwork_id)), now=now)


def show_another(viewer: Viewer, title: Title, *, instead_of: int | None, now: datetime) -> None:
    """Show the next of a title's pictures after `instead_of`, and the first after the last.

    The page names the picture that it showed, so the same order from two tabs is one step.

    Raises:
        KeepRefused: the title has no other picture.
    """
    _order(viewer, title, lambda: (Keep.Kind.OTHER, _next(title, instead_of)), now=now)


def use_standard(viewer: Viewer, title: Title, *, now: datetime) -> None:
    """Show the title's standard picture, also when an editor makes another one the standard."""
    _order(viewer, title, lambda: (Keep.Kind.STANDARD, None), now=now)


def choose_again(viewer: Viewer, title: Title) -> None:
    """Take the viewer's order back: from the next page on, the system chooses."""
    with transaction.atomic():
        _lock(viewer)
        Keep.objects.filter(viewer=viewer, title=title).delete()


def _order(
    viewer: Viewer,
    title: Title,
    wanted: Callable[[], tuple[str, int | None]],
    *,
    now: datetime,
) -> None:
    """Replace the viewer's order for a title.

    Locks the viewer's row first, so that two devices' orders follow each other, and so that a
    profile is not removed in between.
    """
    with transaction.atomic():
        _lock(viewer)
        kind, artwork_id = wanted()
        Keep.objects.update_or_create(
            viewer=viewer,
            title=title,
            defaults={"kind": kind, "artwork_id": artwork_id, "chosen_at": now},
        )


def _lock(viewer: Viewer) -> None:
    if not Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).exists():
        raise KeepRefused(_("This profile was removed."))


def _available(title: Title, artwork_id: int) -> int:
    """Return the artwork if it may be shown. A lock keeps it until the order is written."""
    found = Artwork.objects.select_for_update(no_key=True).filter(pk=artwork_id, title=title)
    artwork = found.first()
    if artwork is None:
        raise KeepRefused(FOREIGN)
    if artwork.state != Artwork.State.APPROVED:
        raise KeepRefused(GONE)
    return artwork.pk


def _next(title: Title, instead_of: int | None) -> int:
    approved = list(
        Artwork.objects.filter(title=title, state=Artwork.State.APPROVED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    others = [pk for pk in approved if pk != instead_of]
    if not others:
        raise KeepRefused(ONLY_ONE)
    return next((pk for pk in others if instead_of is None or pk > instead_of), others[0])
