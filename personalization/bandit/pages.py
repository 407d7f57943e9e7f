"""Many pages one after the other: how much of something flat is each page's."""

from personalization.bandit.arrays import Ints, ints
from personalization.bandit.errors import BadInput


def page_sizes(sizes: Ints, *, pages: int, total: int) -> Ints:
    """Return how much each page has of something that lies page after page: (P,).

    Raises BadInput unless it is one number a page, and all of them `total`.
    """
    found = ints("sizes", sizes, (pages,))
    if (found < 0).any() or found.sum() != total:
        raise BadInput(f"sizes must not be negative, and sum to {total}")
    return found
