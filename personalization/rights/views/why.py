"""The page that explains a choice."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Title
from catalog.requests import ViewerRequest
from catalog.views.guards import viewer_required
from catalog.views.pictures import pictures
from catalog.views.rendering import show
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
    }
    return show(request, "personalization/rights/why.html", context, titles=[title])
