"""Erase a viewer's history, with ten seconds to undo it, and ask for a copy of the data."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from catalog.clocks import CLOCKS_DIFFER
from catalog.models import PutAside, Viewer, WatchedMark
from personalization.models import (
    DataCopy,
    Decision,
    Erasure,
    HistoryErasure,
    Impression,
    Window,
)

UNDO = timedelta(seconds=10)
KEPT = timedelta(days=1)  # an archive
STATES = DataCopy.State


@transaction.atomic
def ask_to_erase_history(viewer: Viewer, *, now: datetime) -> HistoryErasure:
    """Erase the history in ten seconds. Asked twice, the first order stands. Locks the viewer."""
    _lock(viewer)
    waiting = HistoryErasure.objects.filter(viewer=viewer, done_at=None).first()
    return waiting or HistoryErasure.objects.create(viewer=viewer, asked_at=now, due_at=now + UNDO)


@transaction.atomic
def undo_erasure(viewer: Viewer, *, now: datetime) -> bool:
    """Take an order back that is not due yet; return whether there was one. Locks the viewer."""
    _lock(viewer)
    waiting = HistoryErasure.objects.filter(
        viewer=viewer, done_at=None, due_at__gt=now, due_at__lte=now + UNDO + CLOCKS_DIFFER
    )
    return bool(waiting.delete()[0])


def carry_out_due(*, now: datetime, viewer: Viewer | None = None) -> int:
    """Erase every history whose ten seconds are over (of one viewer, if named); return how many.

    Each is one transaction, so that a killed worker leaves it whole or undone.
    """
    # An order dated too far ahead was dated by a wrong clock: it is due.
    over = Q(due_at__lte=now) | Q(due_at__gt=now + UNDO + CLOCKS_DIFFER)
    due = HistoryErasure.objects.filter(over, done_at=None)
    if viewer is not None:
        due = due.filter(viewer=viewer)
    return sum(_carry_out(pk, now=now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _carry_out(pk: int, *, now: datetime) -> bool:
    """Erase plays and marks, windows and the journal's rows, and owe the erasure from sealed days.

    The list, ratings, hidden titles and kept pictures stay: they are no history.

    Locks the viewer first, as everything does that writes for a viewer.
    """
    named = HistoryErasure.objects.filter(pk=pk, done_at=None).first()
    if named is None:
        return False
    viewer = Viewer.objects.select_for_update(no_key=True).filter(pk=named.viewer_id).first()
    order = HistoryErasure.objects.select_for_update().filter(pk=pk, done_at=None).first()
    if viewer is None or order is None:
        return False
    decisions = Decision.objects.filter(viewer=viewer)
    Impression.objects.filter(decision__in=decisions.values("pk")).delete()
    order.decisions, _ = decisions.delete()
    order.windows, _ = Window.objects.filter(viewer=viewer).delete()
    order.plays = viewer.watch_events.count()
    viewer.watch_events.all().delete()
    WatchedMark.objects.filter(viewer=viewer).delete()
    PutAside.objects.filter(viewer=viewer).delete()
    order.done_at = now
    order.save()
    Erasure.objects.get_or_create(
        public_id=viewer.public_id, defaults={"viewer_id": viewer.pk, "asked_at": now}
    )
    return True


@transaction.atomic
def ask_for_copy(viewer: Viewer, *, rows_expected: int, now: datetime) -> DataCopy:
    """Ask for a copy. While one is being made, it stands. Older ones are deleted."""
    _lock(viewer)
    copies = DataCopy.objects.filter(viewer=viewer)
    making = copies.filter(state__in=[STATES.WAITING, STATES.MAKING]).first()
    if making is not None:
        return making
    copies.delete()
    return DataCopy.objects.create(viewer=viewer, rows_expected=rows_expected, asked_at=now)


def forget_old_copies(*, now: datetime) -> int:
    """Delete the archives that are older than a day, and those that a clock ahead dated."""
    old = Q(asked_at__lt=now - KEPT) | Q(asked_at__gt=now + CLOCKS_DIFFER)
    removed, _ = DataCopy.objects.filter(old).delete()
    return removed


def _lock(viewer: Viewer) -> None:
    Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).first()
