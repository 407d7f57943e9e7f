"""What a title's page shows."""

from dataclasses import dataclass

from catalog.models import Credit, Episode, Title, Viewer
from catalog.models.titles import SPECIALS
from catalog.queries.continuing import NEWEST, Progress, progress_of
from catalog.queries.episodes import episodes_of, first_episode


@dataclass(frozen=True, slots=True)
class SeasonEpisodes:
    """One season; `name` is "Season 2", or "Specials"."""

    number: int
    name: str
    episodes: list[Episode]


@dataclass(frozen=True, slots=True)
class TitleStory:
    """A title with everything that its page shows: cast in billing order, episodes, progress."""

    title: Title
    genres: list[str]
    moods: list[str]
    cast: list[Credit]
    crew: list[Credit]
    seasons: list[SeasonEpisodes]
    progress: Progress | None
    first_episode: Episode | None

    @property
    def regular_seasons(self) -> int:
        """Return how many seasons there are besides the specials."""
        return sum(season.number != SPECIALS for season in self.seasons)


def story_of(viewer: Viewer, title: Title) -> TitleStory:
    credits = list(title.credits.select_related("person").order_by("billing", "pk"))
    is_series = title.kind == Title.Kind.SERIES
    episodes = episodes_of([title.pk]).get(title.pk, []) if is_series else []
    return TitleStory(
        title=title,
        genres=list(title.genres.values_list("name", flat=True)),
        moods=list(title.moods.values_list("name", flat=True)),
        cast=[credit for credit in credits if credit.role == Credit.Role.CAST],
        crew=[credit for credit in credits if credit.role != Credit.Role.CAST],
        seasons=_seasons(episodes),
        progress=progress_in(viewer, title, episodes),
        first_episode=first_episode(episodes),
    )


def progress_in(viewer: Viewer, title: Title, episodes: list[Episode]) -> Progress | None:
    """Return where this viewer resumes a title, if they began it and did not finish."""
    plays = viewer.watch_events.filter(title=title).begun().order_by("-last_at", "-pk")
    return progress_of(title, list(plays[:NEWEST]), episodes)


def resume_at(viewer: Viewer, title: Title, episode: Episode | None) -> int:
    """Return the position in seconds at which a film or an episode resumes; 0 is the start."""
    plays = viewer.watch_events.filter(title=title, episode=episode).begun()
    play = plays.order_by("-last_at", "-pk").first()
    return 0 if play is None or play.finished else play.position_seconds


def _seasons(episodes: list[Episode]) -> list[SeasonEpisodes]:
    """Group the episodes of a title by season; both stay in viewing order."""
    by_number: dict[int, SeasonEpisodes] = {}
    for episode in episodes:
        season = episode.season
        group = SeasonEpisodes(season.number, str(season), [])
        by_number.setdefault(season.number, group).episodes.append(episode)
    return list(by_number.values())
