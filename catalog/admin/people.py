"""People in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from catalog.admin.inlines import TableInline
from catalog.admin.naming import NameSearch
from catalog.models import Artwork, Credit, Person

# How many artworks the page lists that keep a person from being deleted.
MOST_LISTED = 50


class CreditsOfPerson(TableInline):
    model = Credit
    fields = ("title", "role", "character", "billing")
    readonly_fields = fields
    extra = 0
    can_delete = False
    verbose_name_plural = "credits (edit them at the title)"

    def has_add_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credit]:
        return super().get_queryset(request).select_related("title")


@admin.register(Person)
class PersonAdmin(NameSearch):
    list_display = ["name", "credited", "synthetic"]
    list_filter = ["synthetic"]
    search_fields = ["slug"]
    named_by = {"pk": Person}
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["public_id", "synthetic"]
    inlines = [CreditsOfPerson]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).annotate(credit_count=Count("credits"))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Protect people who can be seen in artwork: without them it would depict somebody less.

        The single page and the bulk action both delete only what this allows.
        """
        deletable, counts, permissions, protected = super().get_deleted_objects(objs, request)
        depictions = Artwork.depicted.through.objects.filter(person__in=objs).select_related(
            "person", "artwork__title"
        )
        seen = [
            format_html(
                '{} can be seen in <a href="{}">artwork {} of {}</a>. Annotate that first.',
                depiction.person,
                reverse("catalog:studio_artwork", args=[depiction.artwork_id]),
                depiction.artwork_id,
                depiction.artwork.title,
            )
            for depiction in depictions[:MOST_LISTED]
        ]
        return deletable, counts, permissions, [*protected, *seen]

    @admin.display(description="credits", ordering="credit_count")
    def credited(self, person: Person) -> int:
        count: int = person.credit_count  # type: ignore[attr-defined]
        return count
