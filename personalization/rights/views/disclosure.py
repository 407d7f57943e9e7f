"""The public page on how pictures are chosen."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.parental import open_to_limited
from personalization.features.manifest import MANIFEST
from personalization.rights.disclosure import disclosure


@open_to_limited
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Say to everybody, without a sign-in, what a choice goes by and how to go without."""
    context = {
        "found": disclosure(now=timezone.now()),
        "manifest": MANIFEST,
        "window_days": settings.WINDOW_DAYS,
    }
    return render(request, "personalization/rights/how.html", context)
