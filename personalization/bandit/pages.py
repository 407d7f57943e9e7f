"""Many pages one after the other: how much of something flat is each page's."""

from collections.abc import Iterator

import numpy as np

from personalization.bandit.errors import BadInput, Ints, ints


def page_sizes(sizes: Ints, *, pages: int, total: int) -> Ints:
    """Return how much each page has of something that lies page after page: (P,).

    Raises BadInput unless it is one number a page, and all of them `total`.
    """
    found = ints("sizes", sizes, (pages,))
    if (found < 0).any() or found.sum() != total:
        raise BadInput(f"sizes must not be negative, and sum to {total}")
    return found


def chunks(sizes: Ints, most: int) -> Iterator[tuple[slice, slice]]:
    """Cut pages into runs that have no more than `most` together, or are one page.

    Yields the run among the pages, and among all that the pages have.
    """
    ends = sizes.cumsum()
    first = 0
    while first < len(sizes):
        before = int(ends[first] - sizes[first])
        last = max(int(np.searchsorted(ends, before + most, side="right")), first + 1)
        yield slice(first, last), slice(before, int(ends[last - 1]))
        first = last
