"""What a title's page shows."""

from dataclasses import dataclass

from catalog.models import Credit, Episode, Title, Viewer, WatchEvent
from catalog.queries.continuing import Progress, episodes_of, progress_of


@dataclass(frozen=True, slots=True)
class SeasonList:
    number: int
    episodes: list[Episode]


@dataclass(frozen=True, slots=True)
class Story:
    """A title with everything its page tells: cast in billing order, episodes, progress."""

    title: Title
    genres: list[str]
    moods: list[str]
    cast: list[Credit]
    crew: list[Credit]
    seasons: list[SeasonList]
    progress: Progress | None
    first_episode: Episode | None


def story_of(viewer: Viewer, title: Title) -> Story:
    credits = list(title.credits.select_related("person").order_by("billing", "pk"))
    is_series = title.kind == Title.Kind.SERIES
    episodes = episodes_of([title.pk]).get(title.pk, []) if is_series else []
    return Story(
        title=title,
        genres=list(title.genres.values_list("name", flat=True)),
        moods=list(title.moods.values_list("name", flat=True)),
        cast=[credit for credit in credits if credit.role == Credit.Role.CAST],
        crew=[credit for credit in credits if credit.role != Credit.Role.CAST],
        seasons=_seasons(episodes),
        progress=progress_in(viewer, title, episodes),
        first_episode=episodes[0] if episodes else None,
    )


def progress_in(viewer: Viewer, title: Title, episodes: list[Episode]) -> Progress | None:
    """Return where this viewer goes on in a title, if they began it and did not finish."""
    play = viewer.watch_events.filter(title=title).order_by("-last_at").first()
    if play is None:
        return None
    play.title = title
    return progress_of(play, episodes)


def resume_at(viewer: Viewer, title: Title, episode: Episode | None) -> int:
    """Return the position in seconds from which a film or an episode plays on; 0 is the start."""
    plays: list[WatchEvent] = list(
        viewer.watch_events.filter(title=title, episode=episode).order_by("-last_at")[:1]
    )
    return 0 if not plays or plays[0].finished else plays[0].position_seconds


def _seasons(episodes: list[Episode]) -> list[SeasonList]:
    numbers = dict.fromkeys(episode.season.number for episode in episodes)
    return [
        SeasonList(number, [e for e in episodes if e.season.number == number]) for number in numbers
    ]
