"""Artwork in the admin: its facts, and review in bulk."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from catalog.actions import artwork as actions
from catalog.admin.history import HistoryAdmin
from catalog.admin.naming import NameSearch
from catalog.admin.pictures import thumbnail
from catalog.models import Artwork, Person, Title
from catalog.queries import changes
from catalog.queries.artwork import left_without


@admin.register(Artwork)
class ArtworkAdmin(NameSearch, HistoryAdmin):
    changes_of = staticmethod(changes.of_artwork)
    list_display = ["picture", "title", "kind", "state", "people", "uploaded_at", "synthetic"]
    list_display_links = ["picture", "title"]
    list_filter = ["state", "kind", "moods", "synthetic"]
    list_select_related = ["title"]
    list_per_page = 50
    search_fields = ["alt", "sha256"]
    named_by = {"title": Title, "depicted": Person}
    search_help_text = "Title, person, description, or the file's SHA-256."
    date_hierarchy = "uploaded_at"
    ordering = ["-uploaded_at", "-pk"]
    actions = ["approve", "withdraw"]
    readonly_fields = [
        *("picture", "studio", "title", "kind", "state", "state_reason", "moods", "depicted"),
        *("alt", "focal_x", "focal_y", "uploaded_by", "uploaded_at", "approved_at"),
        *("withdrawn_at", "sha256", "perceptual_hash", "width", "height", "synthetic"),
    ]
    fieldsets = [
        (None, {"fields": ["picture", "title", "state", "state_reason", "studio"]}),
        (
            "What it shows",
            {
                "fields": ["kind", "alt", "depicted", "moods", ("focal_x", "focal_y")],
                "description": "Edit this in the studio. The audit rests on the depicted cast.",
            },
        ),
        (
            "The file",
            {
                "fields": [
                    *(("width", "height"), "sha256", "perceptual_hash", "synthetic"),
                    *("uploaded_by", "uploaded_at", "approved_at", "withdrawn_at"),
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artwork]:
        return super().get_queryset(request).prefetch_related("depicted")

    # Artwork is uploaded in the studio, where the file is inspected. It is withdrawn and never
    # deleted, because decisions and sealed days refer to it.
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Artwork | None = None) -> bool:
        return False

    @admin.display(description="picture")
    def picture(self, artwork: Artwork) -> str:
        return thumbnail(artwork)

    @admin.display(description="depicted")
    def people(self, artwork: Artwork) -> str:
        return ", ".join(person.name for person in artwork.depicted.all()) or "—"

    @admin.display(description="studio")
    def studio(self, artwork: Artwork) -> str:
        address = reverse("catalog:studio_artwork", args=[artwork.pk])
        return format_html('<a href="{}">Annotate and review in the studio</a>', address)

    @admin.action(description="Approve selected artwork", permissions=["change"])
    def approve(self, request: HttpRequest, artworks: QuerySet[Artwork]) -> None:
        step = partial(actions.approve, by=request.user, now=timezone.now())
        self._do(request, artworks, step, "Approved")

    @admin.action(description="Withdraw selected artwork …", permissions=["change"])
    def withdraw(
        self, request: HttpRequest, artworks: QuerySet[Artwork]
    ) -> TemplateResponse | HttpResponseRedirect | None:
        """Ask for the reason, and say which titles are left without any approved artwork."""
        bare = left_without(artworks)
        confirmed = set(request.POST.getlist("left_without"))
        if "confirmed" in request.POST and confirmed >= {str(title.pk) for title in bare}:
            now: datetime = timezone.now()
            reason = request.POST.get("reason", "")

            def step(artwork: Artwork) -> None:
                actions.withdraw(
                    artwork,
                    by=request.user,
                    reason=reason,
                    now=now,
                    may_be_last=str(artwork.title_id) in confirmed,
                )

            self._do(request, artworks, step, "Withdrew")
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw artwork",
            "opts": self.opts,
            "artworks": artworks,
            "left_without": bare,
            "reason": request.POST.get("reason", ""),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/catalog/withdraw.html", context)

    def _do(
        self,
        request: HttpRequest,
        artworks: QuerySet[Artwork],
        step: Callable[[Artwork], Any],
        verb: str,
    ) -> None:
        """Take the step for each artwork that it is possible for, and say why not for the rest."""
        done = 0
        for artwork in artworks:
            try:
                step(artwork)
                done += 1
            except actions.NotPossible as refusal:
                self.message_user(request, f"{artwork}: {refusal}", messages.WARNING)
        if done:
            self.message_user(request, f"{verb} {done} artwork(s).", messages.SUCCESS)
