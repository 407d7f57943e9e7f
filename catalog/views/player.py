"""The mock player: a clock that runs through a title and tells the API how far it came."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Episode, Title, Viewer, WatchEvent
from catalog.quality import finishing_seconds
from catalog.queries.continuing import episodes_of
from catalog.queries.titles import progress_in, resume_at
from catalog.views.guards import ViewerRequest, viewer_required
from catalog.views.rendering import show
from catalog.views.tiles import origin_of, play_address, slate_for, title_address

SPEEDS = (1, 2, 4, 8, 16, 32, 64)


@viewer_required
@require_safe
def watch(
    request: ViewerRequest, slug: str, season: int | None = None, number: int | None = None
) -> HttpResponse:
    title = get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)
    episodes = episodes_of([title.pk]).get(title.pk, [])
    if title.kind == Title.Kind.SERIES and not episodes:
        return redirect("catalog:title", title.slug)
    episode = _episode(request.viewer, title, episodes, season, number)
    origin = origin_of(request.GET.get("from"), otherwise=WatchEvent.Origin.TITLE)
    slate = slate_for(request.viewer, [title], surface="player", now=timezone.now())
    following = _following(title, episodes, episode, origin)
    start = 0 if request.GET.get("start") == "0" else resume_at(request.viewer, title, episode)
    context = {
        "title": title,
        "episode": episode,
        "picture": slate.picture(title),
        "back": title_address(title, origin=origin),
        "following": following,
        "speeds": [speed for speed in SPEEDS if speed <= settings.PLAYER_MAX_SPEED],
        "player": _player(title, episode, origin, start),
    }
    return show(request, "catalog/player.html", context, titles=[title])


def _player(title: Title, episode: Episode | None, origin: str, start: int) -> dict[str, Any]:
    """Return what the player's script needs to know."""
    runtime = episode.runtime_minutes if episode else title.runtime_minutes
    return {
        "url": reverse("catalog-api:plays"),
        "play": {
            "play_id": str(uuid4()),
            "title": title.pk,
            "episode": episode.pk if episode else None,
            "origin": origin,
        },
        "runtime": runtime * 60,
        "finishing": finishing_seconds(runtime),
        "start": start,
    }


def _episode(
    viewer: Viewer, title: Title, episodes: list[Episode], season: int | None, number: int | None
) -> Episode | None:
    """Return the episode asked for: none for a film; in a series, where the viewer left off."""
    if season is None:
        if title.kind == Title.Kind.FILM:
            return None
        progress = progress_in(viewer, title, episodes)
        return progress.episode if progress else episodes[0]
    for episode in episodes:
        if (episode.season.number, episode.number) == (season, number):
            return episode
    raise Http404


def _following(
    title: Title, episodes: list[Episode], episode: Episode | None, origin: str
) -> dict[str, Any] | None:
    if episode is None:
        return None
    after = episodes.index(episode) + 1
    if after == len(episodes):
        return None
    return {
        "episode": episodes[after],
        "href": play_address(title, episodes[after], origin=origin),
    }
