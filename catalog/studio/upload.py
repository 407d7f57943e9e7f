"""Uploading: several files at once, each accepted or refused by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from catalog.actions import artwork as actions
from catalog.artwork.refusals import ArtworkRefused
from catalog.models import Artwork, Title
from catalog.queries.artwork import look_alikes, same_file_elsewhere
from catalog.studio.access import needs
from catalog.studio.forms import UploadForm


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """The answer for one file: the artwork it became, or why it was refused.

    `existing` is the artwork that the title has of the same file already.
    """

    name: str
    artwork: Artwork | None = None
    refusal: str = ""
    existing: Artwork | None = None


@needs("catalog.add_artwork")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept files for a title. The page's script sends them one by one and asks for JSON."""
    title = get_object_or_404(Title, slug=slug)
    form = UploadForm(request.POST or None, request.FILES or None, title=title)
    outcomes: list[UploadOutcome] = []
    if request.method == "POST" and form.is_valid():
        outcomes = _upload_each(request, title, form.cleaned_data["pictures"], form.annotation())
    if request.accepts("application/json") and not request.accepts("text/html"):
        return _as_json(title, form, outcomes)
    taken = [outcome.artwork for outcome in outcomes if outcome.artwork]
    if outcomes and len(taken) == len(outcomes):
        messages.success(request, _said(taken))
        return redirect("catalog:studio_title", slug=title.slug)
    elsewhere = same_file_elsewhere(taken)
    context = {
        "title": title,
        "form": form,
        "taken": [(artwork, elsewhere.get(artwork.pk, [])) for artwork in taken],
        "refused": [outcome for outcome in outcomes if outcome.refusal],
        "max_megabytes": settings.MAX_UPLOAD_BYTES // 1_000_000,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "studio/upload.html", context, status=status)


def _upload_each(
    request: HttpRequest, title: Title, files: Iterable[UploadedFile], annotation: dict[str, Any]
) -> list[UploadOutcome]:
    outcomes = []
    for file in files:
        name = file.name or ""
        try:
            artwork = actions.upload(
                title,
                # One byte past the limit is enough to refuse it; the rest stays on disk.
                file.read(settings.MAX_UPLOAD_BYTES + 1),
                name=name,
                content_type=file.content_type or "",
                by=request.user,
                now=timezone.now(),
                **annotation,
            )
        except actions.AlreadyUploaded as refusal:
            outcomes.append(UploadOutcome(name, None, str(refusal), refusal.existing))
        except (ArtworkRefused, actions.NotPossible) as refusal:
            outcomes.append(UploadOutcome(name, None, str(refusal)))
        else:
            outcomes.append(UploadOutcome(name, artwork))
    return outcomes


def _as_json(title: Title, form: UploadForm, outcomes: list[UploadOutcome]) -> JsonResponse:
    if not outcomes:
        return JsonResponse({"errors": form.errors}, status=422)
    alike = look_alikes(list(title.artworks.all()))
    elsewhere = same_file_elsewhere(outcome.artwork for outcome in outcomes if outcome.artwork)
    results = []
    for outcome in outcomes:
        number = outcome.artwork.pk if outcome.artwork else None
        results.append(
            {
                "name": outcome.name,
                "refusal": outcome.refusal,
                "address": _address(outcome.artwork or outcome.existing),
                "alike": [other.pk for other in alike.get(number, [])] if number else [],
                "elsewhere": [
                    {"title": other.title.name, "address": _address(other)}
                    for other in (elsewhere.get(number, []) if number else [])
                ],
            }
        )
    refused = all(outcome.refusal for outcome in outcomes)
    return JsonResponse({"results": results}, status=422 if refused else 201)


def _address(artwork: Artwork | None) -> str:
    return reverse("catalog:studio_artwork", args=[artwork.pk]) if artwork else ""


def _said(taken: list[Artwork]) -> str:
    if len(taken) == 1:
        return "The picture was uploaded and waits for review."
    return f"{len(taken)} pictures were uploaded and wait for review."
