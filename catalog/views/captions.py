"""The captions of the mock player."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Title
from catalog.queries.episodes import episodes_of
from catalog.requests import ViewerRequest
from catalog.timeline import captions_of, web_vtt
from catalog.views.guards import viewer_required
from catalog.views.player import SURFACE, numbered
from catalog.views.tiles import choose_artwork


@viewer_required
@require_safe
def captions(
    request: ViewerRequest, slug: str, season: int | None = None, number: int | None = None
) -> HttpResponse:
    """Give the captions of a film or an episode as WebVTT.

    They describe the picture that this viewer's player shows, so no shared cache may keep them.
    """
    title = get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)
    if season is None and title.kind == Title.Kind.SERIES:
        raise Http404
    episodes = [] if season is None else episodes_of([title.pk]).get(title.pk, [])
    episode = None if season is None else numbered(episodes, season, number)
    chosen = choose_artwork(request.viewer, [title], surface=SURFACE, now=timezone.now())
    picture = chosen.picture(title)
    text = web_vtt(captions_of(title, episode, picture.alt if picture else ""))
    response = HttpResponse(text, content_type="text/vtt; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response
