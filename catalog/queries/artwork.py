"""What the studio shows: titles and how their artwork stands, what waits, what looks alike."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from django.db.models import Count, F, Q, QuerySet

from catalog.artwork.renditions import ALIKE, likeness
from catalog.models import Artwork, Credit, Person, Title


def titles_with_counts(*, words: str = "", lacking: str = "") -> QuerySet[Title]:
    """Return titles with how many artworks they have in each state.

    `words` are looked for in the name; `lacking` is "artwork" (none approved),
    "choice" (fewer than two approved: nothing to choose from), "default", or "".
    """
    found = Title.objects.select_related("default_artwork").annotate(
        approved=Count("artworks", filter=Q(artworks__state=Artwork.State.APPROVED)),
        pending=Count("artworks", filter=Q(artworks__state=Artwork.State.PENDING)),
        artworks_held=Count("artworks"),
    )
    found = found.order_by("name", "year", "pk")
    for word in words.split():
        found = found.filter(name__icontains=word)
    lacks = {
        "artwork": Q(approved=0),
        "choice": Q(approved__lt=2),
        "default": Q(default_artwork__isnull=True),
    }
    return found.filter(lacks[lacking]) if lacking in lacks else found


def standing_for(titles: Iterable[Title]) -> dict[int, Artwork]:
    """Return what stands for each title where no choice is made: its default, or its first."""
    listed = list(titles)
    bare = [title.pk for title in listed if title.default_artwork is None]
    first = (
        Artwork.objects.filter(title__in=bare, state=Artwork.State.APPROVED)
        .order_by("title_id", "pk")
        .distinct("title_id")
    )
    standing = {title.pk: title.default_artwork for title in listed if title.default_artwork}
    return standing | {artwork.title_id: artwork for artwork in first}


def review_queue(*, words: str = "", kind: str = "") -> QuerySet[Artwork]:
    """Return what waits for review, oldest first, ready to be shown."""
    found = (
        Artwork.objects.filter(state=Artwork.State.PENDING)
        .select_related("title", "uploaded_by")
        .prefetch_related("depicted", "moods")
        .order_by("uploaded_at", "pk")
    )
    for word in words.split():
        found = found.filter(Q(title__name__icontains=word) | Q(alt__icontains=word))
    return found.filter(kind=kind) if kind in Artwork.Kind.values else found


def board(title: Title) -> list[Artwork]:
    """Return a title's artworks: what waits first, then what is shown, then the rest."""
    order: list[str] = [Artwork.State.PENDING, Artwork.State.APPROVED]
    artworks = title.artworks.prefetch_related("depicted", "moods").order_by("pk")
    return sorted(
        artworks,
        key=lambda artwork: (
            order.index(artwork.state) if artwork.state in order else len(order),
            artwork.pk != title.default_artwork_id,
            artwork.pk,
        ),
    )


def cast_of(title: Title) -> QuerySet[Person]:
    """Return the cast in billing order, each with `character` and `billing`."""
    return (
        Person.objects.filter(credits__title=title, credits__role=Credit.Role.CAST)
        .annotate(character=F("credits__character"), billing=F("credits__billing"))
        .order_by("billing", "name")
    )


def look_alikes(artworks: Sequence[Artwork]) -> dict[int, list[Artwork]]:
    """Return, for each artwork that resembles others of the same sequence, those others."""
    found: dict[int, list[Artwork]] = {}
    hashed = [artwork for artwork in artworks if artwork.perceptual_hash]
    for one, other in combinations(hashed, 2):
        if likeness(one.perceptual_hash, other.perceptual_hash) <= ALIKE:
            found.setdefault(one.pk, []).append(other)
            found.setdefault(other.pk, []).append(one)
    return found
