"""What may be looked at and never edited: it was written by code, and others rely on it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


HEADLINE_WORDS = 14  # of a long reason in a list; the row's own page has all of it


def short(digest: str) -> str:
    """Return enough of a digest to tell files apart; the row's own page has all of it."""
    return f"{digest[:12]}…"


class Explained(ModelAdmin):
    """Says above its list what the list holds.

    Attributes:
        about: what the list holds, and why nobody edits it where nobody may.
        empty: what will fill the list, and when.
    """

    about: str
    empty = ""

    def also(self) -> str:
        """Return what else is to be said above the list today, or an empty string."""
        return ""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        words = {"about": self.about, "also": self.also(), "empty": self.empty}
        return super().changelist_view(request, words | (extra_context or {}))


class ReadOnly(Explained):
    """Shows rows; adds, changes and deletes none."""

    change_form_template = "admin/read.html"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the filters that the page offers. Django would allow each field of the row."""
        filters: list[Any] = list(self.list_filter)
        offered = {each if isinstance(each, str) else each[0] for each in filters}
        allowed = super().lookup_allowed(lookup, value, request)
        return bool(allowed) and lookup.split("__")[0] in offered | {self.date_hierarchy}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    class Media:
        css = {"all": ["admin/reading.css"]}
