"""The catalogue as it was at an instant, from the events that triggers wrote.

What has not changed since the instant is read from the tables themselves. Every row that has an
event since is read from its events: the last one by then says how it was. A row that is older than
its events is as it was before the first of them, if that deleted it; else as it is now.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from catalog.models import (
    Artwork,
    ArtworkEvent,
    ArtworkMoodEvent,
    Credit,
    CreditEvent,
    DepictionEvent,
    Title,
    TitleEvent,
    TitleGenreEvent,
    TitleMoodEvent,
    ViewerSettings,
)

Values = tuple[Any, ...]


def artworks(at: datetime) -> list[Values]:
    """Return (id, title, kind, state, approved_at, withdrawn_at), by title and id."""
    columns = ("id", "title_id", "kind", "state", "approved_at", "withdrawn_at")
    rows = _then(Artwork, ArtworkEvent, columns, at)
    return sorted(rows, key=lambda row: (row[1], row[0]))


def titles(at: datetime) -> list[Values]:
    """Return (id, year, kind, runtime_minutes, default artwork, published), by id."""
    columns = ("id", "year", "kind", "runtime_minutes", "default_artwork_id", "published")
    return sorted(_then(Title, TitleEvent, columns, at))


def runtimes_changed(at: datetime) -> dict[int, int | None]:
    """Return the runtime at `at` of the titles that were changed since."""
    changed = set(_since(TitleEvent, at).values_list("id", flat=True))
    return {row[0]: row[3] for row in titles(at) if row[0] in changed} if changed else {}


def cast(at: datetime) -> list[Values]:
    """Return (title, billing, id, person, screen_time) of the casts, in this order."""
    columns = ("id", "title_id", "billing", "person_id", "screen_time", "role")
    rows = _then(Credit, CreditEvent, columns, at)
    kept = [row for row in rows if row[5] == Credit.Role.CAST]
    return sorted(
        (title, billing, pk, person, time) for pk, title, billing, person, time, _ in kept
    )


def depictions(at: datetime) -> list[Values]:
    """Return (artwork, person) of everybody depicted."""
    return _pairs(Artwork.depicted.through, DepictionEvent, ("artwork_id", "person_id"), at)


def artwork_moods(at: datetime) -> list[Values]:
    """Return (artwork, mood)."""
    return _pairs(Artwork.moods.through, ArtworkMoodEvent, ("artwork_id", "mood_id"), at)


def title_genres(at: datetime) -> list[Values]:
    """Return (title, genre)."""
    return _pairs(Title.genres.through, TitleGenreEvent, ("title_id", "genre_id"), at)


def title_moods(at: datetime) -> list[Values]:
    """Return (title, mood)."""
    return _pairs(Title.moods.through, TitleMoodEvent, ("title_id", "mood_id"), at)


def viewer_settings(at: datetime) -> dict[int, tuple[bool, bool]]:
    """Return (is_child, personalised) at `at` of the viewers who changed them since, by id."""
    changes = _since(ViewerSettings, at).order_by("-pgh_id")
    rows = changes.values_list("pgh_obj_id", "is_child", "personalised")
    return {viewer: (child, personalised) for viewer, child, personalised in rows}


def _then(model: type[Model], events: Any, columns: Sequence[str], at: datetime) -> list[Values]:
    """Return the rows of a table as they were at `at`; `columns` begin with the id."""
    now = {row[0]: row for row in model._default_manager.values_list(*columns)}
    return list(_undone(now, events, columns, at, key=lambda row: row[0]).values())


def _pairs(through: Any, events: Any, columns: tuple[str, str], at: datetime) -> list[Values]:
    """Return the pairs of a many-to-many as they were at `at`, sorted."""
    now = {row: row for row in through.objects.values_list(*columns)}
    return sorted(_undone(now, events, columns, at, key=lambda row: row).values())


def _undone(
    now: dict[Any, Values],
    events: Any,
    columns: Sequence[str],
    at: datetime,
    *,
    key: Callable[[Values], Any],
) -> dict[Any, Values]:
    """Take back what happened since `at`. Events come in the order in which they were written."""
    then = dict(now)
    first: dict[Any, tuple[str, Values]] = {}
    for label, *values in _since(events, at).order_by("pgh_id").values_list("pgh_label", *columns):
        row = tuple(values)
        first.setdefault(key(row), (label, row))
    if not first:
        return then
    last = dict[Any, tuple[str, Values]]()
    # Many-to-many rows are never updated, and need no earlier events.
    ids = {row[0] for _, row in first.values()}
    before = events.objects.filter(pgh_created_at__lte=at, **{f"{columns[0]}__in": ids})
    for label, *values in before.order_by("pgh_id").values_list("pgh_label", *columns):
        last[key(tuple(values))] = (label, tuple(values))
    for name, (label, row) in first.items():
        if label == "insert":
            then.pop(name, None)
        elif label == "delete":
            then[name] = row
        elif name in last:  # changed since: as the last event by then left it
            then[name] = last[name][1]
    return then


def _since(events: Any, at: datetime) -> Any:
    return events.objects.filter(pgh_created_at__gt=at)
