"""People in the admin."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from catalog.models import Credit, Person


class CreditsOfPerson(admin.TabularInline):
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
class PersonAdmin(admin.ModelAdmin):
    list_display = ["name", "credited", "synthetic"]
    list_filter = ["synthetic"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["public_id", "synthetic"]
    inlines = [CreditsOfPerson]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).annotate(credit_count=Count("credits"))

    @admin.display(description="credits", ordering="credit_count")
    def credited(self, person: Person) -> int:
        count: int = person.credit_count  # type: ignore[attr-defined]
        return count
