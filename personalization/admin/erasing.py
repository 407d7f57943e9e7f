"""What is owed to viewers who were erased, and what was done to sealed days about it."""

from django.contrib import admin

from catalog.admin.reading import ReadOnly, short
from personalization.models import Erasure, Night, SealedDayRewrite


@admin.register(SealedDayRewrite)
class SealedDayRewriteAdmin(ReadOnly):
    about = (
        "Each time that a sealed day’s file gave way to one without somebody who was erased. It "
        "explains why evidence names a digest that a day has no longer, so it is kept for good; "
        "it says how many rows went, and not whose."
    )
    empty = (
        "No sealed day was ever written again. When a profile is removed that sealed days hold, "
        "each of them has its row here within a minute or so."
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
    """What is owed still; a row that stays for long waits for a file that cannot be read."""

    about = (
        "Removed profiles that sealed days may still hold. A row goes by itself as soon as none "
        "does, within a minute or so. One that stays waits for a night that is running, or for a "
        "file that cannot be read: the task results and the next night’s page name it."
    )
    empty = (
        "Nothing is owed. Removing a profile, or an account with its profiles, puts a row here "
        "until the sealed days are written again without it; what was done then stands under "
        "sealed day rewrites."
    )
    list_display = ("asked_at",)
    fields = ("asked_at",)

    def also(self) -> str:
        """Name the days that the newest night could not write again, while that is owed."""
        night = Night.objects.first() if Erasure.objects.exists() else None
        waiting = night.report.get("not_erased", {}) if night else {}
        return " ".join(f"{day} still holds one: {why}" for day, why in waiting.items())
