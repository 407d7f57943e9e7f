"""Record what viewers play, and remove it. All plays of the player are written here."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Least

from catalog.clocks import CLOCKS_DIFFER
from catalog.models import Episode, Instant, PutAside, Title, Viewer, WatchedMark, WatchEvent
from catalog.quality import finishing_seconds, longest_seconds, quality_seconds

RECENT = timedelta(days=1)  # before a clock went wrong; it lets the index find these plays


class PlayRefused(ValueError):
    """The play cannot have happened. The message says why."""


class ProfileGone(Exception):
    """The profile was removed while it watched."""


@transaction.atomic
def record_play(
    viewer: Viewer,
    *,
    title: Title,
    episode: Episode | None,
    play_id: UUID,
    origin: str,
    position_seconds: int,
    watched_seconds: int,
    now: datetime,
) -> WatchEvent:
    """Take one heartbeat of a player: how far this play has come, cumulatively.

    A heartbeat may come twice, late, or out of order: the play only grows, and
    a heartbeat that knows less than the last one changes nothing. It can claim
    no more than PLAYER_MAX_SPEED × the wall-clock time since the play's first
    heartbeat, so the first one only opens the play. If the clock jumps back, the
    play keeps its newest time.

    Locks the viewer's row, so that the heartbeats of one viewer are taken one
    after another. The caller has checked that the viewer may see the title.

    Raises:
        PlayRefused: for what no player can send (negative numbers, an episode of
            another title, a series without an episode).
        ProfileGone: if the profile was removed meanwhile.
    """
    _check(title, episode, origin, position_seconds, watched_seconds)
    locked = Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).first()
    if locked is None:
        raise ProfileGone
    runtime = episode.runtime_minutes if episode else title.runtime_minutes
    play, opened = WatchEvent.objects.get_or_create(
        viewer=locked,
        play_id=play_id,
        defaults={
            "title": title,
            "episode": episode,
            "origin": origin,
            "started_at": now,
            "last_at": now,
            "position_seconds": min(position_seconds, longest_seconds(runtime)),
        },
    )
    if opened:
        _bring_back(locked, now)
        return play
    if (play.title_id, play.episode_id) != (title.pk, episode.pk if episode else None):
        raise PlayRefused("This play is of another title or episode.")
    if watched_seconds < play.watched_seconds:
        return play
    _advance(play, runtime, position_seconds, watched_seconds, max(now, play.last_at))
    viewer.history_length = _count_if_first(locked, play)
    play.save()
    return play


def _bring_back(viewer: Viewer, now: datetime) -> None:
    """Date plays of a clock that was ahead by now, or they would stay the newest until its time."""
    lately = viewer.watch_events.filter(started_at__gt=now - RECENT)
    lately.filter(last_at__gt=now + CLOCKS_DIFFER).update(
        started_at=Least(F("started_at"), Value(now)), last_at=now
    )


def _check(
    title: Title, episode: Episode | None, origin: str, position_seconds: int, watched_seconds: int
) -> None:
    if position_seconds < 0 or watched_seconds < 0:
        raise PlayRefused("Seconds cannot be negative.")
    if origin not in WatchEvent.Origin.values or origin == WatchEvent.Origin.IMPORT:
        raise PlayRefused("A play starts at a page of the catalogue.")
    if episode is None and title.kind == Title.Kind.SERIES:
        raise PlayRefused("A series is played by episode.")
    if episode is not None and episode.season.title_id != title.pk:
        raise PlayRefused("This episode belongs to another title.")


def _advance(
    play: WatchEvent, runtime_minutes: int | None, position: int, watched: int, now: datetime
) -> None:
    longest = longest_seconds(runtime_minutes)
    possible = int((now - play.started_at).total_seconds() * settings.PLAYER_MAX_SPEED)
    play.last_at = now
    play.position_seconds = min(position, longest)
    play.watched_seconds = max(play.watched_seconds, min(watched, possible, longest))
    # By the current position, not the furthest: a viewer who winds back has not finished.
    play.finished = play.position_seconds >= finishing_seconds(runtime_minutes)
    enough = play.watched_seconds >= quality_seconds(runtime_minutes)
    if play.quality_at is None and enough:
        play.quality_at = now


def _count_if_first(viewer: Viewer, play: WatchEvent) -> int:
    """Count a title once, at its first quality play. Call this before saving `play`."""
    before = viewer.watch_events.filter(title=play.title_id, quality_at__isnull=False)
    if play.quality_at is not None and not before.exists():
        viewer.history_length += 1
        viewer.save(update_fields=["history_length"])
    return viewer.history_length


@transaction.atomic
def remove_from_history(viewer: Viewer, *, title: Title, play: WatchEvent | None = None) -> int:
    """Remove one play of a title, or all of them, and return how many plays that were.

    With all of them go the viewer's marks of what they watched of it.

    Locks the viewer's row. The database counts `history_length` again. Sealed
    days stay as they are. A profile that was removed meanwhile has no plays.
    """
    locked = Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).first()
    if locked is None:
        return 0
    plays = locked.watch_events.filter(title=title)
    if play is not None:
        plays = plays.filter(pk=play.pk)
    else:
        WatchedMark.objects.filter(viewer=locked, title=title).delete()
        PutAside.objects.filter(viewer=locked, title=title).delete()
    removed, _ = plays.delete()
    viewer.refresh_from_db(fields=["history_length"])
    return removed


def keep_instant(at: datetime) -> None:
    """Let histories be read as of `at` later: plays under way keep how far they had come by then.

    Call it at that moment: what a play was before is kept when the play next goes on.
    """
    Instant.objects.get_or_create(at=at)


def recount_history(viewer: Viewer) -> int:
    """Set `history_length` after a bulk insert: the different titles with a quality play."""
    watched = viewer.watch_events.filter(quality_at__isnull=False)
    viewer.history_length = watched.order_by().values("title").distinct().count()
    viewer.save(update_fields=["history_length"])
    return viewer.history_length
