"""Where a viewer left off.

Only plays that played something count. A player that was opened and left again
changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.models import Episode, Title, Viewer, WatchEvent
from catalog.queries.episodes import episodes_of, next_episode

# How many plays are looked through, so that a very long history costs no more.
NEWEST = 300


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


def newest_plays(viewer: Viewer) -> list[WatchEvent]:
    """Return the viewer's newest plays, newest first, with only the fields that home needs."""
    plays = WatchEvent.objects.filter(viewer=viewer).visible_to(viewer).begun()
    plays = plays.order_by("-started_at", "-pk").select_related("title")
    fields = ("title_id", "episode_id", "position_seconds", "watched_seconds", "finished")
    about = ("title__kind", "title__runtime_minutes")
    newest = plays.only("viewer_id", *fields, "quality_at", "last_at", *about)[:NEWEST]
    return sorted(newest, key=lambda play: (play.last_at, play.pk), reverse=True)


def to_continue(viewer: Viewer, plays: Iterable[WatchEvent], *, limit: int) -> dict[int, Progress]:
    """Return what is begun and not finished, newest first, by title id.

    `plays` are the viewer's, newest first. A finished film is left out. A series
    whose episode is finished continues with the next episode, and is left out
    after its last.
    """
    by_title: dict[int, list[WatchEvent]] = {}
    for play in plays:
        by_title.setdefault(play.title_id, []).append(play)
    series = [number for number, those in by_title.items() if _is_series(those[0].title)]
    episodes = episodes_of(series[: 2 * limit]) if series else {}
    progress: dict[int, Progress] = {}
    for number, those in by_title.items():
        at = progress_of(those[0].title, those, episodes.get(number, []))
        if at and len(progress) < limit:
            progress[number] = at
    return progress


def progress_of(
    title: Title, plays: Sequence[WatchEvent], episodes: Sequence[Episode]
) -> Progress | None:
    """Return where to resume a title, or None where there is nothing to resume.

    `plays` are one viewer's plays of the title that played something, newest
    first; `episodes` are the title's, in viewing order.
    """
    if _is_series(title):
        return _progress_of_series(title, plays, episodes)
    if not plays or plays[0].finished:
        return None
    return Progress(title.pk, plays[0].position_seconds, _seconds(title.runtime_minutes))


def _progress_of_series(
    title: Title, plays: Sequence[WatchEvent], episodes: Sequence[Episode]
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
    if not play.finished:
        return _in_episode(title, episode, play.position_seconds)
    regular = next((pair for pair in watched if not pair[1].is_special), None)
    if episode.is_special and regular is not None and not regular[0].finished:
        return _in_episode(title, regular[1], regular[0].position_seconds)
    after_regular = next_episode(episodes, regular[1]) if regular else None
    following = after_regular or next_episode(episodes, episode)
    return _in_episode(title, following, 0) if following else None


def _in_episode(title: Title, episode: Episode, position: int) -> Progress:
    return Progress(title.pk, position, _seconds(episode.runtime_minutes), episode)


def _is_series(title: Title) -> bool:
    return title.kind == Title.Kind.SERIES


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60
