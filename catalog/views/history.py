"""The watch history, and removing plays from it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from catalog.actions.watching import remove_from_history
from catalog.models import Title, WatchEvent
from catalog.queries.history import history_of
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.rendering import show
from catalog.views.tiles import choose_artwork


@viewer_required
@require_safe
def history(request: ViewerRequest) -> HttpResponse:
    page = history_of(request.viewer, page=request.GET.get("page", "1"))
    plays = list(page.object_list)
    titles = list({play.title_id: play.title for play in plays}.values())
    chosen = choose_artwork(request.viewer, titles, surface="history", now=timezone.now())
    entries = [(play, chosen.picture(play.title)) for play in plays]
    context = {"page": page, "entries": entries}
    return show(request, "catalog/history.html", context, titles=titles)


@viewer_required
@require_POST
def remove_play(request: ViewerRequest, pk: int) -> HttpResponse:
    """Remove one play of this viewer. Plays of other viewers are not found."""
    play = get_object_or_404(
        WatchEvent.objects.select_related("title"), pk=pk, viewer=request.viewer
    )
    remove_from_history(request.viewer, title=play.title, play=play)
    said = gettext("Removed one play of “%(title)s” from your history.")
    messages.success(request, said % {"title": play.title.name})
    return redirect("catalog:history")


@viewer_required
@require_POST
def remove_title(request: ViewerRequest, slug: str) -> HttpResponse:
    """Remove all plays of a title, even if it can no longer be watched."""
    title = get_object_or_404(
        Title.objects.filter(watch_events__viewer=request.viewer).distinct(), slug=slug
    )
    plays = remove_from_history(request.viewer, title=title)
    said = ngettext(
        "Removed “%(title)s” from your history (%(plays)s play).",
        "Removed “%(title)s” from your history (%(plays)s plays).",
        plays,
    )
    messages.success(request, said % {"title": title.name, "plays": plays})
    return redirect("catalog:history")
