"""My data: what is kept of a profile, a copy of it, and erasing it.

For the account that the profile belongs to. A limited profile needs a grown-up for them; see
catalog/parental.py.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from catalog.models import (
    HiddenTitle,
    ListedTitle,
    PutAside,
    Rating,
    Title,
    Viewer,
    WatchedMark,
    WatchEvent,
)
from catalog.parental import open_to_limited
from catalog.requests import AccountRequest
from catalog.views.guards import account_required
from catalog.views.limits import limited
from personalization.actions import copying, own_data
from personalization.models import (
    DataCopy,
    Decision,
    Erasure,
    HistoryErasure,
    Impression,
    Keep,
    PictureReport,
    Window,
)
from personalization.rights.vectors import vector_in_words

P = ParamSpec("P")
PAGE_LENGTH = 50
ERASURES_SHOWN = 20


def _own_profile(
    view: Callable[Concatenate[AccountRequest, Viewer, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the account's own profile. Profiles of other accounts are not found."""

    @account_required
    @wraps(view)
    def guarded(
        request: AccountRequest, /, public_id: UUID, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        profile = get_object_or_404(Viewer, public_id=public_id, account=request.user)
        return view(request, profile, *args, **kwargs)

    return guarded


@_own_profile
@require_safe
def overview(request: AccountRequest, profile: Viewer) -> HttpResponse:
    now = timezone.now()
    own_data.carry_out_due(now=now, viewer=profile)
    window, lines = vector_in_words(profile)
    erasures = list(HistoryErasure.objects.filter(viewer=profile)[:ERASURES_SHOWN])
    context = {
        "profile": profile,
        "counts": {
            "plays": WatchEvent.objects.filter(viewer=profile).count(),
            "windows": Window.objects.filter(viewer=profile).count(),
            "decisions": Decision.objects.filter(viewer=profile).count(),
            "impressions": Impression.objects.filter(decision__viewer=profile).count(),
            "keeps": Keep.objects.filter(viewer=profile).count(),
            "reports": PictureReport.objects.filter(viewer=profile).count(),
            "listed": ListedTitle.objects.filter(viewer=profile).count(),
            "ratings": Rating.objects.filter(viewer=profile).count(),
            "hidden": HiddenTitle.objects.filter(viewer=profile).count(),
            "marks": WatchedMark.objects.filter(viewer=profile).count(),
            "aside": PutAside.objects.filter(viewer=profile).count(),
        },
        "window": window,
        "lines": lines,
        "copy": DataCopy.objects.filter(viewer=profile).defer("archive").first(),
        "waiting": next((order for order in erasures if order.done_at is None), None),
        "done": [order for order in erasures if order.done_at is not None],
        "owed": Erasure.objects.filter(public_id=profile.public_id).exists(),
    }
    return _render(request, "data", context)


@_own_profile
@require_safe
def plays(request: AccountRequest, profile: Viewer) -> HttpResponse:
    found = WatchEvent.objects.filter(viewer=profile).select_related("title", "episode__season")
    return _rows(request, profile, "plays", found.order_by("-started_at", "-pk"))


@_own_profile
@require_safe
def decisions(request: AccountRequest, profile: Viewer) -> HttpResponse:
    found = Decision.objects.filter(viewer=profile).order_by("-first_seen_at", "-pk")
    return _rows(request, profile, "decisions", found)


@_own_profile
@require_safe
def impressions(request: AccountRequest, profile: Viewer) -> HttpResponse:
    found = Impression.objects.filter(decision__viewer=profile).select_related("decision")
    return _rows(request, profile, "impressions", found.order_by("-seen_at", "-pk"))


@_own_profile
@limited("copies")
@require_POST
def ask_copy(request: AccountRequest, profile: Viewer) -> HttpResponse:
    """Ask for a copy. A small one is made at once, a large one by a worker."""
    now = timezone.now()
    rows = copying.rows_kept(profile)
    copy = own_data.ask_for_copy(profile, rows_expected=rows, now=now)
    if rows < copying.LARGE:
        copying.make(copy.pk, now=now)
    return redirect("personalization:data", profile.public_id)


@_own_profile
@require_safe
def progress(request: AccountRequest, profile: Viewer) -> HttpResponse:
    """Show how far a copy is: to htmx, that part of the page alone."""
    copy = DataCopy.objects.filter(viewer=profile).defer("archive").first()
    return _render(request, "_copy", {"profile": profile, "copy": copy})


@_own_profile
@require_safe
def download(request: AccountRequest, profile: Viewer) -> HttpResponse:
    copy = DataCopy.objects.filter(viewer=profile, state=DataCopy.State.READY).first()
    if copy is None or copy.archive is None:
        raise Http404
    response = HttpResponse(bytes(copy.archive), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="marquee-data.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@_own_profile
@require_POST
def erase(request: AccountRequest, profile: Viewer) -> HttpResponse:
    own_data.ask_to_erase_history(profile, now=timezone.now())
    return redirect("personalization:data", profile.public_id)


@_own_profile
@require_POST
def undo(request: AccountRequest, profile: Viewer) -> HttpResponse:
    if own_data.undo_erasure(profile, now=timezone.now()):
        messages.success(request, gettext("Nothing was erased."))
    else:
        messages.error(request, gettext("It is too late: the ten seconds are over."))
    return redirect("personalization:data", profile.public_id)


@open_to_limited
@require_safe
def owed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say whether the erasure of a removed profile is still owed.

    Whoever removed the profile has its id, and no account any more perhaps. A profile that exists
    is not found. An id that never existed is answered as one whose erasure is done.
    """
    if Viewer.objects.filter(public_id=public_id).exists():
        raise Http404
    context = {"erasure": Erasure.objects.filter(public_id=public_id).first()}
    return render(request, "personalization/rights/owed.html", context)


def _rows(
    request: AccountRequest, profile: Viewer, kind: str, found: QuerySet[Any]
) -> HttpResponse:
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page", "1"))
    rows = [(row, getattr(row, "decision", row).title_id) for row in page.object_list]
    names = Title.objects.filter(pk__in={title for _, title in rows}).values_list("pk", "name")
    titles = dict(names)
    context = {
        "profile": profile,
        "kind": kind,
        "page": page,
        "rows": [(row, titles.get(title, "")) for row, title in rows],
    }
    return _render(request, "data_rows", context)


def _render(request: AccountRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    response = render(
        request,
        f"personalization/rights/{name}.html",
        context | {"synthetic": context["profile"].synthetic},
    )
    response.headers["Cache-Control"] = "no-store"
    return response
