"""Search for viewers: titles by name, and by the people, genres and moods of them; and these."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from catalog.models import Credit, Genre, Mood, Person, Title, Viewer
from catalog.models.titles import TitleQuerySet
from catalog.queries.names import NameMatch, NameQuery, Nearness, matches, read, resembling
from catalog.queries.translated import word_matches, word_resembling

MAX_TITLES = 48
MAX_PEOPLE = 12
MAX_GENRES = 6
MAX_MOODS = 6


@dataclass(frozen=True, slots=True)
class SearchResults:
    titles: list[Title] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    genres: list[Genre] = field(default_factory=list)
    moods: list[Mood] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.titles or self.people or self.genres or self.moods)


@dataclass(frozen=True, slots=True)
class _Matches:
    """What matches, of each kind, nearest first."""

    titles: list[NameMatch[Title]]
    people: list[NameMatch[Person]]
    genres: list[NameMatch[Genre]]
    moods: list[NameMatch[Mood]]

    def in_whole_words(self) -> bool:
        kinds: tuple[list[NameMatch[Any]], ...] = (
            self.titles,
            self.people,
            self.genres,
            self.moods,
        )
        return any(match.nearness.in_whole_words for kind in kinds for match in kind)


def search(viewer: Viewer, text: str) -> SearchResults:
    """Find what this viewer may see: titles, the people in them, their genres.

    Accents, case, punctuation and the form in which a letter is stored do not matter. Whole names
    and beginnings come first, then words, then pieces of words. One wrong letter in a word is
    forgiven where nothing has the words as they are typed. Genres and moods are found by their
    English name and by that of the page's language.
    """
    asked = read(text)
    if asked is None:
        return SearchResults()
    visible = Title.objects.offered_to(viewer)
    found = _matches(visible, asked)
    return SearchResults(
        _titles(visible, found),
        [match.row for match in found.people],
        [match.row for match in found.genres],
        [match.row for match in found.moods],
    )


def _matches(visible: TitleQuerySet, asked: NameQuery) -> _Matches:
    credited = Credit.objects.filter(person=OuterRef("pk"), title__in=visible)
    people = Person.objects.filter(Exists(credited))
    genres = Genre.objects.filter(Exists(visible.filter(genres=OuterRef("pk"))))
    moods = Mood.objects.filter(Exists(visible.filter(moods=OuterRef("pk"))))
    near = _Matches(
        matches(visible, asked, MAX_TITLES),
        matches(people, asked, MAX_PEOPLE),
        word_matches(genres, asked, MAX_GENRES),
        word_matches(moods, asked, MAX_MOODS),
    )
    if near.in_whole_words():
        return near
    # A kind whose words begin as typed needs no forgiveness.
    return _Matches(
        _forgiving(near.titles, visible, asked, MAX_TITLES),
        _forgiving(near.people, people, asked, MAX_PEOPLE),
        _forgiving(near.genres, genres, asked, MAX_GENRES, word_resembling),
        _forgiving(near.moods, moods, asked, MAX_MOODS, word_resembling),
    )


def _forgiving(
    near: list[Any], rows: Any, asked: NameQuery, limit: int, find: Any = resembling
) -> list[Any]:
    if len(near) >= limit or any(match.nearness < Nearness.MIDDLE for match in near):
        return near
    known = {match.row.pk for match in near}
    slips = [match for match in find(rows, asked, limit) if match.row.pk not in known]
    return near + slips[: limit - len(near)]


def _titles(visible: TitleQuerySet, found: _Matches) -> list[Title]:
    """Return titles by their names, then those of people, genres and moods, in steps of nearness.

    So what a person's name holds as typed comes before a title that only resembles the text.
    """
    titles = {match.row.pk: match.row for match in found.titles}
    ranked = [
        *((_step(match.nearness), match.row.pk) for match in found.titles),
        *_of_people(visible, found.people),
        *_of_words(visible, "genres", found.genres),
        *_of_words(visible, "moods", found.moods),
    ]
    # Sorting keeps the order within a step: names, people, genres, moods.
    ranked.sort(key=lambda pair: pair[0])
    order = list(dict.fromkeys(pk for _, pk in ranked))[:MAX_TITLES]
    titles |= visible.in_bulk([pk for pk in order if pk not in titles])
    return [titles[pk] for pk in order]


def _step(nearness: Nearness) -> int:
    """Return 0 for names that hold the words as typed, 1 for pieces of words, 2 for slips."""
    return max(0, nearness - Nearness.WORD_BEGINNINGS)


def _of_people(
    visible: TitleQuerySet, people: Sequence[NameMatch[Person]]
) -> Iterable[tuple[int, int]]:
    if not people:
        return []
    credits = (
        Credit.objects.filter(person__in=[match.row.pk for match in people], title__in=visible)
        .order_by("-title__year", "title__name", "title_id")
        .values_list("person_id", "title_id")
    )
    titles: dict[int, list[int]] = {}
    for person, title in credits:
        titles.setdefault(person, []).append(title)
    return [
        (_step(match.nearness), title)
        for match in people
        for title in titles.get(match.row.pk, ())[:MAX_TITLES]
    ]


def _of_words(
    visible: TitleQuerySet, kind: str, words: Sequence[NameMatch[Any]]
) -> Iterable[tuple[int, int]]:
    """Return the newest titles of the nearest genre or mood, if the text names it in whole words.

    Of one whose name only begins like the text, the page shows a link.
    """
    for match in words:
        if match.nearness.in_whole_words or match.nearness == Nearness.SLIP:
            newest = visible.filter(**{kind: match.row}).order_by("-year", "name", "pk")
            titles = newest.values_list("pk", flat=True)[:MAX_TITLES]
            return [(_step(match.nearness), title) for title in titles]
    return []
