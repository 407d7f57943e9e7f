"""Search by name in the admin, as viewers' search does it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from catalog.queries.names import cleaned, named_like


class NameSearch(admin.ModelAdmin):
    """An admin that finds rows by names too, beside its `search_fields`.

    Accents, case and punctuation do not matter, and one wrong letter is forgiven.
    """

    # Where the names are: the look-up that leads to the row that has one, and that row's model.
    named_by: dict[str, type[Model]] = {}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not queryset.ordered:
            # An annotated count drops the model's order, and autocompletion gives pages.
            queryset = queryset.order_by(*(self.opts.ordering or ()), "pk")
        term = cleaned(search_term)
        rows, repeated = super().get_search_results(request, queryset, term)
        if not term:
            return rows, repeated
        wanted = Q(pk__in=rows.order_by().values("pk"))
        for path, model in self.named_by.items():
            named = named_like(model._default_manager.order_by(), term).values("pk")
            wanted |= Q(**{f"{path}__in": named})
        return queryset.filter(wanted), True
