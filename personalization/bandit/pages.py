"""Many pages in one flat array: how many of its items each page has."""

from personalization.bandit.arrays import Ints, ints
from personalization.bandit.errors import BadInput


def page_sizes(sizes: Ints, *, pages: int, total: int) -> Ints:
    """Return how many items each page has of a flat array that holds one page after the other.

    Args:
        sizes: (P,) items of each page.
        pages: P.
        total: how many items the flat array has.

    Returns:
        (P,) int64.

    Raises:
        BadInput: unless there is one number a page, none is negative, and they sum to `total`.
    """
    counts = ints("sizes", sizes, (pages,))
    if (counts < 0).any() or counts.sum() != total:
        raise BadInput(f"sizes must not be negative, and sum to {total}")
    return counts
