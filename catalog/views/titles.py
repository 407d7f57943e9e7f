"""The page of a title."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Episode, Title, WatchEvent
from catalog.queries.alike import similar_to
from catalog.queries.opinions import opinion_of
from catalog.queries.titles import EpisodeState, SeasonEpisodes, TitleStory, story_of
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork, origin_of, play_address

Origin = WatchEvent.Origin


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """An episode in the list, and how far the viewer is in it."""

    episode: Episode
    href: str
    state: EpisodeState
    is_next: bool

    @property
    def runtime_seconds(self) -> int | None:
        minutes = self.episode.runtime_minutes
        return None if minutes is None else minutes * 60

    @property
    def minutes_left(self) -> int | None:
        """Return at least 1 for an episode that is begun; None for others."""
        runtime, position = self.runtime_seconds, self.state.position_seconds
        return max(1, round((runtime - position) / 60)) if runtime and position else None


@viewer_required
@require_safe
def title(request: ViewerRequest, slug: str) -> HttpResponse:
    """Show a title. Plays started here keep the origin of the visit.

    htmx asks for the episodes of another season, or for what changed while the viewer watched.
    """
    shown = get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)
    origin = origin_of(request.GET.get("from"), otherwise=Origin.TITLE)
    story = story_of(request.viewer, shown)
    context = {"title": shown, "story": story, "origin": origin, "play": _play(story, origin)}
    context |= _episodes(story, _season(story, request.GET.get("season")), origin)
    if request.htmx:
        name = "_episodes" if request.htmx.target == "episodes" else "_title_parts"
        return show(request, f"catalog/{name}.html", context, titles=[shown])
    similar = similar_to(request.viewer, shown)
    chosen = choose_artwork(request.viewer, [shown, *similar], surface="title", now=timezone.now())
    context |= {
        "hero": chosen.tile(shown, origin=origin),
        "similar": [chosen.tile(other, origin=Origin.TITLE) for other in similar],
        "opinion": opinion_of(request.viewer, shown),
        "place": "page",
        "title_watched": story.watched,
        "share_url": request.build_absolute_uri(reverse("catalog:share", args=[shown.slug])),
    }
    return show(request, "catalog/title.html", context, titles=[shown, *similar])


def _play(story: TitleStory, origin: str) -> str:
    """Return the play button's address, or "" for a series with nothing to start with."""
    episode = story.progress.episode if story.progress else story.first_episode
    if story.title.kind == Title.Kind.SERIES and episode is None:
        return ""
    return play_address(story.title, episode, origin=origin)


def _season(story: TitleStory, asked: str | None) -> SeasonEpisodes | None:
    """Return the season that was asked for, else the one that the viewer is in, else the first."""
    at = story.progress.episode if story.progress else None
    wanted = (asked, str(at.season.number) if at else None)
    for number in wanted:
        for season in story.seasons:
            if str(season.number) == number:
                return season
    return story.seasons[0] if story.seasons else None


def _episodes(story: TitleStory, season: SeasonEpisodes | None, origin: str) -> dict[str, Any]:
    """Return what `_episodes.html` shows: one season, and where the viewer is in it."""
    if season is None:
        return {"season": None}
    up_next = story.progress.episode if story.progress else None
    rows = [
        EpisodeRow(
            episode,
            play_address(story.title, episode, origin=origin),
            story.episode_states[episode.pk],
            is_next=episode == up_next,
        )
        for episode in season.episodes
    ]
    watched = all(row.state.watched for row in rows)
    return {"season": season, "episodes": rows, "season_watched": watched}
