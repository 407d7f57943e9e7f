"""Who may see a page: somebody signed in, with a profile chosen."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from catalog.models import Account, Viewer

P = ParamSpec("P")


class AccountRequest(HttpRequest):
    """A request of somebody signed in."""

    user: Account
    viewer: Viewer | None
    htmx: HtmxDetails


class ViewerRequest(AccountRequest):
    """A request in the name of one profile."""

    viewer: Viewer


def account_required(
    view: Callable[Concatenate[AccountRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send anybody who is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _send(request, redirect_to_login(_back_to(request)))
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def viewer_required(
    view: Callable[Concatenate[ViewerRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send who is signed in without a profile to the profile picker, and back afterwards."""

    @account_required
    @wraps(view)
    def guarded(request: AccountRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.viewer:
            question = urlencode({"next": _back_to(request)})
            return _send(request, redirect(f"{reverse('catalog:profiles')}?{question}"))
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def safe_next(request: HttpRequest, *, fallback: str) -> str:
    """Return where the request asks to go on to, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if safe else reverse(fallback)


def _back_to(request: HttpRequest) -> str:
    """Return the page to come back to: the whole one, where htmx asked for a part of it."""
    if getattr(request, "htmx", None):
        return request.htmx.current_url_abs_path or reverse("catalog:home")  # type: ignore[attr-defined]
    return request.get_full_path() if request.method == "GET" else reverse("catalog:home")


def _send(request: HttpRequest, elsewhere: HttpResponseRedirect) -> HttpResponse:
    """Send the browser elsewhere as a whole, even where htmx asked for a part of a page."""
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(elsewhere.url)
    return elsewhere
