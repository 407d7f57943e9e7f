"""What a title's page shows."""

from dataclasses import dataclass

from django.db.models import Value

from catalog.models import Credit, Episode, Genre, Mood, Title, Viewer, WatchedMark
from catalog.models.titles import SPECIALS
from catalog.quality import is_over
from catalog.queries.continuing import NEWEST, Progress, Viewed, progress_of, with_marks
from catalog.queries.episodes import episodes_of, first_episode
from catalog.queries.opinions import marks_of


@dataclass(frozen=True, slots=True)
class SeasonEpisodes:
    """One season; `name` is "Season 2", or "Specials"."""

    number: int
    name: str
    episodes: list[Episode]


@dataclass(frozen=True, slots=True)
class EpisodeState:
    """How far a viewer is in an episode; `position_seconds` is 0 where it starts anew."""

    watched: bool = False
    position_seconds: int = 0


@dataclass(frozen=True, slots=True)
class TitleStory:
    """A title with everything that its page shows: cast in billing order, episodes, progress.

    `watched` is of the film, or of all regular episodes.
    """

    title: Title
    genres: list[Genre]
    moods: list[str]
    cast: list[Credit]
    crew: list[Credit]
    seasons: list[SeasonEpisodes]
    progress: Progress | None
    first_episode: Episode | None
    watched: bool
    episode_states: dict[int, EpisodeState]

    @property
    def regular_seasons(self) -> int:
        """Return how many seasons there are besides the specials."""
        return sum(season.number != SPECIALS for season in self.seasons)


def story_of(viewer: Viewer, title: Title) -> TitleStory:
    credits = list(title.credits.select_related("person").order_by("billing", "pk"))
    is_series = title.kind == Title.Kind.SERIES
    episodes = episodes_of([title.pk]).get(title.pk, []) if is_series else []
    viewed = viewed_of(viewer, title)
    states = {each.pk: _state(each.pk, viewed, each.runtime_minutes) for each in episodes}
    regular = [states[episode.pk] for episode in episodes if not episode.is_special]
    genres, moods = _words_of(title)
    return TitleStory(
        title=title,
        genres=genres,
        moods=moods,
        cast=[credit for credit in credits if credit.role == Credit.Role.CAST],
        crew=[credit for credit in credits if credit.role != Credit.Role.CAST],
        seasons=_seasons(episodes),
        progress=progress_of(title, viewed, episodes),
        first_episode=first_episode(episodes),
        watched=(
            bool(regular) and all(state.watched for state in regular)
            if is_series
            else _state(None, viewed, title.runtime_minutes).watched
        ),
        episode_states=states,
    )


def _words_of(title: Title) -> tuple[list[Genre], list[str]]:
    """Return a title's genres and the names of its moods, by name. One query."""
    fields = ("kind", "pk", "slug", "name")
    genres = Genre.objects.filter(titles=title).annotate(kind=Value("genre")).values_list(*fields)
    moods = Mood.objects.filter(titles=title).annotate(kind=Value("mood")).values_list(*fields)
    words = list(genres.union(moods, all=True).order_by("name"))
    return (
        [Genre(pk=pk, slug=slug, name=name) for kind, pk, slug, name in words if kind == "genre"],
        [name for kind, _, _, name in words if kind == "mood"],
    )


def _state(episode_id: int | None, viewed: list[Viewed], runtime: int | None) -> EpisodeState:
    """Return how far a film (None) or an episode is. What was finished once stays watched."""
    those = [each for each in viewed if each.episode_id == episode_id]
    if not those:
        return EpisodeState()
    newest = those[0]
    over = newest.finished or is_over(newest.position_seconds, runtime)
    position = 0 if over else newest.position_seconds
    return EpisodeState(any(each.finished for each in those), position)


def progress_in(viewer: Viewer, title: Title, episodes: list[Episode]) -> Progress | None:
    """Return where this viewer resumes a title, if they began it and did not finish."""
    return progress_of(title, viewed_of(viewer, title), episodes)


def viewed_of(viewer: Viewer, title: Title) -> list[Viewed]:
    """Return what this viewer watched of a title, newest first, by plays and marks. Two queries."""
    plays = viewer.watch_events.filter(title=title).begun().order_by("-last_at", "-pk")
    return with_marks(plays[:NEWEST], marks_of(viewer, [title.pk]).get(title.pk, []))


def resume_at(viewer: Viewer, title: Title, episode: Episode | None) -> int:
    """Return the position in seconds at which a film or an episode resumes; 0 is the start.

    Every opened player is a play of its own. With two tabs or devices at once, the play whose
    heartbeat arrived last decides, even where its position is the earlier one.
    """
    plays = viewer.watch_events.filter(title=title, episode=episode).begun()
    play = plays.order_by("-last_at", "-pk").first()
    runtime = episode.runtime_minutes if episode else title.runtime_minutes
    if play is None or play.finished or is_over(play.position_seconds, runtime):
        return 0
    newer = WatchedMark.objects.filter(viewer=viewer, title=title, episode=episode)
    is_marked = newer.filter(marked_at__gte=play.last_at).exists()
    return 0 if is_marked else play.position_seconds


def _seasons(episodes: list[Episode]) -> list[SeasonEpisodes]:
    """Group the episodes of a title by season; both stay in viewing order."""
    by_number: dict[int, SeasonEpisodes] = {}
    for episode in episodes:
        season = episode.season
        group = SeasonEpisodes(season.number, str(season), [])
        by_number.setdefault(season.number, group).episodes.append(episode)
    return list(by_number.values())
