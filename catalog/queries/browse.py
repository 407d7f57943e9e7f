"""Titles by genre, mood, decade, length, kind and person, in several orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from catalog.models import Credit, Genre, Mood, Person, Title, Viewer
from catalog.models.titles import TitleQuerySet
from catalog.queries.continuing import newest_plays
from catalog.queries.names import matches, read
from catalog.queries.popular import POPULAR, POPULAR_SAMPLE

PAGE_LENGTH = 24
MOST_PAGES = 10  # that are shown together
# Minutes of a film or a typical episode: from, and up to but not including.
LENGTHS = {"under-45": (0, 45), "45-90": (45, 90), "90-120": (90, 120), "over-120": (120, None)}
SORTS = ("year", "added", "name", "popular", "you")


@dataclass(frozen=True, slots=True)
class Facets:
    """What this viewer can choose from."""

    genres: list[Genre]
    moods: list[Mood]
    decades: list[int]


@dataclass(frozen=True, slots=True)
class Filters:
    """What titles are kept by. `nobody` is a person's name that was asked for and is not known."""

    genre: Genre | None = None
    mood: Mood | None = None
    decade: int | None = None
    length: str = ""
    kind: str = ""
    person: Person | None = None
    nobody: str = ""
    sort: str = "year"


@dataclass(frozen=True, slots=True)
class TitlePages:
    """Some pages of titles, one after the other: those from `first` to `last` of `count`."""

    titles: list[Title]
    total: int
    first: int
    last: int
    count: int


def genres_for(viewer: Viewer) -> list[Genre]:
    """Return the genres with at least one title that this viewer may see."""
    titles = Title.objects.offered_to(viewer).filter(genres=OuterRef("pk"))
    return list(Genre.objects.filter(Exists(titles)))


def facets_for(viewer: Viewer) -> Facets:
    """Return what has at least one title that this viewer may see. Three queries."""
    titles = Title.objects.offered_to(viewer)
    decades = titles.annotate(decade=F("year") / 10 * 10).order_by("-decade")
    return Facets(
        genres_for(viewer),
        list(Mood.objects.filter(Exists(titles.filter(moods=OuterRef("pk"))))),
        list(decades.values_list("decade", flat=True).distinct()),
    )


def filters_of(viewer: Viewer, facets: Facets, asked: Mapping[str, str]) -> Filters:
    """Read the filters that a URL asks for. Values that nothing has are ignored.

    `person` is a slug, or a name of which the nearest is taken.
    """
    person, nobody = _person(viewer, asked.get("person", ""))
    length, kind, sort = (asked.get(name, "") for name in ("length", "kind", "sort"))
    return Filters(
        genre=next((each for each in facets.genres if each.slug == asked.get("genre")), None),
        mood=next((each for each in facets.moods if each.slug == asked.get("mood")), None),
        decade=next((each for each in facets.decades if str(each) == asked.get("decade")), None),
        length=length if length in LENGTHS else "",
        kind=kind if kind in Title.Kind.values else "",
        person=person,
        nobody=nobody,
        sort=sort if sort in SORTS else "year",
    )


def _person(viewer: Viewer, text: str) -> tuple[Person | None, str]:
    asked = read(text)
    if asked is None:
        return None, ""
    credited = Credit.objects.filter(
        person=OuterRef("pk"), title__in=Title.objects.offered_to(viewer)
    )
    people = Person.objects.filter(Exists(credited))
    named = people.filter(slug=asked.text).first()
    if named is None:
        near = matches(people, asked, 1)
        named = near[0].row if near else None
    return named, "" if named else asked.text


def titles_of(
    viewer: Viewer, filters: Filters, *, page: str | int, from_first: bool = False
) -> TitlePages:
    """Return one page of the titles that the filters keep, or all up to it (`from_first`).

    An invalid page number gives the first page; one past the end gives the last. Up to MOST_PAGES
    pages are returned.
    """
    kept = _kept(viewer, filters)
    ordered = _Ordered(kept, viewer, filters.sort)
    paginator: Paginator[Title] = Paginator(ordered, PAGE_LENGTH)  # type: ignore[arg-type]
    last = _number(paginator, page)
    first = max(1, last - MOST_PAGES + 1) if from_first else last
    titles = ordered[(first - 1) * PAGE_LENGTH : last * PAGE_LENGTH]
    return TitlePages(titles, paginator.count, first, last, paginator.num_pages)


def _number(paginator: "Paginator[Title]", page: str | int) -> int:
    """Return the number of a page, without reading the page as `get_page` does."""
    try:
        return paginator.validate_number(page)
    except PageNotAnInteger:
        return 1
    except EmptyPage:
        return paginator.num_pages


def follows_viewer(viewer: Viewer) -> bool:
    """Say whether there is an order for this viewer: with personalisation and a history."""
    return viewer.follows_history and viewer.history_length > 0


def _kept(viewer: Viewer, filters: Filters) -> TitleQuerySet:
    if filters.nobody:
        return Title.objects.none()
    titles = Title.objects.offered_to(viewer)
    if filters.genre:
        titles = titles.filter(genres=filters.genre)
    if filters.mood:
        titles = titles.filter(moods=filters.mood)
    if filters.decade is not None:
        titles = titles.filter(year__gte=filters.decade, year__lt=filters.decade + 10)
    if filters.kind:
        titles = titles.filter(kind=filters.kind)
    if filters.person:
        titles = titles.filter(
            Exists(Credit.objects.filter(title=OuterRef("pk"), person=filters.person))
        )
    if filters.length:
        least, below = LENGTHS[filters.length]
        most = Q(runtime_minutes__lt=below) if below else Q()
        titles = titles.filter(most, runtime_minutes__gte=least)
    return titles


ORDERS = {
    "year": ("-year", "name", "pk"),
    "added": ("-added_at", "pk"),
    "name": ("name", "year", "pk"),
}
# What the viewer watched comes last. First what shares most with it: the genres of a title, each by
# how often it was watched, with rare genres weighing more.
RANKED = f"""
    SELECT title.id
    FROM catalog_title AS title
    JOIN ({{kept}}) AS kept ON kept.id = title.id
    LEFT JOIN ({POPULAR}) AS popular ON popular.title_id = title.id
    LEFT JOIN (
        SELECT link.title_id, sum(taste.weight) / sqrt(count(*)) AS score
        FROM catalog_title_genres AS link
        JOIN (
            SELECT genre_id,
                   count(*) FILTER (WHERE title_id = ANY (%(watched)s::bigint[]))
                   / ln(2 + count(*)) AS weight
            FROM catalog_title_genres
            GROUP BY genre_id
        ) AS taste USING (genre_id)
        WHERE %(watched)s::bigint[] <> '{{{{}}}}'
        GROUP BY link.title_id
    ) AS own ON own.title_id = title.id
    ORDER BY title.id = ANY (%(watched)s::bigint[]), coalesce(own.score, 0) DESC,
             coalesce(popular.viewers, 0) DESC, title.added_at DESC, title.id
    LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 - put together from constants; what varies are parameters


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Titles in an order, as a paginator reads them: their number, and slices of them."""

    kept: TitleQuerySet
    viewer: Viewer
    sort: str
    ordered: bool = field(default=True)

    def count(self) -> int:
        return self.kept.count()

    def __getitem__(self, part: slice) -> list[Title]:
        if self.sort in ORDERS:
            return list(self.kept.order_by(*ORDERS[self.sort])[part])
        numbers = self._ranked(part)
        titles = Title.objects.in_bulk(numbers)
        return [titles[number] for number in numbers if number in titles]

    def _ranked(self, part: slice) -> Sequence[int]:
        """Return ids by popularity, or with the viewer's taste before it."""
        watched: list[int] = []
        if self.sort == "you" and follows_viewer(self.viewer):
            watched = [play.title_id for play in newest_plays(self.viewer) if play.quality]
        kept, values = self.kept.order_by().values("id").query.sql_with_params()
        named = {f"kept_{place}": value for place, value in enumerate(values)}
        marks = kept % tuple(f"%({name})s" for name in named)
        known: dict[str, Any] = {
            **named,
            "sample": POPULAR_SAMPLE,
            "watched": list(dict.fromkeys(watched)),
            "limit": part.stop - part.start,
            "offset": part.start,
        }
        with connection.cursor() as cursor:
            cursor.execute(RANKED.format(kept=marks), known)
            return [number for (number,) in cursor.fetchall()]


def popular_titles(viewer: Viewer, limit: int) -> list[Title]:
    """Return what most people watch now of what this viewer may see. Two queries."""
    return _Ordered(Title.objects.offered_to(viewer), viewer, "popular")[0:limit]
