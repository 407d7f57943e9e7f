"""Counts which picture of a title its viewers saw last, and keeps what may be shown of it.

Nobody is to learn what one viewer sees. So shares have coarse steps, a picture that fewer than ten
viewers saw has none, and where one hidden share would follow from the others, another is hidden.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection, transaction

from catalog.models import Artwork
from personalization.models import ShownShare

FEWEST = 10  # viewers
STEP = 10  # percent
DAYS = 14  # how far back a night looks

# What each viewer saw last of each title, by whosever choice.
LAST_SEEN = """
SELECT title_id, chosen, count(*) FROM (
    SELECT DISTINCT ON (viewer_id, title_id) viewer_id, title_id, chosen
    FROM personalization_decision
    WHERE day BETWEEN %(first)s AND %(last)s
    ORDER BY viewer_id, title_id, first_seen_at DESC, id DESC
) AS last_seen
GROUP BY title_id, chosen
ORDER BY title_id, chosen
"""


def keep_shares(last: date) -> int:
    """Replace the shares by those of the days up to `last`; return how many pictures have a row."""
    made = [
        ShownShare(title_id=title, artwork_id=artwork, percent=percent, until=last)
        for title, shares in _by_title(last).items()
        for artwork, percent in shares.items()
    ]
    with transaction.atomic():
        there = set(
            Artwork.objects.filter(pk__in=[share.artwork_id for share in made]).values_list(
                "pk", flat=True
            )
        )
        ShownShare.objects.all().delete()
        ShownShare.objects.bulk_create([share for share in made if share.artwork_id in there])
    return len(made)


def _by_title(last: date) -> dict[int, dict[int, int | None]]:
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(LAST_SEEN, {"first": last - timedelta(days=DAYS - 1), "last": last})
        for title, artwork, viewers in cursor.fetchall():
            counts[title][artwork] = viewers
    return {title: coarse_shares(each) for title, each in counts.items()}


def coarse_shares(counts: Mapping[int, int]) -> dict[int, int | None]:
    """Return each picture's share in percent, in steps of STEP, or None where it is hidden.

    Args:
        counts: how many viewers saw each picture of one title last.

    A picture that fewer than FEWEST viewers saw is hidden. The rest of 100 belongs to the hidden
    ones. If that is one alone, or fewer viewers than FEWEST, the smallest shown one is hidden too.
    """
    total = sum(counts.values())
    hidden = {picture for picture, viewers in counts.items() if viewers < FEWEST}
    shown = sorted(counts.keys() - hidden, key=lambda picture: (counts[picture], picture))
    while hidden and shown and (len(hidden) == 1 or sum(counts[p] for p in hidden) < FEWEST):
        hidden.add(shown.pop(0))
    return {
        picture: None if picture in hidden else _step(viewers / total)
        for picture, viewers in counts.items()
    }


def _step(share: float) -> int:
    """Round a share to a step in percent, by halves upwards."""
    return STEP * int(share * 100 / STEP + 0.5)
