"""Search: titles and people by the words of their names, the last word perhaps unfinished."""

import re
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Credit, Person, Title, Viewer
from catalog.models.wording import folded, words_of

MAX_LETTERS = 100
MAX_WORDS = 8
MAX_TITLES = 48
MAX_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Found:
    titles: list[Title] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.titles or self.people)


def search(viewer: Viewer, text: str) -> Found:
    """Find titles by name or by who is in them, and people, that this viewer may see.

    Every word must begin a word of the name: "red har" finds "The Red Harbour".
    Accents and case do not matter. Anything but letters and digits only
    separates words, so no text is a syntax error.
    """
    query = query_of(text)
    if query is None:
        return Found()
    visible = Title.objects.visible_to(viewer)
    titles = (
        visible.annotate(words=words_of("name"))
        # Two look-ups in two indexes: a plain OR would read every title's name.
        .filter(Q(pk__in=_named(query)) | Q(pk__in=_with_people(query)))
        .annotate(rank=SearchRank("words", query, normalization=2))
        .order_by("-rank", "name", "pk")
    )
    credited = Credit.objects.filter(person=OuterRef("pk"), title__in=visible)
    people = (
        Person.objects.annotate(words=words_of("name"))
        .filter(Exists(credited), words=query)
        .order_by("name", "pk")
    )
    return Found(
        list(titles[:MAX_TITLES]),
        list(people[:MAX_PEOPLE]),
    )


def _named(query: SearchQuery) -> QuerySet[Title, int]:
    titles = Title.objects.annotate(words=words_of("name")).filter(words=query)
    return titles.order_by().values_list("pk", flat=True)


def _with_people(query: SearchQuery) -> QuerySet[Credit, int]:
    people = Person.objects.annotate(words=words_of("name")).filter(words=query)
    return Credit.objects.filter(person__in=people).values_list("title", flat=True)


def query_of(text: str) -> SearchQuery | None:
    """Return what every word must begin with, or None where there is no word."""
    words = re.findall(r"[^\W_]+", folded(text[:MAX_LETTERS]))[:MAX_WORDS]
    if not words:
        return None
    # Letters and digits alone, each quoted: to_tsquery reads no operator in them.
    return SearchQuery(
        " & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple"
    )
