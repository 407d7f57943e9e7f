"""The profile picker and the settings of profiles."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.actions.viewers import (
    COLOURS,
    MAX_VIEWERS,
    Profile,
    ViewerRefused,
    add_viewer,
    change_viewer,
    remove_viewer,
)
from catalog.middleware import SESSION_KEY
from catalog.models import Viewer
from catalog.requests import AccountRequest
from catalog.views.guards import account_required, safe_next


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As my browser says")), *settings.LANGUAGES]


class ProfileForm(forms.Form):
    name = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    colour = forms.ChoiceField(choices=list(COLOURS.items()), widget=forms.RadioSelect)
    is_child = forms.BooleanField(required=False)
    personalised = forms.BooleanField(required=False)
    language = forms.ChoiceField(choices=_languages, required=False, label=_("Language"))

    def profile(self) -> Profile:
        return Profile(**self.cleaned_data)


@account_required
@require_safe
def profiles(request: AccountRequest) -> HttpResponse:
    """Show the profile picker."""
    viewers = list(request.user.viewers.all())
    context = {
        "viewers": viewers,
        "may_add": len(viewers) < MAX_VIEWERS,
        "next": safe_next(request, fallback="catalog:home"),
        "managing": "manage" in request.GET,
    }
    return render(request, "catalog/profiles.html", context)


@account_required
@require_POST
def choose(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Choose one of the account's profiles. Profiles of other accounts are not found."""
    request.session[SESSION_KEY] = _own(request, public_id).pk
    return redirect(safe_next(request, fallback="catalog:home"))


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AccountRequest) -> HttpResponse:
    first = {"colour": _unused_colour(request), "personalised": True}
    form = ProfileForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            viewer = add_viewer(request.user, form.profile())
        except ViewerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Welcome, {viewer.name}.")
            return redirect("catalog:profiles")
    return _form(request, form)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AccountRequest, public_id: UUID) -> HttpResponse:
    viewer = _own(request, public_id)
    said = {name: getattr(viewer, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            change_viewer(viewer, form.profile())
        except ViewerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Saved {viewer.name}'s profile.")
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
    messages.success(request, f"Deleted {name}'s profile and history.")
    return redirect("catalog:profiles")


def _own(request: AccountRequest, public_id: UUID) -> Viewer:
    return get_object_or_404(Viewer, public_id=public_id, account=request.user)


def _form(request: AccountRequest, form: ProfileForm, viewer: Viewer | None = None) -> HttpResponse:
    context = {"form": form, "profile": viewer, "colours": COLOURS}
    status = 422 if form.errors else 200
    return render(request, "catalog/profile_form.html", context, status=status)


def _unused_colour(request: AccountRequest) -> str:
    used = set(request.user.viewers.values_list("colour", flat=True))
    return next((colour for colour in COLOURS if colour not in used), next(iter(COLOURS)))
