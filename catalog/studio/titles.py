"""The studio's lists: titles, what waits for review, and one title's board."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import ListView

from catalog.models import Artwork, Title
from catalog.queries import artwork as queries
from catalog.studio.access import EditorsOnly, needs

LACKING = {
    "": "All titles",
    "artwork": "Nothing approved",
    "choice": "Fewer than two approved",
    "default": "No default",
}


class FilteredList(EditorsOnly, ListView):
    """A list that keeps its search from page to page."""

    paginate_by = 48
    filters: tuple[str, ...]

    def asked(self) -> dict[str, str]:
        return {name: self.request.GET.get(name, "")[:100] for name in self.filters}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(asked=self.asked(), **kwargs)


class StudioTitles(FilteredList):
    template_name = "studio/titles.html"
    context_object_name = "titles"
    filters = ("words", "lacking")
    extra_context = {"lacking_choices": LACKING, "section": "titles"}

    def get_queryset(self) -> QuerySet[Title]:
        return queries.titles_with_counts(**self.asked())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        standing = queries.standing_for(context["titles"])
        context["cards"] = [(title, standing.get(title.pk)) for title in context["titles"]]
        return context


class ReviewQueue(FilteredList):
    template_name = "studio/review.html"
    context_object_name = "artworks"
    filters = ("words", "kind")
    extra_context = {"kinds": Artwork.Kind.choices, "section": "review"}

    def get_queryset(self) -> QuerySet[Artwork]:
        return queries.review_queue(**self.asked())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        elsewhere = queries.same_file_elsewhere(context["artworks"])
        context["cards"] = [
            (artwork, elsewhere.get(artwork.pk, [])) for artwork in context["artworks"]
        ]
        return context


@needs("catalog.change_artwork")
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all artworks of a title, in every state."""
    title = get_object_or_404(Title.objects.select_related("default_artwork"), slug=slug)
    artworks = queries.board(title)
    alike = queries.look_alikes(artworks)
    elsewhere = queries.same_file_elsewhere(artworks)
    return render(
        request,
        "studio/board.html",
        {
            "title": title,
            "cards": [
                (
                    artwork,
                    {
                        "alike": alike.get(artwork.pk, []),
                        "elsewhere": elsewhere.get(artwork.pk, []),
                    },
                )
                for artwork in artworks
            ],
            "approved": sum(artwork.state == Artwork.State.APPROVED for artwork in artworks),
        },
    )
