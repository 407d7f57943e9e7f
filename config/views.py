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
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from django_prometheus import exports


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Say that this process can serve: its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus its numbers: to the bearer of METRICS_TOKEN, and to operators."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    scraper = bool(token) and secrets.compare_digest(given.encode(), token.encode())
    if not scraper and not request.user.has_perm("personalization.view_night"):
        raise PermissionDenied
    response: HttpResponse = exports.ExportToDjangoView(request)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why a request was refused, without repeating any of it. The API answers in JSON."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "The request could not be read."}, status=400)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        heading = "That was too much at once"
        text = "Nothing was changed. Go back, shorten it or send less of it, and try again."
    else:
        heading = "That request makes no sense"
        text = (
            "The request could not be read, and nothing was changed. Go back and try again; if "
            "it was a link, it may be broken."
        )
    return HttpResponseBadRequest(render_to_string("400.html", {"heading": heading, "text": text}))


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke, and the number under which the log has it. Asks nothing else."""
    number = structlog.contextvars.get_contextvars().get("request_id", "")
    return HttpResponseServerError(render_to_string("500.html", {"number": number}))


def no_endpoint(request: HttpRequest) -> JsonResponse:
    """Answer an unknown address of the API as the API answers, not with a page."""
    return JsonResponse({"detail": "Not found."}, status=404)
