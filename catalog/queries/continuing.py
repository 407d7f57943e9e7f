"""Where a viewer left off.

Only plays that played something count. A player that was opened and left again
changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from django.db import connection

from catalog.models import Episode, Title, Viewer, WatchedMark, WatchEvent
from catalog.quality import is_over
from catalog.queries.episodes import episodes_of, next_episode
from catalog.queries.opinions import marks_of

# How many plays are looked through, so that a very long history costs no more.
NEWEST = 300
PLAYS = (Path(__file__).parent / "plays.sql").read_text()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where to resume a title: the position in the film or in an episode.

    `runtime_seconds` is None where the runtime is unknown.
    """

    title_id: int
    position_seconds: int
    runtime_seconds: int | None
    episode: Episode | None = None

    @property
    def minutes_left(self) -> int | None:
        """Return at least 1, or None where the runtime is unknown."""
        if self.runtime_seconds is None:
            return None
        return max(1, round((self.runtime_seconds - self.position_seconds) / 60))

    @property
    def minutes_watched(self) -> int:
        return self.position_seconds // 60


class PlayRow(NamedTuple):
    """One play, with only what home needs of it and of its title.

    `quality` says whether it passed the quality threshold, `aside_at` when its title was put aside,
    `unwanted` whether the viewer does not want it on home, `marked` whether they marked it, or
    an episode of it, as watched or not.
    """

    title_id: int
    episode_id: int | None
    position_seconds: int
    finished: bool
    quality: bool
    last_at: datetime
    pk: int
    kind: str
    runtime_minutes: int | None
    aside_at: datetime | None
    unwanted: bool
    marked: bool


class ViewedTitle(Protocol):
    """What is asked of a title to resume it."""

    @property
    def pk(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def runtime_minutes(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class _PlayedTitle:
    pk: int
    kind: str
    runtime_minutes: int | None


@dataclass(frozen=True, slots=True)
class Viewed:
    """How far a film or an episode was watched: by a play, or as the viewer marked it."""

    episode_id: int | None
    position_seconds: int
    finished: bool
    last_at: datetime


def with_marks(plays: Iterable[WatchEvent | PlayRow], marks: Iterable[WatchedMark]) -> list[Viewed]:
    """Return one title's plays and marks, newest first. A mark takes the place of older plays.

    `marks` have their episodes. Those of one moment are in viewing order, the last one newest.
    """
    marked = {mark.episode_id: mark for mark in marks}
    viewed = [
        (
            play.last_at,
            0,
            0,
            Viewed(play.episode_id, play.position_seconds, play.finished, play.last_at),
        )
        for play in plays
        if play.episode_id not in marked or marked[play.episode_id].marked_at < play.last_at
    ]
    for mark in marked.values():
        if mark.watched:
            season, number = (
                (mark.episode.season.number, mark.episode.number) if mark.episode else (0, 0)
            )
            as_play = Viewed(mark.episode_id, 0, True, mark.marked_at)
            viewed.append((mark.marked_at, season, number, as_play))
    viewed.sort(key=lambda each: each[:3], reverse=True)
    return [each[3] for each in viewed]


def newest_plays(viewer: Viewer) -> list[PlayRow]:
    """Return the viewer's newest plays, newest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            PLAYS,
            {
                "viewer": viewer.pk,
                "maturity": viewer.maturity_limit,
                "personal": viewer.follows_history,
                "newest": NEWEST,
            },
        )
        newest = [PlayRow(*row) for row in cursor.fetchall()]
    return sorted(newest, key=lambda play: (play.last_at, play.pk), reverse=True)


def to_continue(viewer: Viewer, plays: Iterable[PlayRow], *, limit: int) -> dict[int, Progress]:
    """Return what is begun and not finished, newest first, by title id.

    `plays` are the viewer's, newest first. A finished film is left out. A series
    whose episode is finished continues with the next episode, and is left out
    after its last. What the viewer marked as watched counts as finished. A title
    that they put aside is left out until it is played again. At most two queries.
    """
    by_title: dict[int, list[PlayRow]] = {}
    for play in plays:
        by_title.setdefault(play.title_id, []).append(play)
    for number, those in list(by_title.items()):
        aside_at = those[0].aside_at
        if aside_at is not None and those[0].last_at <= aside_at:
            del by_title[number]
    marked = [number for number, those in by_title.items() if those[0].marked]
    marks = marks_of(viewer, marked) if marked else {}
    series = [number for number, those in by_title.items() if _is_series(those[0])]
    episodes = episodes_of(series[: 2 * limit]) if series else {}
    progress: dict[int, Progress] = {}
    for number, those in by_title.items():
        viewed = with_marks(those, marks.get(number, []))
        title = _PlayedTitle(number, those[0].kind, those[0].runtime_minutes)
        place = progress_of(title, viewed, episodes.get(number, []))
        if place and len(progress) < limit:
            progress[number] = place
    return progress


def progress_of(
    title: ViewedTitle, plays: Sequence[Viewed], episodes: Sequence[Episode]
) -> Progress | None:
    """Return where to resume a title, or None where there is nothing to resume.

    `plays` are what one viewer watched of the title, newest first (`with_marks`);
    `episodes` are the title's, in viewing order.
    """
    if _is_series(title):
        return _progress_of_series(title, plays, episodes)
    if not plays or _is_done(plays[0], title.runtime_minutes):
        return None
    return Progress(title.pk, plays[0].position_seconds, _seconds(title.runtime_minutes))


def _progress_of_series(
    title: ViewedTitle, plays: Sequence[Viewed], episodes: Sequence[Episode]
) -> Progress | None:
    """Return the place in the episode watched last, or the start of the one after it.

    Plays of episodes that were removed are passed over. After a special the
    viewer returns to the regular episode that they were watching, if there is one.
    """
    by_id = {episode.pk: episode for episode in episodes}
    watched = [
        (play, by_id[play.episode_id])
        for play in plays
        if play.episode_id is not None and play.episode_id in by_id
    ]
    if not watched:
        return None
    play, episode = watched[0]
    if not _is_done(play, episode.runtime_minutes):
        return _in_episode(title, episode, play.position_seconds)
    regular = next((pair for pair in watched if not pair[1].is_special), None)
    if episode.is_special and regular and not _is_done(regular[0], regular[1].runtime_minutes):
        return _in_episode(title, regular[1], regular[0].position_seconds)
    after_regular = next_episode(episodes, regular[1]) if regular else None
    following = after_regular or next_episode(episodes, episode)
    return _in_episode(title, following, 0) if following else None


def _is_done(play: Viewed, runtime_minutes: int | None) -> bool:
    return play.finished or is_over(play.position_seconds, runtime_minutes)


def _in_episode(title: ViewedTitle, episode: Episode, position: int) -> Progress:
    return Progress(title.pk, position, _seconds(episode.runtime_minutes), episode)


def _is_series(title: ViewedTitle | PlayRow) -> bool:
    return title.kind == Title.Kind.SERIES


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60
