"""Erasures that wait, and sealed days that were written again."""

from datetime import UTC

from django.contrib import admin
from django.utils import timezone

from catalog.admin.reading import ReadOnly, short
from personalization.models import Erasure, Night, SealedDayRewrite


@admin.register(SealedDayRewrite)
class SealedDayRewriteAdmin(ReadOnly):
    about = (
        "One row each time that a sealed day was written again without an erased viewer. It "
        "explains why evidence names a digest that the day no longer has, so it is kept for good. "
        "It says how many rows were removed, and not whose."
    )
    empty = (
        "No sealed day was ever written again. When a profile is removed, each sealed day that "
        "holds it gets a row here within a minute or so."
    )
    list_display = ("day", "rewritten_at", "rows_removed", "why", "old_digest", "new_digest")
    list_filter = ("rewritten_at", "why")
    search_fields = ("day", "old_sha256", "new_sha256")
    search_help_text = "A date as 2026-03-02, or a digest that a day's file has or had."

    @admin.display(description="old digest", ordering="old_sha256")
    def old_digest(self, rewrite: SealedDayRewrite) -> str:
        return short(rewrite.old_sha256)

    @admin.display(description="new digest", ordering="new_sha256")
    def new_digest(self, rewrite: SealedDayRewrite) -> str:
        return short(rewrite.new_sha256)


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    """Erasures that wait. A row that stays waits for a file that cannot be read."""

    about = (
        "Removed profiles that sealed days may still hold. A row is deleted as soon as no day "
        "holds the profile, within a minute or so. A row that stays waits for a running night, or "
        "for a file that cannot be read. The task results and the next night’s page name the file."
    )
    empty = (
        "No erasure waits. When a profile or an account is removed, a row stays here until the "
        "sealed days are written again without it. See sealed day rewrites for what was done."
    )
    list_display = ("asked_at",)
    fields = ("asked_at",)

    def also(self) -> str:
        """Name the days that the newest night could not write again, while an erasure waits."""
        if not Erasure.objects.exists():
            return ""
        # A wrong clock may have dated a night in the future.
        night = Night.objects.filter(date__lte=timezone.now().astimezone(UTC).date()).first()
        waiting = night.report.get("not_erased", {}) if night else {}
        return " ".join(
            f"{day} still holds a removed profile: {why}" for day, why in waiting.items()
        )
