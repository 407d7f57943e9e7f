"""Where a grown-up proves who they are: before another profile, a limit, or the account."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core.internal import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from catalog import parental
from catalog.actions.pins import (
    PinLocked,
    PinRefused,
    check_pin,
    forget_guesses,
    remove_pin,
    set_pin,
)
from catalog.models import Viewer
from catalog.parental import open_to_limited
from catalog.requests import AccountRequest, viewer_in
from catalog.views.guards import account_required, back_to, safe_next, send

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}


class GrownUpForm(forms.Form):
    """The PIN or the password; either is enough."""

    pin = forms.CharField(
        required=False,
        max_length=64,
        label=gettext_lazy("PIN"),
        widget=forms.PasswordInput(attrs=DIGITS),
    )
    password = forms.CharField(
        required=False,
        max_length=4096,
        strip=False,
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PinForm(forms.Form):
    pin = forms.CharField(
        max_length=64, label=gettext_lazy("New PIN"), widget=forms.PasswordInput(attrs=DIGITS)
    )
    again = forms.CharField(
        max_length=64,
        label=gettext_lazy("The same PIN again"),
        widget=forms.PasswordInput(attrs=DIGITS),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "pin" in said and "again" in said and said["pin"] != said["again"]:
            raise forms.ValidationError(_("The two PINs are not the same."))
        return said


class NoProof(Exception):
    """Neither the PIN nor the password was right. `str()` of it is shown to the person."""


def prove(request: HttpRequest, *, pin: str, password: str) -> None:
    """Give the session a grown-up's proof, if one of both is right.

    The password has its own limit, by account and client's address: wrong PINs never lock it, and
    what a child tries here does not stop its parents from signing in.

    Raises:
        NoProof: says why not.
    """
    account, now = request.user, timezone.now()
    if not account.is_authenticated:
        raise NoProof(_("Sign in first."))
    if password:
        _check_password(request, password)
        forget_guesses(account)
    elif pin:
        try:
            right = check_pin(account, pin, viewer=viewer_in(request), now=now)
        except PinLocked as locked:
            raise NoProof(_locked(int((locked.until - now).total_seconds()))) from locked
        if not right:
            raise NoProof(_("That is not the PIN."))
    else:
        raise NoProof(_("Enter the PIN or the password."))
    parental.give_proof(request)


def _check_password(request: HttpRequest, password: str) -> None:
    address = get_adapter().get_client_ip(request)
    if not ratelimit.consume(
        request,
        app="allauth.account",
        action="grown_up",
        key=f"{request.user.pk}:{address}",
        limit_get=True,
    ):
        raise NoProof(_("Too many tries. Wait a few minutes, then try again."))
    if not request.user.check_password(password):
        raise NoProof(_("That is not the account's password."))
    reauthenticate_by_password(request)


def _locked(seconds: int) -> str:
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        wait = ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
    else:
        hours = round(minutes / 60)
        wait = ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}
    return _("Too many wrong PINs. Enter the password, or the PIN in %(wait)s.") % {"wait": wait}


def ask_grown_up(request: HttpRequest) -> HttpResponse:
    """Send to the page that asks for PIN or password, and back. The API says so in JSON."""
    if request.path_info.startswith("/api/"):
        words = _("Enter the account's PIN or password first.")
        return JsonResponse({"detail": words, "code": "grown_up_needed"}, status=403)
    if request.method not in {"GET", "HEAD"}:
        messages.warning(request, _("Nothing was changed yet."))
    question = urlencode({"next": back_to(request)})
    return send(request, redirect(f"{reverse('catalog:grown_up')}?{question}"))


@open_to_limited
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("pin", "password")
def grown_up(request: AccountRequest) -> HttpResponse:
    """Ask for PIN or password, and go on to where one of them was needed."""
    return _ask(request, None)


@open_to_limited
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("pin", "password")
def enter(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Ask for PIN or password, and choose a profile that needs one of them."""
    profile = get_object_or_404(Viewer, public_id=public_id, account=request.user)
    return _ask(request, profile)


def _ask(request: AccountRequest, profile: Viewer | None) -> HttpResponse:
    form = GrownUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            prove(request, pin=form.cleaned_data["pin"], password=form.cleaned_data["password"])
        except NoProof as refusal:
            form.add_error(None, str(refusal))
        else:
            if profile is not None:
                parental.enter(request, profile)
            return redirect(safe_next(request, fallback="catalog:home"))
    context = {
        "form": form,
        "profile": profile,
        "limits": parental.limits_in(request),
        "next": safe_next(request, fallback="catalog:profiles"),
        "has_pin": bool(request.user.pin),
    }
    status = 422 if form.errors else 200
    return render(request, "catalog/grown_up.html", context, status=status)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("pin", "again")
def pin(request: AccountRequest) -> HttpResponse:
    """Set, change or remove the PIN. Every profile proves first that a grown-up does it."""
    if not parental.has_proof(request):
        return ask_grown_up(request)
    removing = request.POST.get("do") == "remove"
    form = PinForm(request.POST if request.method == "POST" and not removing else None)
    if removing:
        remove_pin(request.user)
        messages.success(request, _("The PIN was removed. The password does its work now."))
        return redirect("catalog:pin")
    if request.method == "POST" and form.is_valid():
        try:
            set_pin(request.user, form.cleaned_data["pin"])
        except PinRefused as refusal:
            form.add_error("pin", str(refusal))
        else:
            messages.success(request, _("The PIN was saved."))
            return redirect("catalog:pin")
    context = {"form": form, "viewers": list(request.user.viewers.all())}
    status = 422 if form.errors else 200
    return render(request, "catalog/pin.html", context, status=status)
