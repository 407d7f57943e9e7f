"""The profile picker and the settings of profiles.

Which of them a limited profile may use, and when a grown-up is needed, is decided in
catalog/parental.py.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import parental
from catalog.actions.portraits import PortraitRefused, set_portrait
from catalog.actions.viewers import (
    COLOURS,
    FIGURES,
    MAX_VIEWERS,
    ViewerRefused,
    add_viewer,
    change_viewer,
    remove_viewer,
)
from catalog.models import Portrait, Viewer
from catalog.parental import open_to_limited, own_open_to_limited
from catalog.requests import AccountRequest, viewer_in
from catalog.views.guards import account_required, safe_next
from catalog.views.profile_forms import OwnProfileForm, ProfileForm


@open_to_limited
@account_required
@require_safe
def profiles(request: AccountRequest) -> HttpResponse:
    """Show the profile picker."""
    viewers = list(request.user.viewers.all())
    context = {
        "viewers": [(viewer, parental.may_enter(request, viewer)) for viewer in viewers],
        "may_add": len(viewers) < MAX_VIEWERS,
        "next": safe_next(request, fallback="catalog:home"),
        "managing": "manage" in request.GET,
        "synthetic": any(viewer.synthetic for viewer in viewers),
    }
    return render(request, "catalog/profiles.html", context)


@open_to_limited
@account_required
@require_POST
def choose(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Choose one of the account's profiles. Profiles of other accounts are not found.

    A grown-up is asked for first where that lifts a limit, or where the profile is protected.
    """
    profile = _own(request, public_id)
    wanted = safe_next(request, fallback="catalog:home")
    if not parental.may_enter(request, profile):
        address = reverse("catalog:profile_enter", args=[profile.public_id])
        return redirect(f"{address}?{urlencode({'next': wanted})}")
    parental.enter(request, profile)
    return redirect(wanted)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AccountRequest) -> HttpResponse:
    first = {
        "colour": _unused_colour(request),
        "personalised": True,
        "maturity": 18,
        "theme": Viewer.Theme.DARK,
        "face": "",
    }
    form = _bound(request, ProfileForm, first)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                viewer = add_viewer(request.user, form.profile())
                _upload(viewer, form)
        except (ViewerRefused, PortraitRefused) as refusal:
            form.add_error(_place(refusal), str(refusal))
        else:
            messages.success(request, _("Welcome, %(name)s.") % {"name": viewer.name})
            return redirect("catalog:profiles")
    return _form(request, form)


@own_open_to_limited
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Change a profile. A limited profile changes its own name and looks, and no limit."""
    viewer = _own(request, public_id)
    kind = ProfileForm if parental.may_act_on(request, viewer) else OwnProfileForm
    form = _bound(request, kind, kind.of(viewer))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                change_viewer(viewer, form.profile(viewer), keep_picture=form.keeps_picture)
                _upload(viewer, form)
        except (ViewerRefused, PortraitRefused) as refusal:
            form.add_error(_place(refusal), str(refusal))
            viewer = _own(request, public_id)
        else:
            messages.success(request, _("Saved %(name)s's profile.") % {"name": viewer.name})
            return redirect("catalog:profiles")
    return _form(request, form, viewer)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Ask for confirmation, then remove a profile with its history."""
    viewer = _own(request, public_id)
    if request.method != "POST":
        return render(request, "catalog/profile_remove.html", {"profile": viewer})
    name = viewer.name
    remove_viewer(viewer)
    messages.success(request, _("Deleted %(name)s's profile and history.") % {"name": name})
    return redirect("catalog:profiles")


@open_to_limited
@account_required
@require_safe
def portrait(request: AccountRequest, public_id: UUID, digest: str) -> HttpResponse:
    """Send a picture that was uploaded for one of the account's own profiles, to nobody else.

    Its address changes with the picture, so that the browser may keep it.
    """
    found = Portrait.objects.filter(
        viewer__public_id=public_id, viewer__account=request.user.pk, viewer__picture=digest
    ).first()
    if found is None:
        raise Http404
    return HttpResponse(
        bytes(found.webp),
        content_type="image/webp",
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )


def _own(request: AccountRequest, public_id: UUID) -> Viewer:
    return get_object_or_404(Viewer, public_id=public_id, account=request.user)


def _bound(
    request: AccountRequest, kind: type[OwnProfileForm], first: dict[str, object]
) -> OwnProfileForm:
    return kind(request.POST or None, request.FILES or None, initial=first)


def _upload(viewer: Viewer, form: OwnProfileForm) -> None:
    file = form.uploaded
    if file is not None:
        set_portrait(
            viewer,
            # One byte past the limit is enough to refuse it.
            file.read(settings.MAX_UPLOAD_BYTES + 1),
            name=file.name or "",
            content_type=file.content_type or "",
        )


def _place(refusal: Exception) -> str | None:
    return "upload" if isinstance(refusal, PortraitRefused) else None


def _form(
    request: AccountRequest, form: OwnProfileForm, viewer: Viewer | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "profile": viewer,
        "colours": COLOURS,
        "figures": FIGURES,
        "sets_limits": isinstance(form, ProfileForm),
        "is_current": viewer is not None and viewer_in(request) == viewer,
        "has_pin": bool(request.user.pin),
        "max_megabytes": settings.MAX_UPLOAD_BYTES // 1_000_000,
    }
    status = 422 if form.errors else 200
    return render(request, "catalog/profile_form.html", context, status=status)


def _unused_colour(request: AccountRequest) -> str:
    used = set(request.user.viewers.values_list("colour", flat=True))
    return next((colour for colour in COLOURS if colour not in used), next(iter(COLOURS)))
