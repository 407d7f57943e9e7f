"""Pages of long lists, by cursor.

REST framework's own cursor holds the first field of the ordering and an offset
of at most 1,000, so that a list with more ties than that repeats pages for
ever. This cursor holds the whole place of a row in the ordering, whose last
field is unique, and is signed: a cursor that was not given out is not found.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param


class KeysetPagination(CursorPagination):
    """Pages through `ordering`, whose fields are not null and whose last field is unique.

    Every row that stays is given once, however many rows tie and whatever is
    added or removed meanwhile.
    """

    ordering: tuple[str, ...]
    page_size = 24
    max_page_size = 100
    page_size_query_param = "limit"
    page_size_query_description = f"How many at most, up to {max_page_size}."

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.address = request.build_absolute_uri()
        self.signer = Signer(salt=f"cursor {queryset.model._meta.label} {self.ordering}")
        size = self.get_page_size(request) or self.page_size
        backwards, place = self._read(request, queryset.model)
        ordering = _reversed(self.ordering) if backwards else self.ordering
        if place is not None:
            queryset = queryset.filter(_after(place, ordering))
        rows = list(queryset.order_by(*ordering)[: size + 1])
        more = len(rows) > size
        shown = rows[:size]
        if backwards:
            shown.reverse()
        came_from_elsewhere = place is not None
        self.has_next = bool(shown) and (came_from_elsewhere if backwards else more)
        self.has_previous = bool(shown) and (more if backwards else came_from_elsewhere)
        self.shown = shown
        return shown

    def get_next_link(self) -> str | None:
        return self._link(self.shown[-1], backwards=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        return self._link(self.shown[0], backwards=True) if self.has_previous else None

    def _link(self, row: Model, *, backwards: bool) -> str:
        place = [_written(getattr(row, name.lstrip("-"))) for name in self.ordering]
        cursor = self.signer.sign_object([backwards, place])
        return replace_query_param(self.address, self.cursor_query_param, cursor)

    def _read(self, request: Request, model: type[Model]) -> tuple[bool, list[Any] | None]:
        """Return the direction and the place of the row to go on from; None at the start."""
        cursor = request.query_params.get(self.cursor_query_param)
        if cursor is None:
            return False, None
        try:
            backwards, place = self.signer.unsign_object(cursor)
            fields: list[Any] = [model._meta.get_field(name.lstrip("-")) for name in self.ordering]
            values = [field.to_python(value) for field, value in zip(fields, place, strict=True)]
        # A ValueError is text that cannot be encoded, or a place from before a change of the list.
        except (BadSignature, ValueError, ValidationError) as error:
            raise NotFound(self.invalid_cursor_message) from error
        return backwards, values


def _reversed(ordering: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in ordering)


def _after(place: Sequence[Any], ordering: Sequence[str]) -> Q:
    """Return the condition that a row comes after `place` in `ordering`."""
    condition = Q()
    ties = Q()
    for name, value in zip(ordering, place, strict=True):
        field, comparison = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        condition |= ties & Q(**{f"{field}__{comparison}": value})
        ties &= Q(**{field: value})
    # Implied by the rest; it lets the database start at the right place of an index.
    first = ordering[0].lstrip("-"), "lte" if ordering[0].startswith("-") else "gte"
    return Q(**{"__".join(first): place[0]}) & condition


def _written(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)


class NewestTitles(KeysetPagination):
    ordering = ("-year", "name", "id")


class NewestPlays(KeysetPagination):
    ordering = ("-started_at", "-id")
