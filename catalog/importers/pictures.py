"""Artwork for imported films: described in rows here, drawn when it is first asked for.

A film's artworks, their depicted cast and its default are one transaction: an interrupted import
continues with the films that have none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.actions.drawn_cards import describe
from catalog.drawing.cards import NO_GENRE, VARIANTS, Card
from catalog.importers.plays import SOURCE
from catalog.models import Artwork, ArtworkRevision, Credit, Mood, Title

FilmsSoFar = Callable[[int, int], None]  # (films done, of how many)
BILLED = 3
BATCH = 500  # films written together


@dataclass(frozen=True, slots=True)
class PlannedArtwork:
    """One artwork to be: its card, whom it depicts, and its alternative text."""

    card: Card
    person_id: int | None
    alt: str


def plan(
    title: Title, genres: Sequence[str], billed: Sequence[tuple[int, str]]
) -> list[PlannedArtwork]:
    """Plan one film's pictures: its first three billed (key, name), then three by its genres."""
    known = list(genres) or [NO_GENRE]
    planned = [
        PlannedArtwork(
            Card("lead" if place == 0 else "supporting", known[0], title.name, name, place),
            person_id,
            f"The silhouette of {name} beside the words “{title.name}”."[:300],
        )
        for place, (person_id, name) in enumerate(billed[:BILLED])
    ]
    variant = title.pk % VARIANTS
    scene, moment = known[0], known[-1]
    lettering = known[len(known) // 2]
    by_genre = (
        (Card("scene", scene, variant=variant), f"Hills under a wide sky: {scene}."),
        (Card("type", lettering, title.name), f"The words “{title.name}”."),
        (Card("moment", moment, variant=variant), f"Beams from one point: {moment}."),
    )
    return [*planned, *(PlannedArtwork(card, None, alt) for card, alt in by_genre)]


def make_pictures(progress: FilmsSoFar) -> int:
    """Describe the artwork of all films that have none; return how many films that were."""
    waiting = list(
        Title.objects.filter(source=SOURCE, artworks__isnull=True)
        .order_by("pk")
        .prefetch_related("genres")
    )
    progress(0, len(waiting))
    moods = {mood.slug: mood.pk for mood in Mood.objects.all()}
    for start in range(0, len(waiting), BATCH):
        titles = waiting[start : start + BATCH]
        _take_in(titles, _plans(titles), moods)
        progress(start + len(titles), len(waiting))
    return len(waiting)


def _plans(titles: Sequence[Title]) -> dict[int, list[PlannedArtwork]]:
    billed: dict[int, list[tuple[int, str]]] = {title.pk: [] for title in titles}
    credits = Credit.objects.filter(
        title__in=titles, role=Credit.Role.CAST, billing__lte=BILLED
    ).order_by("billing", "pk")
    for title, person, name in credits.values_list("title", "person", "person__name"):
        billed[title].append((person, name))
    return {
        title.pk: plan(title, [genre.slug for genre in title.genres.all()], billed[title.pk])
        for title in titles
    }


@transaction.atomic
def _take_in(
    titles: Sequence[Title], plans: dict[int, list[PlannedArtwork]], moods: dict[str, int]
) -> None:
    # Another import may run at the same time. The one that locks a film's row first writes its
    # artwork.
    list(Title.objects.select_for_update(of=("self",)).filter(pk__in=plans).order_by("pk"))
    taken = set(Artwork.objects.filter(title__in=plans).values_list("title", flat=True))
    free = [title for title in titles if title.pk not in taken]
    planned = [(title, one) for title in free for one in plans[title.pk]]
    files = describe(one.card for _, one in planned)
    artworks = Artwork.objects.bulk_create(
        _artwork(title, one, files[one.card]) for title, one in planned
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


def _artwork(title: Title, one: PlannedArtwork, files: dict[str, Any]) -> Artwork:
    return Artwork(
        title=title,
        kind=one.card.kind,
        alt=one.alt,
        state=Artwork.State.APPROVED,
        uploaded_at=title.added_at,
        approved_at=title.added_at,
        **files,
    )


def _set_defaults(titles: Sequence[Title], artworks: Sequence[Artwork]) -> None:
    """Make each film's first picture its default: the lead, or a scene if no cast is known."""
    first: dict[int, Artwork] = {}
    for artwork in artworks:
        first.setdefault(artwork.title_id, artwork)
    for title in titles:
        title.default_artwork = first[title.pk]
    Title.objects.bulk_update(titles, ["default_artwork"])
