"""The filters of browse as its page shows them: menus, chips, and addresses."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Genre, Title
from catalog.queries.browse import Facets, Filters

# In the order in which an address names them. The genre is in the path.
NAMES = ("mood", "decade", "length", "kind", "person", "sort")
USUAL_SORT = "year"


@dataclass(frozen=True, slots=True)
class Menu:
    """One menu; `choices` are (value, label). The first stands for no filter."""

    name: str
    label: str
    value: str
    choices: list[tuple[str, str]]

    @property
    def is_set(self) -> bool:
        return self.value != self.choices[0][0]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, and the address without it."""

    label: str
    href: str


def values_of(filters: Filters) -> dict[str, str]:
    """Return what an address says of the filters, without what it need not say."""
    found = {
        "genre": filters.genre.slug if filters.genre else "",
        "mood": filters.mood.slug if filters.mood else "",
        "decade": "" if filters.decade is None else str(filters.decade),
        "length": filters.length,
        "kind": filters.kind,
        "person": filters.person.slug if filters.person else filters.nobody,
        "sort": "" if filters.sort == USUAL_SORT else filters.sort,
    }
    return {name: value for name, value in found.items() if value}


def address(filters: Filters, **changes: str) -> str:
    """Return the address of browse with these filters; an empty change removes one."""
    values = {**values_of(filters), **changes}
    genre = values.pop("genre", "")
    path = reverse("catalog:genre", args=[genre]) if genre else reverse("catalog:browse")
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path


def genre_links(filters: Filters, genres: list[Genre]) -> list[tuple[Genre, str]]:
    """Return each genre with the address that chooses it and keeps the other filters."""
    return [(genre, address(filters, genre=genre.slug)) for genre in genres]


def menus(filters: Filters, facets: Facets, *, for_viewer: bool) -> list[Menu]:
    values = values_of(filters)
    if filters.sort == "you" and not for_viewer:
        values["sort"] = "popular"  # the order in which they are then
    moods = [(mood.slug, _(mood.name)) for mood in facets.moods]
    decades = [(str(decade), _decade(decade)) for decade in facets.decades]
    return [
        _menu("mood", _("Mood"), values, [("", _("Any mood")), *moods]),
        _menu("decade", _("Decade"), values, [("", _("Any decade")), *decades]),
        _menu("length", _("Length"), values, [("", _("Any length")), *lengths().items()]),
        _menu("kind", _("Kind"), values, [("", _("Films and series")), *kinds().items()]),
        _menu("sort", _("Sort"), values, list(sorts(for_viewer=for_viewer).items())),
    ]


def _menu(name: str, label: str, values: dict[str, str], choices: list[tuple[str, str]]) -> Menu:
    chosen = values.get(name, USUAL_SORT if name == "sort" else "")
    return Menu(name, label, chosen, choices)


def lengths() -> dict[str, str]:
    return {
        "under-45": _("Under 45 minutes"),
        "45-90": _("45 to 90 minutes"),
        "90-120": _("90 minutes to 2 hours"),
        "over-120": _("2 hours or more"),
    }


def kinds() -> dict[str, str]:
    return {Title.Kind.FILM.value: _("Films"), Title.Kind.SERIES.value: _("Series")}


def sorts(*, for_viewer: bool) -> dict[str, str]:
    """Return the orders. There is one for the viewer only where something is known of them."""
    own = {"you": _("For you")} if for_viewer else {}
    return {
        "year": _("Newest year first"),
        "added": _("Newly added first"),
        "name": _("By name"),
        "popular": _("Most watched first"),
        **own,
    }


def chips(filters: Filters) -> list[Chip]:
    """Return a chip for each filter that is set."""
    labels = {
        "genre": _(filters.genre.name) if filters.genre else "",
        "mood": _(filters.mood.name) if filters.mood else "",
        "decade": "" if filters.decade is None else _decade(filters.decade),
        "length": lengths().get(filters.length, ""),
        "kind": kinds().get(filters.kind, ""),
        "person": filters.person.name if filters.person else filters.nobody,
    }
    return [Chip(label, address(filters, **{name: ""})) for name, label in labels.items() if label]


def _decade(decade: int) -> str:
    return _("%(decade)ss") % {"decade": decade}
