"""Who may see a page: somebody signed in, with a profile chosen."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from catalog.models import Account, Viewer

P = ParamSpec("P")
SAFE = {"GET", "HEAD"}


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
            return sign_in_first(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, and back; tell who was sending something that it was not saved."""
    if request.method not in SAFE:
        messages.warning(request, "You were signed out, so that was not saved. Sign in to go on.")
    return _send(request, redirect_to_login(_back_to(request)))


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
    """Return the page to come back to: the whole one, where a part or a form of it was asked."""
    if getattr(request, "htmx", None):
        return request.htmx.current_url_abs_path or reverse("catalog:home")  # type: ignore[attr-defined]
    return request.get_full_path() if request.method in SAFE else _page_of_form(request)


def _page_of_form(request: HttpRequest) -> str:
    """Return the page that a form was sent from, if it is one of this site, else home."""
    page = urlsplit(request.headers.get("Referer", ""))
    ours = page.netloc == request.get_host() and page.path.startswith("/")
    return page._replace(scheme="", netloc="").geturl() if ours else reverse("catalog:home")


def _send(request: HttpRequest, elsewhere: HttpResponseRedirect) -> HttpResponse:
    """Send the browser elsewhere as a whole, even where htmx asked for a part of a page."""
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(elsewhere.url)
    return elsewhere
