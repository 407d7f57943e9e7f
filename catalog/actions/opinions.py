"""Take what a viewer says about a title: my list, ratings, hidden titles, what is put aside, marks.

The caller has checked that the viewer may see the title. Each action sets a state, so that it can
be sent twice. Each locks the viewer's row, as everything does that writes for a viewer; for a
profile that is gone nothing is written.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import (
    Episode,
    HiddenTitle,
    ListedTitle,
    PutAside,
    Rating,
    Title,
    Viewer,
    WatchedMark,
)


class OpinionRefused(ValueError):
    """This cannot be said about the title. The message is for the person."""


def put_on_list(viewer: Viewer, title: Title, *, now: datetime) -> None:
    """Add a title to the viewer's list. One that is on it keeps its place."""
    _put(ListedTitle, viewer, title, added_at=now)


def take_off_list(viewer: Viewer, title: Title) -> None:
    """Remove a title from the viewer's list."""
    _remove(ListedTitle, viewer, title)


def rate(viewer: Viewer, title: Title, value: str, *, now: datetime) -> None:
    """Rate a title, in place of the rating before; "" removes it.

    Raises:
        OpinionRefused: there is no such rating.
    """
    if value == "":
        _remove(Rating, viewer, title)
    elif value in Rating.Value.values:
        _put(Rating, viewer, title, replace=True, value=value, rated_at=now)
    else:
        raise OpinionRefused("There is no such rating.")


def hide(viewer: Viewer, title: Title, *, now: datetime) -> None:
    """Offer a title to the viewer no more."""
    _put(HiddenTitle, viewer, title, hidden_at=now)


def unhide(viewer: Viewer, title: Title) -> None:
    """Offer a title again."""
    _remove(HiddenTitle, viewer, title)


def put_aside(viewer: Viewer, title: Title, *, now: datetime) -> None:
    """Remove a title from Continue watching until it is played again. The history stays."""
    _put(PutAside, viewer, title, replace=True, at=now)


def take_up(viewer: Viewer, title: Title) -> None:
    """Undo `put_aside`."""
    _remove(PutAside, viewer, title)


@transaction.atomic
def mark_watched(
    viewer: Viewer,
    title: Title,
    *,
    episodes: Iterable[Episode] | None = None,
    watched: bool,
    now: datetime,
) -> None:
    """Mark a film, or episodes of a series, as watched or not watched. No play is recorded.

    Raises:
        OpinionRefused: a series without episodes, or an episode of another title.
    """
    named = list(episodes) if episodes is not None else [None]
    _check(title, named)
    if not _lock(viewer):
        return
    marks = [
        WatchedMark(viewer=viewer, title=title, episode=each, watched=watched, marked_at=now)
        for each in named
    ]
    WatchedMark.objects.bulk_create(
        marks,
        update_conflicts=True,
        unique_fields=["viewer", "title", "episode"],
        update_fields=["watched", "marked_at"],
    )


def _check(title: Title, episodes: list[Episode] | list[None]) -> None:
    of_series = title.kind == Title.Kind.SERIES
    for episode in episodes:
        if (episode is not None) != of_series:
            raise OpinionRefused("A film is marked as a whole, a series by its episodes.")
        if episode is not None and episode.season.title_id != title.pk:
            raise OpinionRefused("This episode belongs to another title.")


@transaction.atomic
def _put(model: Any, viewer: Viewer, title: Title, *, replace: bool = False, **fields: Any) -> None:
    if not _lock(viewer):
        return
    write = model.objects.update_or_create if replace else model.objects.get_or_create
    write(viewer=viewer, title=title, defaults=fields)


@transaction.atomic
def _remove(model: Any, viewer: Viewer, title: Title) -> None:
    _lock(viewer)
    model.objects.filter(viewer=viewer, title=title).delete()


def _lock(viewer: Viewer) -> Viewer | None:
    return Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).first()
