"""What anybody may see of a title: the public facts and the standard picture."""

from collections.abc import Iterable

from catalog.models import Artwork, Title
from catalog.models.titles import TitleQuerySet

# Whoever follows a link may be of any age. Of a title rated above this, a link shows its name and
# rating alone.
PUBLIC_MATURITY = Title.Maturity.SIXTEEN


def shareable_titles() -> TitleQuerySet:
    """Return the titles that have a public page: those that are published."""
    return Title.objects.filter(published=True)


def standard_artwork(titles: Iterable[Title]) -> dict[int, int]:
    """Return the artwork that is the same for everybody, by title. One query.

    It is the editor's default if it is approved, else the first approved one.
    """
    titles = list(titles)
    approved = Artwork.objects.filter(
        title__in=[title.pk for title in titles], state=Artwork.State.APPROVED
    )
    eligible: dict[int, list[int]] = {}
    for artwork, title_id in approved.order_by("pk").values_list("pk", "title"):
        eligible.setdefault(title_id, []).append(artwork)
    return {
        title.pk: title.default_artwork_id
        if title.default_artwork_id in eligible[title.pk]
        else eligible[title.pk][0]
        for title in titles
        if title.pk in eligible
    }
