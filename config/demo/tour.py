"""The demo's tour: one click signs in as a role, and five steps show what the project is about.

It exists only where DEMO_TOUR is set, which the demo does for its own web server, and only for
requests from this machine that came through no proxy. Everywhere else it is not found.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from audits.models import AuditRun
from catalog import parental
from catalog.demo.accounts import PUBLIC_IDS, STAFF, VIEWER
from catalog.models import Account, Title, Viewer
from config.proxies import CAME_THROUGH_A_PROXY
from personalization.models import Night

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
PROXY_HEADERS = ("Forwarded", "Via", "X-Real-Ip", "X-Forwarded-Host")
EDITOR, AUDITOR, OPERATOR = STAFF


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: what it is called, who is signed in there, as which profile."""

    name: Any
    account: str
    profile: str = ""


ROLES = {
    "ada": Stop(_("Ada, a viewer"), VIEWER, "Ada"),
    "kit": Stop(_("Kit, a viewer"), VIEWER, "Kit"),
    "editor": Stop(_("An editor"), EDITOR),
    "auditor": Stop(_("An auditor"), AUDITOR),
    "operator": Stop(_("An operator"), OPERATOR),
}
STEPS = {
    "why": Stop(_("Why this picture"), VIEWER, "Ada"),
    "others": Stop(_("What others see"), VIEWER, "Ada"),
    "night": Stop(_("A night"), OPERATOR),
    "verdict": Stop(_("An audit's verdict"), AUDITOR),
}


def is_open_to(request: HttpRequest) -> bool:
    """Say whether the tour exists for this request."""
    if not settings.DEMO_TOUR or request.META.get(CAME_THROUGH_A_PROXY):
        return False
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def context(request: HttpRequest) -> dict[str, Any]:
    """Give pages the roles of the tour, where it exists. Read lazily: most pages do not ask."""
    return {"tour": SimpleLazyObject(lambda: ROLES if is_open_to(request) else {})}


@parental.open_to_limited
@require_POST
def visit(request: HttpRequest, stop: str) -> HttpResponse:
    """Sign in as the role of a stop, and go to what it shows."""
    wanted = (ROLES | STEPS).get(stop)
    if wanted is None or not is_open_to(request):
        raise Http404
    account = get_object_or_404(Account, email=wanted.account, synthetic=True, is_active=True)
    login(request, account, backend=BACKEND)
    if wanted.profile:
        profile = get_object_or_404(Viewer, public_id=PUBLIC_IDS[wanted.profile], account=account)
        parental.enter(request, profile)
    return redirect(_place(stop))


def _place(stop: str) -> str:
    if stop in {"why", "others"}:
        title = Title.objects.filter(published=True).alias(pictures=Count("artworks"))
        shown = title.order_by("-pictures", "name").first()
        if shown is None:
            return reverse("catalog:home")
        return reverse("personalization:why", args=[shown.slug]) + (
            "#options" if stop == "others" else ""
        )
    if stop in {"editor"}:
        return reverse("catalog:studio")
    if stop == "night":
        return _change(Night, "admin:personalization_night")
    if stop == "verdict":
        return _change(AuditRun, "admin:audits_auditrun")
    return {
        "auditor": reverse("admin:audits_auditrun_changelist"),
        "operator": reverse("admin:index"),
    }.get(stop, reverse("catalog:home"))


def _change(model: Any, name: str) -> str:
    newest = model.objects.order_by("-pk").first()
    if newest is None:
        return reverse(f"{name}_changelist")
    return reverse(f"{name}_change", args=[newest.pk])
