"""Titles in the admin, with their credits, seasons and artwork."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet, BaseModelFormSet, ModelForm, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from catalog.actions.artwork import raise_revision
from catalog.admin.history import HistoryAdmin
from catalog.admin.inlines import TableInline
from catalog.admin.naming import NameSearch
from catalog.admin.pictures import thumbnail
from catalog.models import Artwork, Credit, Episode, Genre, Mood, Season, Title
from catalog.queries import changes


@admin.register(Genre)
class GenreAdmin(NameSearch):
    list_display = ["name", "slug"]
    search_fields = ["slug"]
    named_by = {"pk": Genre}
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Mood)
class MoodAdmin(NameSearch):
    list_display = ["name", "slug"]
    search_fields = ["slug"]
    named_by = {"pk": Mood}
    prepopulated_fields = {"slug": ["name"]}


class CreditFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Keep the credits of people who can be seen in artwork: the audit needs their billing."""
        super().clean()
        if any(self.errors):
            return
        before = Credit.objects.filter(title=self.instance.pk, role=Credit.Role.CAST)
        staying = {
            form.instance.person_id
            for form in self.forms
            if form.instance.role == Credit.Role.CAST and not form.cleaned_data.get("DELETE")
        }
        depictions = Artwork.depicted.through.objects.filter(
            artwork__title=self.instance.pk, person__in=before.values("person")
        ).select_related("person")
        for depiction in depictions.exclude(person__in=staying):
            raise ValidationError(
                f"{depiction.person} can be seen in artwork {depiction.artwork_id}. "
                "Change its annotation in the studio first."
            )


class CreditInline(TableInline):
    model = Credit
    formset = CreditFormSet
    autocomplete_fields = ["person"]
    extra = 0
    ordering = ["role", "billing"]


class SeasonInline(TableInline):
    model = Season
    extra = 0
    show_change_link = True


class ArtworkInline(TableInline):
    model = Artwork
    fields = ("picture", "kind", "state", "alt", "uploaded_at")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True
    verbose_name_plural = "artwork (upload, annotate and review it in the studio)"

    def has_add_permission(self, request: HttpRequest, obj: Title | None = None) -> bool:
        return False

    @admin.display(description="picture")
    def picture(self, artwork: Artwork) -> str:
        return thumbnail(artwork)


@admin.register(Title)
class TitleAdmin(NameSearch, HistoryAdmin):
    changes_of = staticmethod(changes.of_title)
    list_display = ["name", "year", "kind", "maturity", "artwork_count", "published", "synthetic"]
    list_filter = ["kind", "published", "maturity", "genres", "synthetic"]
    search_fields = ["slug"]
    named_by = {"pk": Title}
    date_hierarchy = "added_at"
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["genres", "moods"]
    readonly_fields = ["default_picture", "studio", "synthetic", "source", "source_id"]
    inlines = [CreditInline, SeasonInline, ArtworkInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", ("year", "runtime_minutes"), "synopsis"]}),
        ("Where it appears", {"fields": ["genres", "moods", "maturity", "published", "added_at"]}),
        (
            "Artwork",
            {
                "fields": ["default_picture", "studio"],
                "description": "The default artwork is shown wherever no other artwork is chosen.",
            },
        ),
        (
            "Where it came from",
            {"fields": ["synthetic", "source", "source_id"], "classes": ["collapse"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Title]:
        found = super().get_queryset(request).select_related("default_artwork")
        return found.annotate(artworks_held=Count("artworks"))

    @admin.display(description="artwork", ordering="artworks_held")
    def artwork_count(self, title: Title) -> int:
        count: int = title.artworks_held  # type: ignore[attr-defined]
        return count

    @admin.display(description="default artwork")
    def default_picture(self, title: Title) -> str:
        artwork = title.default_artwork
        return (
            thumbnail(artwork, width=320)
            if artwork
            else "None. The first approved artwork is shown."
        )

    @admin.display(description="studio")
    def studio(self, title: Title) -> str:
        if not title.pk:
            return "Available after the title is saved"
        address = reverse("catalog:studio_title", args=[title.slug])
        return format_html('<a href="{}">Artwork of this title in the studio</a>', address)

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,
        formsets: list[BaseModelFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        # Billing affects choices, which keep it in memory until the revision rises.
        if any(formset.model is Credit and formset.has_changed() for formset in formsets):
            raise_revision()


class EpisodeInline(TableInline):
    model = Episode
    extra = 0


@admin.register(Season)
class SeasonAdmin(NameSearch):
    list_display = ["title", "number", "episode_count"]
    list_select_related = ["title"]
    search_fields = ["title__slug"]
    named_by = {"title": Title}
    autocomplete_fields = ["title"]
    inlines = [EpisodeInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Season]:
        return super().get_queryset(request).annotate(episodes_held=Count("episodes"))

    @admin.display(description="episodes", ordering="episodes_held")
    def episode_count(self, season: Any) -> int:
        count: int = season.episodes_held
        return count
