"""The queue of reports: pictures that viewers say misrepresent their titles."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from catalog.admin.pictures import thumbnail
from catalog.admin.reading import Explained
from personalization.actions.reporting import decide_report
from personalization.models import PictureReport

DECIDED = ("state", "answer")


@admin.register(PictureReport)
class PictureReportAdmin(Explained):
    about = (
        "Viewers report pictures that misrepresent their titles. Look at the picture and the "
        "words, decide, and write an answer if there is one: the sender sees both. Nobody "
        "here is told who sent a report. Withdraw a picture in the Studio."
    )
    empty = (
        "No report waits. A viewer sends one from the menu of any picture, or from its page "
        "“Why this picture?”."
    )
    list_display = ("title", "picture", "reason", "others", "sent_at", "state")
    list_filter = ("state", "reason", "sent_at")
    search_fields = ("title__name", "words", "answer", "=id")
    search_help_text = "A title's name, words of the report or of the answer, or its number."
    list_select_related = ("title", "artwork")
    fields = (
        "title", "picture", "reason", "words", "others", "sent_at", "state", "answer",
        "decided_at", "decided_by_name",
    )  # fmt: skip

    @admin.display(description="picture")
    def picture(self, report: PictureReport) -> str:
        return thumbnail(report.artwork) if report.artwork else "Removed"

    @admin.display(description="other reports of it that wait")
    def others(self, report: PictureReport) -> int:
        if report.artwork_id is None:
            return 0
        waiting = PictureReport.objects.filter(
            artwork=report.artwork_id, state=PictureReport.State.WAITING
        )
        return waiting.exclude(pk=report.pk).count()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.fields if name not in DECIDED]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the filters that the page offers, so that no lookup leads to the sender."""
        return lookup.split("__")[0] in {"state", "reason", "sent_at"}

    def save_model(self, request: HttpRequest, obj: PictureReport, form: Any, change: bool) -> None:
        decide_report(
            obj,
            state=obj.state,
            answer=obj.answer,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
