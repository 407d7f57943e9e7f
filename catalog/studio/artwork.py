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
from catalog.queries.artwork import approved_besides, same_file_elsewhere
from catalog.studio.access import needs
from catalog.studio.forms import AnnotationForm, ReviewReasonForm, WithdrawalForm


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """One step of an artwork's review, in the words of its confirmation page."""

    verb: str
    question: str
    done: str
    effect: str
    form: type[ReviewReasonForm] | None = None
    harmful: bool = False


STEPS = {
    "approve": ReviewStep(
        "Approve",
        "Approve this artwork?",
        "Approved.",
        "It can be chosen for each viewer from their next window on.",
    ),
    "reject": ReviewStep(
        "Reject",
        "Reject this artwork?",
        "Rejected.",
        "It will not be shown.",
        ReviewReasonForm,
        harmful=True,
    ),
    "withdraw": ReviewStep(
        "Withdraw",
        "Withdraw this artwork?",
        "Withdrawn.",
        "It disappears from all pages at once.",
        WithdrawalForm,
        harmful=True,
    ),
    "default": ReviewStep(
        "Make default",
        "Make this artwork the default?",
        "This artwork is the default now.",
        "It is shown wherever no choice is made.",
    ),
}


@needs("catalog.change_artwork")
@require_http_methods(["GET", "POST"])
def annotate(request: HttpRequest, pk: int) -> HttpResponse:
    artwork = _artwork_or_404(pk)
    form = AnnotationForm(request.POST or None, title=artwork.title, artwork=artwork)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.annotate(artwork, by=request.user, **form.annotation())
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _saved(artwork, saved))
            return redirect("catalog:studio_artwork", pk=artwork.pk)
    context = {
        "artwork": artwork,
        "title": artwork.title,
        "form": form,
        "steps": _steps(artwork),
        "elsewhere": same_file_elsewhere([artwork]).get(artwork.pk, []),
        **_consequences(artwork),
    }
    return render(request, "studio/artwork.html", context, status=422 if form.errors else 200)


@needs("catalog.change_artwork")
@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask before a step of the review (GET), then take it (POST)."""
    artwork = _artwork_or_404(pk)
    if step not in STEPS:
        raise Http404
    known = STEPS[step]
    form = known.form(request.POST or None) if known.form else None
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _act(step, artwork, request, form.cleaned_data if form else {})
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
        **(_consequences(artwork) if step == "withdraw" else {}),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "studio/confirm.html", context, status=status)


@needs("catalog.change_artwork")
@require_GET
@cache_control(private=True, max_age=86_400)
def whole_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the uncropped picture. It is encoded again, because originals are never served."""
    artwork = _artwork_or_404(pk)
    try:
        data = read_original(artwork)
    except FileNotFoundError as missing:
        raise Http404("The original is not in the storage.") from missing
    return HttpResponse(whole(data), content_type="image/webp")


def _saved(before: Artwork, saved: Artwork) -> str:
    if saved.state == before.state:
        return "Saved."
    return (
        "Saved. This artwork waits for review again, because who can be seen was changed. "
        + without(saved)
    )


def _consequences(artwork: Artwork) -> dict[str, Any]:
    """Return what pages say about an approved artwork before it leaves."""
    if artwork.state != Artwork.State.APPROVED:
        return {}
    return {"without": without(artwork), "last": not approved_besides(artwork)}


def without(artwork: Artwork) -> str:
    """Say what viewers see of the title while this artwork is not approved."""
    others = approved_besides(artwork)
    if not others:
        return "Pages show the title's name in letters until another artwork is approved."
    if len(others) == 1:
        return f"Every viewer sees № {others[0].pk}, the only other approved artwork."
    words = f"Viewers who had it see one of the {len(others)} others."
    if artwork.title.default_artwork_id == artwork.pk:
        words += f" № {others[0].pk} is shown where no choice is made."
    return words


def _artwork_or_404(pk: int) -> Artwork:
    return get_object_or_404(
        Artwork.objects.select_related("title__default_artwork", "uploaded_by"), pk=pk
    )


def _steps(artwork: Artwork) -> list[tuple[str, ReviewStep]]:
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


def _act(step: str, artwork: Artwork, request: HttpRequest, typed: dict[str, Any]) -> None:
    by: Any = request.user
    now = timezone.now()
    if step == "approve":
        actions.approve(artwork, by=by, now=now)
    elif step == "reject":
        actions.reject(artwork, by=by, now=now, **typed)
    elif step == "withdraw":
        actions.withdraw(artwork, by=by, now=now, **typed)
    else:
        actions.set_default(artwork, by=by)
