"""Pages that belong to no app."""

import secrets

import structlog
from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import Error, connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus import exports

from catalog.parental import open_to_limited
from catalog.requests import known_viewer
from config.readiness import Readiness

readiness = Readiness()


@open_to_limited
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Say that this process can serve: its database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


@open_to_limited
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether this copy is ready for visitors, and what is wrong only to a scraper."""
    problems = readiness.problems()
    answer: dict[str, object] = {"status": "not ready" if problems else "ready"}
    if _bears_token(request):
        answer["problems"] = problems
    return JsonResponse(answer, status=503 if problems else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus its numbers: to the bearer of METRICS_TOKEN, and to operators."""
    if not _bears_token(request) and not request.user.has_perm("personalization.view_night"):
        raise PermissionDenied
    response: HttpResponse = exports.ExportToDjangoView(request)
    return response


def _bears_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and secrets.compare_digest(given.encode(), token.encode())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why a request was refused, without repeating any of it. The API answers in JSON."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "The request could not be read."}, status=400)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        heading = gettext("That was too much at once")
        text = gettext(
            "Nothing was changed. Go back, shorten it or send less of it, and try again."
        )
    else:
        heading = gettext("That request makes no sense")
        text = gettext(
            "The request could not be read, and nothing was changed. Go back and try again; if "
            "it was a link, it may be broken."
        )
    said = {"heading": heading, "text": text, "viewer": known_viewer(request)}
    return HttpResponseBadRequest(render_to_string("400.html", said))


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke, and the number under which the log has it. Reads nothing else.

    The profile's look is there if the request had read the profile before it broke.
    """
    number = structlog.contextvars.get_contextvars().get("request_id", "")
    said = {"number": number, "viewer": known_viewer(request)}
    return HttpResponseServerError(render_to_string("500.html", said))


@open_to_limited
def no_endpoint(request: HttpRequest) -> JsonResponse:
    """Answer an unknown URL of the API in JSON, as the API answers everything."""
    return JsonResponse({"detail": "Not found."}, status=404)
