"""The requests of this site, as their middleware leaves them.

`viewer` is set by catalog.middleware, `htmx` by django-htmx. Views take the
class that their guard promises; `viewer_in` reads the viewer of any request.
"""

from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from catalog.models import Account, Viewer


class SiteRequest(HttpRequest):
    """Any request."""

    viewer: Viewer | None
    known_viewer: Viewer | None  # the same, if it was read already
    htmx: HtmxDetails


class AccountRequest(SiteRequest):
    """A request of somebody signed in."""

    user: Account


class ViewerRequest(AccountRequest):
    """A request of somebody signed in, in the name of one profile."""

    viewer: Viewer


def viewer_in(request: HttpRequest | Request) -> Viewer | None:
    """Return the current viewer of a page's or the API's request, or None."""
    plain = request._request if isinstance(request, Request) else request
    # The middleware sets it lazily: `or None` reads it, and unwraps an absent viewer.
    return cast(SiteRequest, plain).viewer or None


def known_viewer(request: HttpRequest) -> Viewer | None:
    """Return the current viewer if something has read it already: asks the database nothing."""
    return getattr(request, "known_viewer", None)
