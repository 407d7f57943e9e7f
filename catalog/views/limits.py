"""How often a page may be asked for. The limits are those of the API, and are shared with it."""

import math
from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.request import Request
from rest_framework.views import APIView

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)


def limited(
    scope: str,
) -> Callable[
    [Callable[Concatenate[R, P], HttpResponse]], Callable[Concatenate[R, P], HttpResponse]
]:
    """Answer 429 to an account that exceeds the rate of `scope` in DEFAULT_THROTTLE_RATES."""
    # All that a throttle reads of a view.
    named = cast(APIView, SimpleNamespace(throttle_scope=scope))

    def decorate(
        view: Callable[Concatenate[R, P], HttpResponse],
    ) -> Callable[Concatenate[R, P], HttpResponse]:
        @wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            for kind in APIView.throttle_classes:
                throttle = kind()
                if not throttle.allow_request(cast(Request, request), named):
                    return _too_many(request, throttle.wait() or 60)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _too_many(request: HttpRequest, seconds: float) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(math.ceil(seconds))
    return response
