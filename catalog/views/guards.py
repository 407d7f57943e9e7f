"""Guards of pages: some need an account that is signed in, most also a chosen profile."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from catalog.parental import ends_proof
from catalog.requests import AccountRequest, SiteRequest, ViewerRequest, viewer_in

P = ParamSpec("P")
SAFE = {"GET", "HEAD"}


def account_required(
    view: Callable[Concatenate[AccountRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send anybody who is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(cast(AccountRequest, request), *args, **kwargs)

    return guarded


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, and back. After a form, say that it was not saved."""
    if request.method not in SAFE:
        said = gettext("You were signed out, so nothing was saved. Sign in to continue.")
        messages.warning(request, said)
    return send(request, redirect_to_login(back_to(request)))


def viewer_required(
    view: Callable[Concatenate[ViewerRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send anybody who has chosen no profile to the profile picker, and back afterwards.

    The page is the chosen profile's own, so a limited profile may use it; see catalog/parental.py.
    """

    @ends_proof
    @account_required
    @wraps(view)
    def guarded(request: AccountRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if viewer_in(request) is None:
            question = urlencode({"next": back_to(request)})
            return send(request, redirect(f"{reverse('catalog:profiles')}?{question}"))
        return view(cast(ViewerRequest, request), *args, **kwargs)

    return guarded


def safe_next(request: HttpRequest, *, fallback: str) -> str:
    """Return the page that the request names as `next`, if it is of this site, or `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if safe else reverse(fallback)


def back_to(request: HttpRequest) -> str:
    """Return the page to come back to: for a part or a form of a page, the whole page."""
    htmx = cast(SiteRequest, request).htmx
    if htmx:
        return htmx.current_url_abs_path or reverse("catalog:home")
    return request.get_full_path() if request.method in SAFE else _page_of_form(request)


def _page_of_form(request: HttpRequest) -> str:
    """Return the page that a form was sent from, if it is one of this site, else home."""
    page = urlsplit(request.headers.get("Referer", ""))
    ours = page.netloc == request.get_host() and page.path.startswith("/")
    return page._replace(scheme="", netloc="").geturl() if ours else reverse("catalog:home")


def send(request: HttpRequest, elsewhere: HttpResponseRedirect) -> HttpResponse:
    """Send the browser elsewhere as a whole, even where htmx asked for a part of a page."""
    if cast(SiteRequest, request).htmx:
        return HttpResponseClientRedirect(elsewhere.url)
    return elsewhere
