"""What anybody may see of a title: the public facts and the standard picture."""

from catalog.models import Maturity, Title
from catalog.models.titles import TitleQuerySet

# Whoever follows a link may be of any age. Of a title rated above this, a link shows its name and
# rating alone.
PUBLIC_MATURITY = Maturity.SIXTEEN


def shareable_titles() -> TitleQuerySet:
    """Return the titles that have a public page: those that are published."""
    return Title.objects.filter(published=True)
