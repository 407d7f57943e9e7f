"""Nights: their stages, what was decided, and why."""

from datetime import UTC
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator

from catalog.admin.reading import HEADLINE_WORDS, ReadOnly
from personalization.admin.registry import conditions_of
from personalization.models import ModelVersion, Night
from personalization.night import running, spreading
from personalization.night.claim import NightBusy

SHOWN_REMOVALS = 5  # the newest


@admin.register(Night)
class NightAdmin(ReadOnly):
    about = (
        "One row a night: what it sealed and fitted, what was decided about the candidate, and "
        "why. The action below tries a night again that failed. A night that nothing depends on, "
        "such as one that a wrong clock dated, can be removed on its own page."
    )
    empty = (
        "No night has run yet. The next one starts at the hour that “Night: begin” has under "
        "periodic tasks. “manage.py nightly” starts one at once."
    )
    list_display = ("date", "progress", "outcome", "why", "attempts", "error", "finished_at")
    list_filter = ("outcome", "stage")
    search_fields = ("reason", "error", "date")
    search_help_text = "Words of a reason or an error, or a date as 2026-03-02."
    date_hierarchy = "date"
    actions = ("retry",)
    fields = (
        "date",
        "progress",
        "outcome",
        "reason",
        "candidate",
        "conditions",
        "sealed",
        "error",
        "attempts",
        "started_at",
        "finished_at",
    )
    readonly_fields = ("progress", "candidate", "conditions", "sealed")

    @admin.display(description="stage", ordering="stage")
    def progress(self, night: Night) -> str:
        """Show the stage, and how many shards are reduced while the night waits for workers."""
        waits = night.stage == Night.Stage.REDUCE
        stage = night.get_stage_display()
        return f"{stage}: {spreading.shard_progress()}" if waits else stage

    @admin.display(description="why", ordering="reason")
    def why(self, night: Night) -> str:
        return Truncator(night.reason).words(HEADLINE_WORDS)

    @admin.display(description="candidate")
    def candidate(self, night: Night) -> str:
        found = ModelVersion.objects.filter(night=night).first()
        if found is None:
            return "none"
        address = reverse("admin:personalization_modelversion_change", args=[found.pk])
        return format_html('<a href="{}">{}</a> ({})', address, found, found.get_state_display())

    @admin.display(description="conditions of the release")
    def conditions(self, night: Night) -> str:
        model = ModelVersion.objects.filter(night=night).first()
        return conditions_of(model) if model else "There is no candidate."

    @admin.display(description="sealed this night")
    def sealed(self, night: Night) -> str:
        return render_to_string("admin/personalization/_sealed.html", {"report": night.report})

    @admin.action(description="Try failed nights again", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Night]) -> None:
        for night in queryset:
            running.retry(night)
        self.message_user(request, "The next tick, within a minute, continues these nights.")

    def also(self) -> str:
        """Name the nights that a wrong clock dated, and those that were removed."""
        ahead = Night.objects.filter(date__gt=timezone.now().astimezone(UTC).date())
        dated = " ".join(
            f"The {night} is dated in the future, so a clock was wrong. It stops no other night."
            for night in ahead
        )
        removed = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Night), action_flag=DELETION
        ).select_related("user")[:SHOWN_REMOVALS]
        history = " ".join(
            f"{entry.object_repr.capitalize()} was removed by {entry.user} on "
            f"{entry.action_time:%Y-%m-%d}."
            for entry in removed
        )
        return " ".join(filter(None, (dated, history)))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out the removal of many at once: a night is removed on its own page."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Night | None = None) -> bool:
        may = request.user.has_perm("personalization.delete_night")
        return may and (obj is None or not running.depends_on(obj))

    def delete_model(self, request: HttpRequest, obj: Night) -> None:
        running.remove(obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Remove a night after a confirmation. Its removal stays in the admin's history."""
        try:
            # The history's entry goes with the removal, or neither is kept.
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except (running.CannotRun, NightBusy) as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:personalization_night_changelist")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("personalization.change_night")
