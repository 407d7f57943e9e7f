"""Sealed days, and the decisions and windows they come from."""

from datetime import UTC, date
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from catalog.admin.reading import ReadOnly, short
from catalog.counting import counted
from personalization.admin import pseudonyms
from personalization.journal import dropping, sealing
from personalization.models import Decision, SealedDay, SealedDayRewrite, Window
from personalization.storage import StorageAltered, StorageMissing


@admin.register(SealedDay)
class SealedDayAdmin(ReadOnly):
    about = (
        "The file of each day’s decisions, and its digest. Models learn from these files and "
        "audits replay them. Models and evidence name the digests, so nobody edits a day."
    )
    empty = (
        "No day is sealed yet. A day is sealed by the second night after it, when no play can "
        "count for its decisions any more."
    )
    list_display = (
        "day", "decisions", "share", "begun", "left_out", "sealed_at", "dropped_at", "digest"
    )  # fmt: skip
    list_filter = ("day", "schema_version")
    search_fields = ("day", "sha256")
    search_help_text = "A date as 2026-03-02, or the digest of a day's file."
    date_hierarchy = "day"
    actions = ("verify", "compare")
    readonly_fields = ("written_again",)

    @admin.display(description="written again")
    def written_again(self, day: SealedDay) -> str:
        return (
            format_html_join(
                mark_safe("<br>"),
                "on {}, without {} rows ({}); its digest was {} before",
                (
                    (
                        f"{each.rewritten_at:%Y-%m-%d}",
                        each.rows_removed,
                        each.get_why_display().lower(),
                        each.old_sha256,
                    )
                    for each in SealedDayRewrite.objects.filter(day=day.day)
                ),
            )
            or "never"
        )

    @admin.display(description="decisions", ordering="rows")
    def decisions(self, day: SealedDay) -> str:
        return f"{day.rows:,}"

    @admin.display(description="digest", ordering="sha256")
    def digest(self, day: SealedDay) -> str:
        return short(day.sha256)

    @admin.display(description="led to a quality play")
    def share(self, day: SealedDay) -> str:
        return f"{day.rewards / day.rows:.2%}" if day.rows else "–"

    @admin.display(description="left out")
    def left_out(self, day: SealedDay) -> int:
        return sum(day.refused.values())

    @admin.action(description="Check that the files are unchanged", permissions=["view"])
    def verify(self, request: HttpRequest, queryset: QuerySet[SealedDay]) -> None:
        self._report(request, queryset, sealing.verify, "unchanged")

    @admin.action(description="Compare with the journal", permissions=["view"])
    def compare(self, request: HttpRequest, queryset: QuerySet[SealedDay]) -> None:
        self._report(request, queryset, sealing.recheck, "equal to the journal")

    def _report(self, request, queryset, check, good) -> None:  # type: ignore[no-untyped-def]
        fine = 0
        for day in queryset.order_by("day"):
            try:
                check(day)
                fine += 1
            except sealing.RowsDropped as gone:
                self.message_user(request, str(gone), messages.WARNING)
            except (StorageAltered, StorageMissing, sealing.SealDiffers) as error:
                self.message_user(request, f"{day}: {error}", messages.ERROR)
        if fine:
            self.message_user(request, f"{counted(fine, 'sealed day')} checked: each is {good}.")


class OfViewers(ReadOnly):
    """Rows of viewers, who appear as codes. Times of day are left out: they lead to people too.

    Attributes:
        page: whose codes these are.
    """

    page: pseudonyms.StaffPage
    list_select_related = ("viewer", "model")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        viewer = pseudonyms.viewer_with(search_term, self.page)
        if viewer is not None:
            return queryset.filter(viewer=viewer), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="viewer’s code")
    def code(self, row: Decision | Window) -> str:
        return pseudonyms.code(row.viewer.public_id, self.page)

    @admin.display(description="viewer’s code")
    def explained_code(self, row: Decision | Window) -> str:
        return format_html('{}<div class="help">{}</div>', self.code(row), pseudonyms.WHY)


@admin.register(Decision)
class DecisionAdmin(OfViewers):
    about = (
        "Which artwork was drawn with what chance, for artwork that a viewer really saw. Models "
        "learn from it and replays are compared with it, so nobody edits it. Viewers appear as "
        "codes, because no member of the staff may see what a named person was shown."
    )
    page = pseudonyms.StaffPage.DECISIONS
    empty = (
        "No decision yet. One is recorded when at least half of a picture was visible to a viewer "
        "for a second."
    )
    list_display = (
        "id", "day", "code", "title", "chosen", "chance", "standing", "policy"
    )  # fmt: skip
    list_filter = ("standing", "policy", "surface", "begun", "day")
    search_fields = ("=id", "title__name", "=chosen")
    search_help_text = "A decision's or artwork's number, a viewer's code, or a title."
    list_select_related = ("viewer", "title")
    # Counting a journal of many millions of rows takes longer than the page is worth.
    show_full_result_count = False
    list_per_page = 50
    fields = (
        "explained_code",
        "title",
        "window",
        "model",
        "standing",
        "policy",
        "chances",
        "surface",
        "position",
        "day",
        "begun",
    )
    readonly_fields = ("explained_code", "chances")

    def also(self) -> str:
        return _gone()

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Options, object_id: str
    ) -> HttpResponse:
        answer: HttpResponse = super()._get_obj_does_not_exist_redirect(  # type: ignore[misc]
            request, opts, object_id
        )
        if gone := _gone():
            self.message_user(request, gone, messages.WARNING)
        return answer

    @admin.display(description="chance", ordering="propensity")
    def chance(self, decision: Decision) -> str:
        return f"{decision.propensity:.1%}"

    @admin.display(description="eligible artworks")
    def chances(self, decision: Decision) -> str:
        return render_to_string(
            "admin/personalization/_chances.html",
            {
                "chosen": decision.chosen,
                "chances": [
                    (artwork, f"{probability:.1%}")
                    for artwork, probability in zip(
                        decision.artworks, decision.probabilities, strict=True
                    )
                ],
            },
        )


def _gone() -> str:
    """Say which decisions have left the journal; "" if none has."""
    last = dropping.newest_dropped()
    if last is None:
        return ""
    return (
        f"Decisions up to {last} have left the journal. Only the sealed days' files hold them, so "
        "they can neither be shown nor replayed here."
    )


@admin.register(Window)
class WindowAdmin(OfViewers):
    about = (
        "What a viewer’s choices depend on for some days: the viewer vector, the affinities to "
        "people, and the model. Each decision in a window can be computed from it again, so nobody "
        "edits it. Viewers appear as codes, because no member of the staff may see what a named "
        "person watched."
    )
    empty = "No window yet. A viewer’s first page opens one."
    page = pseudonyms.StaffPage.WINDOWS
    list_display = ("id", "code", "key", "model", "history_length", "opened_on", "released_at")
    list_filter = ("model", ("released_at", admin.EmptyFieldListFilter))
    search_fields = ("=id", "=vector_digest")
    search_help_text = "A window's number, a viewer's code, or a vector's digest."
    fields = (
        "explained_code",
        "key",
        "model",
        "manifest_digest",
        "vector_digest",
        "history_length",
        "opened_on",
        "released_at",
        "kept",
    )
    readonly_fields = ("explained_code", "opened_on", "kept")
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description="opened on")
    def opened_on(self, window: Window) -> date:
        return window.opened_at.astimezone(UTC).date()

    @admin.display(description="viewer vector")
    def kept(self, window: Window) -> str:
        return format_html(
            "A vector of {} numbers and affinities to {} people.",
            len(window.vector) // 8,
            len(window.affinity_people) // 8,
        )
