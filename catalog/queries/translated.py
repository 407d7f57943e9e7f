"""Genres and moods that match what somebody typed in English or in the language of the page.

Their names are in the database, in English. Those of the page's language come from its catalogue
of messages, and are compared in the same way: accents, beginnings and wrong letters included.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Case, QuerySet, TextField, Value, When
from django.utils.translation import gettext

from catalog import canon
from catalog.models.searching import key_of
from catalog.queries.names import NameMatch, NameQuery, RowT, matches, resembling

NAMES = (*canon.GENRES.values(), *canon.MOODS.values())


def word_matches(rows: QuerySet[RowT], asked: NameQuery, limit: int) -> list[NameMatch[RowT]]:
    """Return what `matches` does, by either name."""
    return _nearest(
        [*matches(rows, asked, limit), *_translated(matches, rows, asked, limit)], limit
    )


def word_resembling(rows: QuerySet[RowT], asked: NameQuery, limit: int) -> list[NameMatch[RowT]]:
    """Return what `resembling` does, by either name."""
    found = [*resembling(rows, asked, limit), *_translated(resembling, rows, asked, limit)]
    return _nearest(found, limit)


def _translated(find: Any, rows: QuerySet[RowT], asked: NameQuery, limit: int) -> Any:
    """Find among the names of the page's language that differ from the English ones."""
    names = {name: said for name in NAMES if (said := gettext(name)) != name}
    if not names:
        return []
    translated = Case(
        *(When(name=name, then=Value(said)) for name, said in names.items()),
        output_field=TextField(),
    )
    named = rows.filter(name__in=names).annotate(said_key=key_of(translated))
    return find(named, replace(asked, key="said_key"), limit)


def _nearest(found: Iterable[NameMatch[RowT]], limit: int) -> list[NameMatch[RowT]]:
    """Return each row once, as near as either name is, nearest first."""
    best: dict[Any, NameMatch[RowT]] = {}
    for match in found:
        known = best.setdefault(match.row.pk, match)
        if match.nearness < known.nearness:
            best[match.row.pk] = match
    return sorted(best.values(), key=lambda match: match.nearness)[:limit]
