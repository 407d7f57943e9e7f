"""Titles by genre."""

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from catalog.models import Genre, Title, Viewer

PAGE_LENGTH = 24


def genres_for(viewer: Viewer) -> list[Genre]:
    """Return the genres with at least one title that this viewer may see."""
    titles = Title.objects.offered_to(viewer).filter(genres=OuterRef("pk"))
    return list(Genre.objects.filter(Exists(titles)))


def titles_of(viewer: Viewer, genre: Genre | None, *, page: str | int) -> Page[Title]:
    """Return one page of a genre's titles, or of all titles, newest first.

    An invalid page number gives the first page; one past the end gives the last.
    """
    titles = Title.objects.offered_to(viewer).order_by("-year", "name", "pk")
    if genre is not None:
        titles = titles.filter(genres=genre)
    return Paginator(titles, PAGE_LENGTH).get_page(page)
