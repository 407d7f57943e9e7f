"""Take the generated cards in as artwork: drawn in a pool, stored as uploads are, rows in bulk.

A film's artworks, their depicted cast and its default are one transaction: an interrupted import
goes on with the films that have none.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.actions.artwork_files import store
from catalog.artwork.renditions import Prepared
from catalog.importers.cards import NO_GENRE, VARIANTS, Card, make
from catalog.importers.rows import SOURCE
from catalog.models import Artwork, ArtworkRevision, Credit, Mood, Title

Progress = Callable[[int, int], None]  # (films done, of how many)
BILLED = 3
BATCH = 40  # films written together


@dataclass(frozen=True, slots=True)
class Planned:
    """One artwork to be: its card, whom it depicts, and what to say of it."""

    card: Card
    person_id: int | None
    alt: str


# Films, what is planned for each by its key, and the cards as they are being drawn.
_Batch = tuple[list[Title], dict[int, list[Planned]], dict[Card, Future[Prepared]]]


def plan(title: Title, genres: Sequence[str], billed: Sequence[tuple[int, str]]) -> list[Planned]:
    """The pictures of one film: its first three billed (key, name), then three by its genres."""
    known = list(genres) or [NO_GENRE]
    planned = [
        Planned(
            Card("lead" if place == 0 else "supporting", known[0], title.name, name, place),
            person_id,
            f"The silhouette of {name} beside the words “{title.name}”."[:300],
        )
        for place, (person_id, name) in enumerate(billed[:BILLED])
    ]
    variant = title.pk % VARIANTS
    scene, moment = known[0], known[-1]
    lettering = known[len(known) // 2]
    return [
        *planned,
        Planned(Card("scene", scene, variant=variant), None, f"Hills under a wide sky: {scene}."),
        Planned(Card("type", lettering, title.name), None, f"The words “{title.name}”."),
        Planned(Card("moment", moment, variant=variant), None, f"Beams from one point: {moment}."),
    ]


def make_pictures(progress: Progress) -> int:
    """Draw what is missing; return for how many films that was."""
    waiting = list(
        Title.objects.filter(source=SOURCE, artworks__isnull=True)
        .order_by("pk")
        .prefetch_related("genres")
    )
    progress(0, len(waiting))
    if not waiting:
        return 0
    moods = {mood.slug: mood.pk for mood in Mood.objects.all()}
    done = 0
    # `spawn`, because a fork would share the database's connection.
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        for titles, plans, drawn in _drawn_ahead(waiting, pool):
            _take_in(titles, plans, drawn, moods)
            done += len(titles)
            progress(done, len(waiting))
    return done


def _drawn_ahead(waiting: list[Title], pool: ProcessPoolExecutor) -> Iterator[_Batch]:
    """Batches of films in order; the pool draws the next one while this one is written."""
    shared: dict[Card, Future[Prepared]] = {}  # wordless cards, drawn once for all films
    batches: deque[_Batch] = deque()
    for start in range(0, len(waiting), BATCH):
        titles = waiting[start : start + BATCH]
        plans = _plans(titles)
        cards = {one.card for some in plans.values() for one in some}
        for card in sorted(cards - shared.keys(), key=repr):
            shared[card] = pool.submit(make, card)
        batches.append((titles, plans, {card: shared[card] for card in cards}))
        for card in [card for card in shared if card.words]:
            del shared[card]
        if len(batches) > 1:
            yield batches.popleft()
    yield from batches


def _plans(titles: Sequence[Title]) -> dict[int, list[Planned]]:
    billed: dict[int, list[tuple[int, str]]] = {title.pk: [] for title in titles}
    credits = Credit.objects.filter(
        title__in=titles, role=Credit.Role.CAST, billing__lte=BILLED
    ).order_by("billing")
    for title, person, name in credits.values_list("title", "person", "person__name"):
        billed[title].append((person, name))
    return {
        title.pk: plan(title, [genre.slug for genre in title.genres.all()], billed[title.pk])
        for title in titles
    }


@transaction.atomic
def _take_in(
    titles: Sequence[Title],
    plans: dict[int, list[Planned]],
    drawn: dict[Card, Future[Prepared]],
    moods: dict[str, int],
) -> None:
    """Store the files first (a row never points to a file that is not there), then all rows."""
    # Another import may have been faster: whoever holds a film's row takes its pictures in.
    list(Title.objects.select_for_update(of=("self",)).filter(pk__in=plans).order_by("pk"))
    taken = set(Artwork.objects.filter(title__in=plans).values_list("title", flat=True))
    free = [title for title in titles if title.pk not in taken]
    stored: dict[Card, dict[str, Any]] = {}
    planned = [(title, one) for title in free for one in plans[title.pk]]
    for _, one in planned:
        if one.card not in stored:
            stored[one.card] = store(drawn[one.card].result())
    artworks = Artwork.objects.bulk_create(
        _artwork(title, one, stored[one.card]) for title, one in planned
    )
    mood_links, cast_links = Artwork.moods.through, Artwork.depicted.through
    pairs = [(artwork, one) for artwork, (_, one) in zip(artworks, planned, strict=True)]
    mood_links.objects.bulk_create(
        mood_links(artwork_id=artwork.pk, mood_id=moods[one.card.mood]) for artwork, one in pairs
    )
    cast_links.objects.bulk_create(
        cast_links(artwork_id=artwork.pk, person_id=one.person_id)
        for artwork, one in pairs
        if one.person_id is not None
    )
    _set_defaults(free, artworks)
    if not ArtworkRevision.objects.filter(pk=1).update(number=F("number") + 1):
        ArtworkRevision.objects.get_or_create(pk=1, defaults={"number": 1})


def _artwork(title: Title, one: Planned, stored: dict[str, Any]) -> Artwork:
    return Artwork(
        title=title,
        kind=one.card.kind,
        alt=one.alt,
        state=Artwork.State.APPROVED,
        uploaded_at=title.added_at,
        approved_at=title.added_at,
        **stored,
    )


def _set_defaults(titles: Sequence[Title], artworks: Sequence[Artwork]) -> None:
    """The first of a film's pictures stands for it: its lead, or a scene where no cast is known."""
    first: dict[int, Artwork] = {}
    for artwork in artworks:
        first.setdefault(artwork.title_id, artwork)
    for title in titles:
        title.default_artwork = first[title.pk]
    Title.objects.bulk_update(titles, ["default_artwork"])
