"""What the studio shows: titles and their artwork, what waits, what looks alike."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from catalog.artwork.renditions import ALIKE, likeness
from catalog.drawing.cards import digest_in
from catalog.models import Artwork, Credit, Person, Title
from catalog.queries.names import named_like


def titles_with_counts(*, words: str = "", lacking: str = "") -> QuerySet[Title]:
    """Return titles with the number of their artworks in each state.

    `words` are looked for in the name, as viewers' search does. `lacking` is "artwork" (none
    approved), "choice" (fewer than two approved: nothing to choose from), "default", or "".
    """
    titles = Title.objects.select_related("default_artwork").annotate(
        approved=Count("artworks", filter=Q(artworks__state=Artwork.State.APPROVED)),
        pending=Count("artworks", filter=Q(artworks__state=Artwork.State.PENDING)),
        artworks_held=Count("artworks"),
    )
    titles = titles.order_by("name", "year", "pk")
    if words.strip():
        titles = titles.filter(pk__in=named_like(Title.objects.all(), words).values("pk"))
    lacks = {
        "artwork": Q(approved=0),
        "choice": Q(approved__lt=2),
        "default": Q(default_artwork__isnull=True),
    }
    return titles.filter(lacks[lacking]) if lacking in lacks else titles


def standing_for(titles: Iterable[Title]) -> dict[int, Artwork]:
    """Return, by title, what is shown where no choice is made: the default, or else the first."""
    listed = list(titles)
    bare = [title.pk for title in listed if title.default_artwork is None]
    first = (
        Artwork.objects.filter(title__in=bare, state=Artwork.State.APPROVED)
        .order_by("title_id", "pk")
        .distinct("title_id")
    )
    standing = {title.pk: title.default_artwork for title in listed if title.default_artwork}
    return standing | {artwork.title_id: artwork for artwork in first}


def approved_besides(artwork: Artwork) -> list[Artwork]:
    """Return a title's other approved artworks, first the one shown where no choice is made."""
    others = artwork.title.artworks.filter(state=Artwork.State.APPROVED).exclude(pk=artwork.pk)
    default = artwork.title.default_artwork_id
    return sorted(others, key=lambda other: (other.pk != default, other.pk))


def left_without(artworks: Iterable[Artwork]) -> list[Title]:
    """Return the titles of which these are all the approved artworks."""
    going = [artwork.pk for artwork in artworks if artwork.state == Artwork.State.APPROVED]
    approved = Artwork.objects.filter(title=OuterRef("pk"), state=Artwork.State.APPROVED)
    return list(
        Title.objects.filter(
            Exists(approved.filter(pk__in=going)), ~Exists(approved.exclude(pk__in=going))
        ).order_by("name", "pk")
    )


def review_queue(*, words: str = "", kind: str = "") -> QuerySet[Artwork]:
    """Return what waits for review, oldest first, ready to be shown."""
    waiting = (
        Artwork.objects.filter(state=Artwork.State.PENDING)
        .select_related("title", "uploaded_by")
        .prefetch_related("depicted", "moods")
        .order_by("uploaded_at", "pk")
    )
    for word in words.split():
        named = named_like(Title.objects.all(), word).values("pk")
        waiting = waiting.filter(Q(title__in=named) | Q(alt__icontains=word))
    return waiting.filter(kind=kind) if kind in Artwork.Kind.values else waiting


def board(title: Title) -> list[Artwork]:
    """Return a title's artworks: first those that wait, then those that are shown, then others."""
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


def cast_of(title: Title, artwork: Artwork | None = None) -> QuerySet[Person]:
    """Return the cast in billing order, each with `character` and `billing`.

    Whoever `artwork` depicts without being in the cast any more comes last,
    and has neither.
    """
    credit = Credit.objects.filter(
        title=title, role=Credit.Role.CAST, person=OuterRef("pk")
    ).order_by("billing")
    depicted = Artwork.depicted.through.objects.filter(artwork=artwork, person=OuterRef("pk"))
    return (
        Person.objects.filter(Exists(credit) | Exists(depicted))
        .annotate(
            character=Subquery(credit.values("character")[:1]),
            billing=Subquery(credit.values("billing")[:1]),
        )
        .order_by(F("billing").asc(nulls_last=True), "name")
    )


def look_alikes(artworks: Sequence[Artwork]) -> dict[int, list[Artwork]]:
    """Return, for each artwork that resembles others of the same sequence, those others."""
    alike: dict[int, list[Artwork]] = {}
    hashed = [artwork for artwork in artworks if artwork.perceptual_hash]
    for one, other in combinations(hashed, 2):
        if likeness(one.perceptual_hash, other.perceptual_hash) <= ALIKE:
            alike.setdefault(one.pk, []).append(other)
            alike.setdefault(other.pk, []).append(one)
    return alike


def same_file_elsewhere(artworks: Iterable[Artwork]) -> dict[int, list[Artwork]]:
    """Return, for each artwork whose file another title has too, the artworks made of it there.

    Pictures drawn for imported titles are shared on purpose and left out. Uploaded
    files have a perceptual hash, and these have none.
    """
    listed = [artwork for artwork in artworks if artwork.perceptual_hash]
    by_file: dict[str, list[Artwork]] = {}
    copies = Artwork.objects.filter(sha256__in={artwork.sha256 for artwork in listed})
    for copy in copies.select_related("title").order_by("title__name", "pk"):
        by_file.setdefault(copy.sha256, []).append(copy)
    elsewhere = {
        artwork.pk: [
            copy for copy in by_file.get(artwork.sha256, []) if copy.title_id != artwork.title_id
        ]
        for artwork in listed
    }
    return {number: others for number, others in elsewhere.items() if others}


def without_avif() -> list[int]:
    """Return the artworks, oldest first, whose pictures have WebP files and no AVIF files.

    Cards that are drawn for imported titles are left out: they are WebP alone.
    """
    held = Artwork.objects.filter(renditions__contains=[{"format": "webp"}])
    bare = held.exclude(renditions__contains=[{"format": "avif"}]).order_by("pk")
    return [pk for pk, name in bare.values_list("pk", "original") if digest_in(name) is None]
