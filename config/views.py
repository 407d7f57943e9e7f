"""Pages that belong to no app."""

import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
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


def no_endpoint(request: HttpRequest) -> JsonResponse:
    """Answer an unknown address of the API as the API answers, not with a page."""
    return JsonResponse({"detail": "Not found."}, status=404)
