"""A title's page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Title, WatchEvent
from catalog.queries.alike import similar_to
from catalog.queries.titles import TitleStory, story_of
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork, origin_of, play_address

Origin = WatchEvent.Origin


@viewer_required
@require_safe
def title(request: ViewerRequest, slug: str) -> HttpResponse:
    """Show a title. Plays started here keep the origin of the visit."""
    shown = get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)
    origin = origin_of(request.GET.get("from"), otherwise=Origin.TITLE)
    story = story_of(request.viewer, shown)
    similar = similar_to(request.viewer, shown)
    chosen = choose_artwork(request.viewer, [shown, *similar], surface="title", now=timezone.now())
    context = {
        "story": story,
        "hero": chosen.tile(shown, origin=origin),
        "play": _play(story, origin),
        "seasons": [
            (
                season,
                [
                    (episode, play_address(shown, episode, origin=origin))
                    for episode in season.episodes
                ],
            )
            for season in story.seasons
        ],
        "similar": [chosen.tile(other, origin=Origin.TITLE) for other in similar],
    }
    return show(request, "catalog/title.html", context, titles=[shown, *similar])


def _play(story: TitleStory, origin: str) -> str:
    """Return the play button's address, or "" for a series with nothing to start with."""
    episode = story.progress.episode if story.progress else story.first_episode
    if story.title.kind == Title.Kind.SERIES and episode is None:
        return ""
    return play_address(story.title, episode, origin=origin)
