"""Where a viewer left off."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import Episode, Title, Viewer, WatchEvent

# How far back continue-watching looks: bounded for viewers with very long histories.
NEWEST = 300


@dataclass(frozen=True, slots=True)
class Progress:
    """Where to go on in a title: at which position of the film or of which episode."""

    title_id: int
    position_seconds: int
    runtime_seconds: int
    episode: Episode | None = None

    @property
    def minutes_left(self) -> int:
        return max(1, round((self.runtime_seconds - self.position_seconds) / 60))


def newest_plays(viewer: Viewer) -> list[WatchEvent]:
    """Return the viewer's newest plays, newest first, with the little of their titles needed."""
    events = WatchEvent.objects.filter(viewer=viewer).visible_to(viewer)
    events = events.order_by("-started_at").select_related("title")
    fields = ("title_id", "episode_id", "position_seconds", "watched_seconds", "finished")
    about = ("title__kind", "title__runtime_minutes")
    newest = events.only("viewer_id", *fields, "quality_at", "last_at", *about)[:NEWEST]
    return sorted(newest, key=lambda event: event.last_at, reverse=True)


def to_continue(viewer: Viewer, plays: Iterable[WatchEvent], *, limit: int) -> dict[int, Progress]:
    """Return what is begun and not finished, newest first, by title.

    A film that is finished is left out; a series whose episode is finished goes
    on with the next, and is left out after its last. What was only opened is no
    beginning.
    """
    newest: dict[int, WatchEvent] = {}
    for play in plays:
        newest.setdefault(play.title_id, play)
    series = [title for title, play in newest.items() if play.episode_id]
    episodes = episodes_of(series[: 2 * limit]) if series else {}
    found: dict[int, Progress] = {}
    for play in newest.values():
        at = progress_of(play, episodes.get(play.title_id, []))
        if at and len(found) < limit:
            found[play.title_id] = at
    return found


def progress_of(play: WatchEvent, episodes: list[Episode]) -> Progress | None:
    """Return where to go on after a title's newest play; `episodes` are the title's, in order."""
    if play.title.kind == Title.Kind.FILM:
        begun = play.watched_seconds and not play.finished
        runtime = play.title.runtime_minutes * 60
        return Progress(play.title_id, play.position_seconds, runtime) if begun else None
    at = next((i for i, episode in enumerate(episodes) if episode.pk == play.episode_id), None)
    if at is None or not play.watched_seconds:
        return None
    if not play.finished:
        episode = episodes[at]
        return Progress(play.title_id, play.position_seconds, episode.runtime_minutes * 60, episode)
    if at + 1 < len(episodes):
        following = episodes[at + 1]
        return Progress(play.title_id, 0, following.runtime_minutes * 60, following)
    return None


def episodes_of(titles: Iterable[int]) -> dict[int, list[Episode]]:
    """Return the episodes of series in their order, by title, in one query."""
    episodes = (
        Episode.objects.filter(season__title__in=list(titles))
        .select_related("season")
        .order_by("season__title", "season__number", "number")
    )
    found: dict[int, list[Episode]] = {}
    for episode in episodes:
        found.setdefault(episode.season.title_id, []).append(episode)
    return found
