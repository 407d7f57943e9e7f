"""Titles by genre."""

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from catalog.models import Genre, Title, Viewer

PAGE_LENGTH = 24


def genres_for(viewer: Viewer) -> list[Genre]:
    """Return the genres that have a title for this viewer."""
    titles = Title.objects.visible_to(viewer).filter(genres=OuterRef("pk"))
    return list(Genre.objects.filter(Exists(titles)))


def titles_of(viewer: Viewer, genre: Genre | None, *, page: str | int) -> Page[Title]:
    """Return one page of a genre's titles (of all titles), newest first.

    A page number that is none, or past the end, gives the nearest page there is.
    """
    titles = Title.objects.visible_to(viewer).order_by("-year", "name", "pk")
    if genre is not None:
        titles = titles.filter(genres=genre)
    return Paginator(titles, PAGE_LENGTH).get_page(page)
