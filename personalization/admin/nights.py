"""Nights: where each stands, what it decided and why."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from personalization.admin.reading import HEADLINE_WORDS, ReadOnly
from personalization.models import ModelVersion, Night
from personalization.night import running, spreading


@admin.register(Night)
class NightAdmin(ReadOnly):
    about = (
        "One row a night: what it sealed, fitted and judged, what it decided, and why. Nights "
        "write themselves; the action below lets one that failed be tried again."
    )
    empty = (
        "No night has run yet. The next begins at the hour that “Night: begin” has under "
        "periodic tasks; “manage.py nightly” begins one at once."
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
        "sealed",
        "error",
        "attempts",
        "started_at",
        "finished_at",
    )
    readonly_fields = ("progress", "candidate", "sealed")

    @admin.display(description="stage", ordering="stage")
    def progress(self, night: Night) -> str:
        """Say where the night is, and how far the workers are where it waits for them."""
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

    @admin.display(description="sealed this night")
    def sealed(self, night: Night) -> str:
        return render_to_string("admin/personalization/_sealed.html", {"report": night.report})

    @admin.action(description="Try again what failed", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Night]) -> None:
        for night in queryset:
            running.retry(night)
        self.message_user(request, "The next tick, within a minute, goes on with these nights.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("personalization.change_night")
