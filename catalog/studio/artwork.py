"""One artwork in the studio: annotate it, and take the steps of its review."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from catalog.actions import artwork as actions
from catalog.actions.artwork_files import read_original
from catalog.artwork.renditions import whole
from catalog.models import Artwork
from catalog.studio.access import needs
from catalog.studio.forms import AnnotationForm, ReasonForm


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an artwork's review, in the words of its confirmation page."""

    verb: str
    done: str
    effect: str
    needs_reason: bool = False
    harmful: bool = False


STEPS = {
    "approve": Step(
        "Approve", "Approved.", "It may be chosen for viewers from their next window on."
    ),
    "reject": Step("Reject", "Rejected.", "It will not be shown.", True, True),
    "withdraw": Step(
        "Withdraw",
        "Withdrawn.",
        "It leaves every page at once. Viewers who had it see another picture; "
        "nobody else's changes.",
        True,
        True,
    ),
    "default": Step(
        "Make the default", "It is the default now.", "It stands wherever no choice is made."
    ),
}


@needs("catalog.change_artwork")
@require_http_methods(["GET", "POST"])
def annotate(request: HttpRequest, pk: int) -> HttpResponse:
    artwork = _found(pk)
    form = AnnotationForm(
        request.POST or None,
        title=artwork.title,
        initial={
            "kind": artwork.kind,
            "alt": artwork.alt,
            "moods": artwork.moods.all(),
            "depicted": artwork.depicted.all(),
            "focal_x": artwork.focal_x,
            "focal_y": artwork.focal_y,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.annotate(artwork, by=request.user, **form.annotation())
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("catalog:studio_artwork", pk=artwork.pk)
    context = {"artwork": artwork, "title": artwork.title, "form": form, "steps": _steps(artwork)}
    return render(request, "studio/artwork.html", context, status=422 if form.errors else 200)


@needs("catalog.change_artwork")
@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask before a step of the review (GET), then take it (POST)."""
    artwork = _found(pk)
    if step not in STEPS:
        raise Http404
    known = STEPS[step]
    form = ReasonForm(request.POST or None) if known.needs_reason else None
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _act(step, artwork, request, form.cleaned_data["reason"] if form else "")
        except actions.NotPossible as refusal:
            problem = str(refusal)
        else:
            messages.success(request, known.done)
            return redirect("catalog:studio_title", slug=artwork.title.slug)
    context = {
        "artwork": artwork,
        "title": artwork.title,
        "step": known,
        "form": form,
        "problem": problem,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "studio/confirm.html", context, status=status)


@needs("catalog.change_artwork")
@require_GET
@cache_control(private=True, max_age=86_400)
def whole_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the uncropped picture, encoded anew: an original is never served as it came."""
    artwork = _found(pk)
    try:
        data = read_original(artwork)
    except FileNotFoundError as missing:
        raise Http404("The original is not in the storage.") from missing
    return HttpResponse(whole(data), content_type="image/webp")


def _found(pk: int) -> Artwork:
    return get_object_or_404(Artwork.objects.select_related("title", "uploaded_by"), pk=pk)


def _steps(artwork: Artwork) -> list[tuple[str, Step]]:
    """Return the steps that may be taken next."""
    becomes = {"approve": "approved", "reject": "rejected", "withdraw": "withdrawn"}
    possible = [
        name
        for name, state in becomes.items()
        if artwork.state in actions.MAY_BECOME[Artwork.State(state)]
    ]
    is_default = artwork.title.default_artwork_id == artwork.pk
    if artwork.state == Artwork.State.APPROVED and not is_default:
        possible.append("default")
    return [(name, STEPS[name]) for name in possible]


def _act(step: str, artwork: Artwork, request: HttpRequest, reason: str) -> None:
    by: Any = request.user
    now = timezone.now()
    if step == "approve":
        actions.approve(artwork, by=by, now=now)
    elif step == "reject":
        actions.reject(artwork, reason=reason, by=by, now=now)
    elif step == "withdraw":
        actions.withdraw(artwork, reason=reason, by=by, now=now)
    else:
        actions.set_default(artwork, by=by)
