"""Who may enter the studio."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from catalog.views.guards import sign_in_first

View = Callable[..., HttpResponseBase]


def needs(permission: str) -> Callable[[View], View]:
    """Send anonymous users to the sign-in page; refuse accounts without the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _signed_out(request)
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _signed_out(request: HttpRequest) -> HttpResponseBase:
    """Redirect a page to the sign-in. Answer a script in words, so that its files stay chosen."""
    if request.accepts("application/json") and not request.accepts("text/html"):
        words = "You are signed out. Sign in in another tab, then come back to this one."
        return JsonResponse({"errors": {"account": [words]}}, status=401)
    return sign_in_first(request)


class EditorsOnly(PermissionRequiredMixin):
    """The same for class-based views; Django's mixin tells the two cases apart."""

    permission_required = "catalog.change_artwork"
