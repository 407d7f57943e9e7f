"""What a viewer said about titles."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Subquery

from catalog.models import HiddenTitle, ListedTitle, PutAside, Rating, Title, Viewer, WatchedMark
from catalog.models.titles import TitleQuerySet

PAGE_LENGTH = 48


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a viewer said about one title. `rating` is "" where there is none."""

    listed: bool = False
    rating: str = ""
    hidden: bool = False
    aside: bool = False


def opinion_of(viewer: Viewer, title: Title) -> Opinion:
    """Return what a viewer said about a title. One query."""

    def said(model: type[ListedTitle | HiddenTitle | PutAside]) -> Exists:
        return Exists(model.objects.filter(viewer=viewer, title=OuterRef("pk")))

    rating = Rating.objects.filter(viewer=viewer, title=OuterRef("pk")).values("value")
    found = (
        Title.objects.filter(pk=title.pk)
        .values_list(said(ListedTitle), Subquery(rating), said(HiddenTitle), said(PutAside))
        .first()
    )
    if found is None:
        return Opinion()
    listed, value, hidden, aside = found
    return Opinion(listed, value or "", hidden, aside)


def list_of(viewer: Viewer, *, page: str | int) -> Page[Title]:
    """Return one page of a viewer's list, the newest first: what they may see and did not hide."""
    titles = listed_titles(viewer)
    return Paginator(titles, PAGE_LENGTH).get_page(page)


def listed_titles(viewer: Viewer) -> TitleQuerySet:
    """Return the titles on a viewer's list that may be offered to them, the newest first."""
    listed = ListedTitle.objects.filter(viewer=viewer)
    at = Subquery(listed.filter(title=OuterRef("pk")).values("added_at"))
    titles = Title.objects.offered_to(viewer).filter(pk__in=listed.order_by().values("title"))
    return titles.alias(listed_at=at).order_by("-listed_at", "-pk")


def hidden_of(viewer: Viewer) -> list[Title]:
    """Return the titles that a viewer hid and may see, the newest hidden first."""
    hidden = HiddenTitle.objects.filter(viewer=viewer)
    at = Subquery(hidden.filter(title=OuterRef("pk")).values("hidden_at"))
    titles = Title.objects.visible_to(viewer).filter(pk__in=hidden.order_by().values("title"))
    return list(titles.alias(hidden_at=at).order_by("-hidden_at", "-pk"))


def marks_of(viewer: Viewer, titles: Sequence[int]) -> dict[int, list[WatchedMark]]:
    """Return a viewer's marks by title. One query."""
    marks = WatchedMark.objects.filter(viewer=viewer, title__in=titles)
    by_title: dict[int, list[WatchedMark]] = {}
    for mark in marks.select_related("episode__season").order_by("-marked_at"):
        by_title.setdefault(mark.title_id, []).append(mark)
    return by_title
