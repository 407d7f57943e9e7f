"""The page for visitors without an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalog.parental import open_to_limited


@open_to_limited
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Say what this is, and lead to the sign-in. In the demo it is a tour too."""
    return render(request, "catalog/welcome.html")


def welcomes_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send visitors who are not signed in to the welcome page, and not to the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and not request.user.is_authenticated:
            return redirect("catalog:welcome")
        return view(request, *args, **kwargs)

    return guarded
