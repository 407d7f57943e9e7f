"""The mock player: a clock that runs through a title and reports its position to the API."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from catalog.models import Episode, Title, Viewer, WatchEvent
from catalog.queries.episodes import episodes_of, first_episode, next_episode
from catalog.queries.titles import progress_in, resume_at
from catalog.requests import ViewerRequest
from catalog.timeline import runtime_of, timeline_of
from catalog.views.guards import viewer_required
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork, origin_of, play_address, title_address

SPEEDS = (0.5, 1, 1.25, 1.5, 2, 4, 8, 16, 32, 64)
# What the chooser is told. The player reports no impression: its picture is not what made the
# viewer choose the title.
SURFACE = "player"


@viewer_required
@require_safe
def watch(
    request: ViewerRequest, slug: str, season: int | None = None, number: int | None = None
) -> HttpResponse:
    """Play a film, an episode, or (without numbers) where the viewer is in a series."""
    title = get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)
    is_series = title.kind == Title.Kind.SERIES
    episodes = episodes_of([title.pk]).get(title.pk, []) if is_series else []
    episode = (
        _where_they_are(request.viewer, title, episodes)
        if season is None
        else numbered(episodes, season, number)
    )
    if is_series and episode is None:
        # There is nothing to start with. The title's page says so, and lists the specials.
        return redirect("catalog:title", title.slug)
    origin = origin_of(request.GET.get("from"), otherwise=WatchEvent.Origin.TITLE)
    chosen = choose_artwork(request.viewer, [title], surface=SURFACE, now=timezone.now())
    picture = chosen.picture(title)
    following = _following(title, episodes, episode, origin)
    start = 0 if request.GET.get("start") == "0" else resume_at(request.viewer, title, episode)
    context = {
        "title": title,
        "episode": episode,
        "minutes": runtime_of(title, episode),
        "picture": picture,
        "back": title_address(title, origin=origin),
        "following": following,
        "speeds": [speed for speed in SPEEDS if speed <= settings.PLAYER_MAX_SPEED],
        "player": _player(request.viewer, title, episode, origin, start)
        | {"lettered": bool(picture and picture.lettered)},
    }
    return show(request, "catalog/player.html", context, titles=[title])


def _player(
    viewer: Viewer, title: Title, episode: Episode | None, origin: str, start: int
) -> dict[str, Any]:
    """Return the data of the player's script. Times are in seconds."""
    runtime = runtime_of(title, episode)
    timeline = timeline_of(title, episode)
    return {
        "url": reverse("catalog-api:plays"),
        "play": {
            "play_id": str(uuid4()),
            "profile": str(viewer.public_id),
            "title": title.pk,
            "episode": episode.pk if episode else None,
            "origin": origin,
        },
        "runtime": None if runtime is None else runtime * 60,
        "start": start,
        "name": title.name,
        "captions": _captions_address(title, episode),
        "chapters": [asdict(chapter) for chapter in timeline.chapters],
        "intro": timeline.intro,
        "words": _words(),
    }


def _captions_address(title: Title, episode: Episode | None) -> str:
    if episode is None:
        return reverse("catalog:captions", args=[title.slug])
    numbers = [title.slug, episode.season.number, episode.number]
    return reverse("catalog:captions_episode", args=numbers)


def _words() -> dict[str, str]:
    """Return what the script says, in the viewer's language. It fills in what is in braces."""
    return {
        "play": gettext("Play"),
        "pause": gettext("Pause"),
        "mute": gettext("Sound off"),
        "unmute": gettext("Sound on"),
        "captions": gettext("Captions"),
        "fullscreen": gettext("Full screen"),
        "leave": gettext("Leave full screen"),
        "position": gettext("{at} of {total}"),
        "volume": gettext("Volume {share} %"),
        "speed": gettext("Speed {speed}×"),
        "back": gettext("{seconds} seconds back"),
        "forward": gettext("{seconds} seconds forward"),
        "captionsOn": gettext("Captions on"),
        "captionsOff": gettext("Captions off"),
        "noCaptions": gettext("The captions could not be loaded."),
        "noFullscreen": gettext("This browser refused full screen."),
        "noPicture": gettext("The picture could not be loaded. The clock goes on."),
        "countdown": gettext("Plays in {seconds} s"),
        "offline": gettext("No connection. Your place is kept on this device and will be sent."),
        "signedOut": gettext(
            "Not saved: you are signed out, or another profile was chosen. Your place is kept on "
            "this device."
        ),
        "gone": gettext("Not saved: this profile can no longer see this title."),
        "busy": gettext("Not saved yet: too many requests. Trying again in a moment."),
        "failed": gettext(
            "Not saved: something went wrong. Your place is kept on this device and will be sent."
        ),
        "saved": gettext("Connected again: your place is saved."),
    }


def numbered(episodes: list[Episode], season: int, number: int | None) -> Episode:
    """Return one episode of a title's. Raises Http404 where there is none of these numbers."""
    for episode in episodes:
        if (episode.season.number, episode.number) == (season, number):
            return episode
    raise Http404


def _where_they_are(viewer: Viewer, title: Title, episodes: list[Episode]) -> Episode | None:
    """Return the episode to resume or to start with; None for a film."""
    progress = progress_in(viewer, title, episodes) if episodes else None
    return progress.episode if progress else first_episode(episodes)


def _following(
    title: Title, episodes: list[Episode], episode: Episode | None, origin: str
) -> dict[str, Any] | None:
    following = next_episode(episodes, episode) if episode else None
    if following is None:
        return None
    return {"episode": following, "href": play_address(title, following, origin=origin)}
