"""The page that explains a choice."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Title
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.limits import limited
from catalog.views.pictures import pictures
from catalog.views.rendering import show
from personalization.actions.forgetting import forget_title
from personalization.rights.explanations import explain


@viewer_required
@require_safe
def why(request: ViewerRequest, slug: str) -> HttpResponse:
    """Say why the current profile sees this picture of a title, and what others see."""
    title = get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)
    explanation = explain(request.viewer, title, now=timezone.now())
    options = explanation.options if explanation else []
    shown = pictures(option.artwork.pk for option in options)
    context = {
        "title": title,
        "explanation": explanation,
        "options": [(option, shown.get(option.artwork.pk)) for option in options],
        "shares_until": max((each.share.until for each in options if each.share), default=None),
    }
    return show(request, "personalization/rights/why.html", context, titles=[title])


@viewer_required
@limited("pictures")
@require_POST
def forget(request: ViewerRequest, slug: str, watched: str) -> HttpResponse:
    """Remove a watched title, which is a reason, from the viewer's history."""
    title = get_object_or_404(Title.objects.visible_to(request.viewer), slug=slug)
    reason = get_object_or_404(
        Title.objects.filter(watch_events__viewer=request.viewer).distinct(), slug=watched
    )
    forget_title(request.viewer, reason, now=timezone.now())
    said = gettext("Removed “%(title)s” from your history. Pictures are now chosen without it.")
    messages.success(request, said % {"title": reason.name})
    return redirect("personalization:why", title.slug)
