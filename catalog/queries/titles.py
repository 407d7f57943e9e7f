"""What a title's page shows, and what resembles it."""

from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from catalog.models import Credit, Episode, Title, Viewer, WatchEvent
from catalog.queries.continuing import Progress, episodes_of, progress_of

SIMILAR = 12


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


def similar_to(viewer: Viewer, title: Title, *, limit: int = SIMILAR) -> list[Title]:
    """Return the titles that share most with one: two points a genre, one a mood or a person."""
    alike = (
        Title.objects.visible_to(viewer)
        .exclude(pk=title.pk)
        .annotate(
            likeness=2 * _shared(Title.genres.through, "genre", title)
            + _shared(Title.moods.through, "mood", title)
            + _shared(Credit, "person", title)
        )
        .filter(likeness__gte=2)
        .order_by("-likeness", "-added_at", "pk")
    )
    return list(alike[:limit])


def _shared(link: type, field: str, title: Title) -> Coalesce:
    """Count what a title has in common with `title` through one table of links."""
    its = link.objects.filter(title=title.pk).values(field)  # type: ignore[attr-defined]
    shared = (
        link.objects.filter(title=OuterRef("pk"), **{f"{field}__in": its})  # type: ignore[attr-defined]
        .order_by()
        .values("title")
        .annotate(number=Count(F(field), distinct=True))
        .values("number")
    )
    return Coalesce(Subquery(shared, output_field=IntegerField()), Value(0))


def _seasons(episodes: list[Episode]) -> list[SeasonList]:
    numbers = dict.fromkeys(episode.season.number for episode in episodes)
    return [
        SeasonList(number, [e for e in episodes if e.season.number == number]) for number in numbers
    ]
