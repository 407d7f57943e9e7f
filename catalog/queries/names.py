"""Names that match what somebody typed: titles, people, genres, in the app, the studio, the admin.

A row's `search_key` (see catalog/models/searching.py) is compared with the words of the text, which
the same database function makes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache, reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Case, F, Func, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Length

from catalog.models.searching import slips_of

MAX_LETTERS = 200  # the longest name of a title
MAX_WORDS = 8
MAX_JOINED = 4  # words; of longer texts, no two neighbours are tried as one word
MIDDLE_FROM = 3  # letters; fewer are in the middle of too many words
FRAGMENT = 2  # letters; a shorter word may be the rest of one that an apostrophe divides
FORGIVEN_FROM = 4  # letters; with one letter wrong, shorter words resemble too many others
# From Thai on: writing in which a letter says more, and words often have no space between them.
DENSE_SCRIPTS = "\u0e00"
MAX_RESEMBLING = 400  # rows that are compared letter by letter
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_UMLAUT = re.compile("([aou])e")  # "mueller" for "müller", "soeren" for "søren"
# Digits, and pictures such as emoji, which a key spells as zq and their code.
_UNFORGIVEN = re.compile(r"\d+|zq[0-9a-f]{2,6}")


# A model with a name and a search_key.
RowT = TypeVar("RowT", bound=Model)


class Nearness(IntEnum):
    """How a name matches, the best first."""

    WHOLE = 0  # the text is the whole name
    FIRST_WORDS = 1  # the name begins with the text's words
    BEGINNING = 2  # the name begins with the text, in the middle of a word
    PHRASE = 3  # the text's words stand together in the name
    WORDS = 4  # each word of the text is a word of the name
    WORD_BEGINNINGS = 5  # each word of the text begins a word of the name
    MIDDLE = 6  # each word of the text is somewhere in a word of the name
    SLIP = 7  # as WORD_BEGINNINGS, with one letter wrong in a word

    @property
    def in_whole_words(self) -> bool:
        """Say whether each word of the text is a word of the name."""
        return self <= Nearness.WORDS and self != Nearness.BEGINNING


@dataclass(frozen=True, slots=True)
class NameQuery:
    """What somebody typed, as names are compared with it."""

    text: str
    words: str  # with one space between words
    whole: str  # all words as one
    # Ways to read the words: as typed, and with neighbours joined ("spider man": "spiderman").
    readings: tuple[tuple[str, ...], ...]
    # The words with an umlaut that was spelled out as one letter, where there is one. A slip.
    plain: tuple[str, ...] = ()
    key: str = "search_key"  # the column or annotation of the rows that it is compared with


@dataclass(frozen=True, slots=True)
class NameMatch(Generic[RowT]):
    row: RowT
    nearness: Nearness


def cleaned(text: str) -> str:
    """Return the text that is read: cut, and without what PostgreSQL cannot store.

    That is NUL, and half a surrogate pair.
    """
    return text.encode("utf-8", "ignore").decode().replace("\0", "").strip()[:MAX_LETTERS]


def read(text: str) -> NameQuery | None:
    """Return the query for a text, or None where it holds nothing that could be in a name.

    Only the first `MAX_LETTERS` letters are read, and `MAX_WORDS` words are looked for.
    """
    text = cleaned(text)
    if not text:
        return None
    words = _words(text)
    if not words:
        return None
    typed = tuple(re.split("[ -]", words))[:MAX_WORDS]
    readings = [typed, tuple(run.replace("-", "") for run in words.split(" "))[:MAX_WORDS]]
    if len(typed) <= MAX_JOINED:
        readings += [
            (*typed[:place], typed[place] + typed[place + 1], *typed[place + 2 :])
            for place in range(len(typed) - 1)
        ]
        readings.append(("".join(typed),))
    readings += _with_rests_joined(typed)
    whole = re.sub("[ -]", "", words)
    plain = tuple(_UMLAUT.sub(r"\1", word) for word in typed)
    return NameQuery(
        text,
        words.replace("-", " "),
        whole,
        tuple(dict.fromkeys(readings)),
        plain if plain != typed else (),
    )


def _with_rests_joined(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the words with short rests of a word joined: to what follows, and to what precedes.

    Who types a space in place of an apostrophe leaves such rests: "palme d or", "dog s life".
    """
    after, before = [words[0]], [words[0]]
    for last, word in pairwise(words):
        if len(last) < FRAGMENT:
            after[-1] += word
        else:
            after.append(word)
        if len(word) < FRAGMENT:
            before[-1] += word
        else:
            before.append(word)
    return [tuple(each) for each in (after, before) if tuple(each) != words]


@lru_cache(maxsize=256)
def _words(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_search_words(%s)", [text])
        words: str = cursor.fetchone()[0]
    return words


def matches(rows: QuerySet[RowT], asked: NameQuery, limit: int) -> list[NameMatch[RowT]]:
    """Return the rows whose names hold what was asked for, nearest first, without slips."""
    near: QuerySet[Any] = (
        _with_parts(rows, asked)
        .filter(_near(asked))
        .annotate(nearness=_nearness(asked))
        .order_by("nearness", Length("name"), "name", "pk")[:limit]
    )
    found = [NameMatch(row, Nearness(row.nearness)) for row in near]
    # Two names may have one key ("C" and "C++"): the one that is written as typed comes first.
    return sorted(found, key=lambda match: _name(match.row) != asked.text.casefold())


def resembling(rows: QuerySet[RowT], asked: NameQuery, limit: int) -> list[NameMatch[RowT]]:
    """Return the rows whose names match if one letter of a word is wrong, nearest first."""
    candidates = _with_parts(rows, asked).filter(_slipped(asked)).order_by("pk")[:MAX_RESEMBLING]
    slips = [(_slips(asked, row), row) for row in candidates]
    ranked = sorted(
        ((count, row) for count, row in slips if count),
        key=lambda pair: (pair[0], len(_name(pair[1])), _name(pair[1]), pair[1].pk),
    )
    return [NameMatch(row, Nearness.SLIP) for _, row in ranked[:limit]]


def named_like(rows: QuerySet[RowT], text: str) -> QuerySet[RowT]:
    """Keep the rows whose names match, or where none does, those that match with a letter wrong.

    The rows keep their order. No text keeps every row.
    """
    asked = read(text)
    if asked is None:
        return rows.none() if cleaned(text) else rows
    near = _with_parts(rows, asked).filter(_near(asked))
    if near.exists():
        return near
    return rows.filter(pk__in=[match.row.pk for match in resembling(rows, asked, MAX_RESEMBLING)])


def _with_parts(rows: QuerySet[RowT], asked: NameQuery) -> QuerySet[RowT]:
    """Give the conditions below what they name: the key without the whole, and the key's slips."""
    parts = Func(
        F(asked.key), Value("="), Value(1), function="split_part", output_field=TextField()
    )
    return cast(QuerySet[RowT], rows.alias(key_words=parts, key_slips=slips_of(F(asked.key))))


def _key(asked: NameQuery, lookup: str, text: str) -> Q:
    return Q(**{f"{asked.key}__{lookup}": text})


def _any(conditions: Sequence[Q]) -> Q:
    return reduce(or_, conditions)


def _all(conditions: Sequence[Q]) -> Q:
    return reduce(and_, conditions)


def _near(asked: NameQuery) -> Q:
    whole = _key(asked, "contains", f"={asked.whole}")
    return whole | _any([_all([_holds(asked, word) for word in words]) for words in asked.readings])


def _holds(asked: NameQuery, word: str) -> Q:
    if not _may_be_in_the_middle(word):
        return _key(asked, "contains", f" {word}")
    # The first condition uses the index. The second keeps out what only the whole name as one
    # word holds: "hear" is in "theark".
    return _key(asked, "contains", word) & Q(key_words__contains=word)


def _nearness(asked: NameQuery) -> Case:
    def each(before: str, after: str) -> Q:
        return _any(
            [
                _all([_key(asked, "contains", f"{before}{word}{after}") for word in words])
                for words in asked.readings
            ]
        )

    ranks = {
        Nearness.WHOLE: _key(asked, "endswith", f"={asked.whole}"),
        Nearness.FIRST_WORDS: _key(asked, "startswith", f" {asked.words} "),
        Nearness.BEGINNING: _key(asked, "contains", f"={asked.whole}"),
        Nearness.PHRASE: _key(asked, "contains", f" {asked.words} "),
        Nearness.WORDS: each(" ", " "),
        Nearness.WORD_BEGINNINGS: each(" ", ""),
    }
    return Case(
        *(When(condition, then=Value(int(rank))) for rank, condition in ranks.items()),
        default=Value(int(Nearness.MIDDLE)),
        output_field=IntegerField(),
    )


def _slipped(asked: NameQuery) -> Q:
    """Keep a superset of what `_slips` counts, from the index."""
    return _any(
        [
            _all(
                [
                    _key(asked, "contains", f" {word}")
                    | Q(key_slips__overlap=slips_of(Value(f" {word} ")))
                    for word in words
                ]
            )
            for words in _forgiving_readings(asked)
        ]
    )


def _forgiving_readings(asked: NameQuery) -> tuple[tuple[str, ...], ...]:
    return (*asked.readings, asked.plain) if asked.plain else asked.readings


def _slips(asked: NameQuery, row: Any) -> int:
    """Return in how many words a letter is wrong, or 0 where the row does not match."""
    known = set(re.split("[ =]+", getattr(row, asked.key))) - {""}
    counts = []
    for words in _forgiving_readings(asked):
        exact = [any(name.startswith(word) for name in known) for word in words]
        forgiven = [
            exactly or any(one_letter_apart(word, name) for name in known)
            for word, exactly in zip(words, exact, strict=True)
        ]
        if all(forgiven):
            counts.append(exact.count(False) + (words is asked.plain))
    return min(filter(None, counts), default=0)


def one_letter_apart(one: str, other: str) -> bool:
    """Say whether one letter wrong, missing, too many, or two swapped turn one word into the other.

    Short words, numbers and pictures are never so near.
    """
    if _UNFORGIVEN.fullmatch(one) or _UNFORGIVEN.fullmatch(other):
        return False
    shorter, longer = sorted((one, other), key=len)
    if one == other or len(longer) < MIDDLE_FROM:
        return False
    if len(longer) < FORGIVEN_FROM and not _dense(longer) and sorted(one) != sorted(other):
        return False  # of three letters, two may be swapped
    place = next(
        (n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter)
    )
    if len(shorter) < len(longer):
        return longer[place + 1 :] == shorter[place:]
    swapped = longer[place + 1 : place + 2] + longer[place : place + 1] + longer[place + 2 :]
    return longer[place + 1 :] == shorter[place + 1 :] or swapped == shorter[place:]


def _may_be_in_the_middle(word: str) -> bool:
    """Say whether to look for a word inside others: it must be long enough for that.

    The index does not help with two letters, so they are worth it only where they say much. A
    Chinese character never is inside a word, because each is a word of its own.
    """
    return len(word) >= MIDDLE_FROM or (len(word) == 2 and _dense(word) and not _HAN.search(word))


def _dense(word: str) -> bool:
    return all(letter >= DENSE_SCRIPTS for letter in word)


def _name(row: Any) -> str:
    name: str = row.name
    return name.casefold()
