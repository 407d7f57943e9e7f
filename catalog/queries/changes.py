"""The changes of a title or an artwork, and who made them, from the events that triggers wrote."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from catalog.models import (
    Account,
    Artwork,
    ArtworkEvent,
    CreditEvent,
    DepictionEvent,
    Person,
    Title,
    TitleEvent,
)

LIMIT = 500
VERBS = {"insert": "added", "update": "changed", "delete": "removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One event: when, by whom ("" for a command), of what, and what is different."""

    at: datetime
    by: str
    subject: str
    verb: str
    differences: tuple[tuple[str, str, str], ...]  # (field, before, after)


def of_title(title: Title) -> list[Change]:
    """Return the changes of a title, its credits, artwork and depicted cast, newest first."""
    return _changes(
        [
            (TitleEvent.objects.filter(pgh_obj=title.pk), "Title"),
            (CreditEvent.objects.filter(title=title.pk), "Credit"),
            (ArtworkEvent.objects.filter(title=title.pk), "Artwork"),
            (
                DepictionEvent.objects.filter(
                    artwork__in=Artwork.objects.filter(title=title.pk).values("pk")
                ),
                "Depicted",
            ),
        ]
    )


def of_artwork(artwork: Artwork) -> list[Change]:
    """Return the changes of an artwork and its depicted cast, newest first."""
    return _changes(
        [
            (ArtworkEvent.objects.filter(pgh_obj=artwork.pk), "Artwork"),
            (DepictionEvent.objects.filter(artwork=artwork.pk), "Depicted"),
        ]
    )


def _changes(sources: Iterable[tuple[QuerySet[Any], str]]) -> list[Change]:
    found = [
        (event, before, subject)
        for events, subject in sources
        for event, before in _with_predecessors(events)
    ]
    found.sort(key=lambda item: item[0].pgh_created_at, reverse=True)
    found = found[:LIMIT]
    accounts = Account.objects.in_bulk({_account(event) for event, _, _ in found} - {None})
    people = Person.objects.in_bulk({getattr(event, "person_id", None) for event, _, _ in found})
    return [
        Change(
            at=event.pgh_created_at,
            by=str(accounts.get(_account(event) or 0, "")),
            subject=_subject(event, subject, people),
            verb=VERBS[event.pgh_label],
            differences=_differences(before, event),
        )
        for event, before, subject in found
    ]


def _with_predecessors(events: QuerySet[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair each event with the previous event of the same row, or None."""
    last: dict[Any, Any] = {}
    newest = list(events.select_related("pgh_context").order_by("-pgh_id")[:LIMIT])
    for event in reversed(newest):
        yield event, last.get(event.id)
        last[event.id] = event


def _account(event: Any) -> int | None:
    context = event.pgh_context
    return context.metadata.get("user") if context else None


def _subject(event: Any, subject: str, people: dict[int, Person]) -> str:
    if hasattr(event, "person_id"):
        return f"{subject}: {people.get(event.person_id, f'person {event.person_id}')}"
    return subject if subject == "Title" else f"{subject} {event.id}"


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _differences(before: Model | None, after: Any) -> tuple[tuple[str, str, str], ...]:
    if before is None or after.pgh_label != "update":
        return ()
    fields = [field for field in after._meta.fields if not field.name.startswith("pgh_")]
    return tuple(
        (field.verbose_name, _shown(old), _shown(new))
        for field in fields
        if (old := getattr(before, field.attname)) != (new := getattr(after, field.attname))
    )
