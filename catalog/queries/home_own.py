"""What home reads of one viewer besides the plays: the list, opinions, and what others watch too.

One statement, `home.sql`. It costs the same however large the catalogue and the log are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from catalog.models import Viewer
from catalog.queries.orders import VERSION

# More than a row shows, because what rows above show is left out.
READ_LENGTH = 40
# Whose plays "People who liked" counts: so many viewers, so many plays of each. With fewer than
# FEWEST_FANS, or shared by fewer than FEWEST_SHARED, the row would tell what single people watch.
FANS = 100
PLAYS_OF_FAN = 30
FEWEST_FANS = 10
FEWEST_SHARED = 3
EPISODES_ARE_NEW = timedelta(days=30)

OWN = (Path(__file__).parent / "home.sql").read_text().format(version=VERSION)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """Title ids, but for `version`: the catalogue's, for `orders_at`.

    `unwanted` were rated "not for me". `also` maps what people watch who share the title `seed` to
    how many of them do; `from_ratings` says that they rated it, and not only watched it.
    """

    version: int
    hidden: set[int]
    unwanted: set[int]
    listed: list[int]
    episodes: list[int]
    seed: int | None
    from_ratings: bool
    also: dict[int, int]


def own_part(viewer: Viewer, *, because: int | None, also: int | None, now: datetime) -> OwnPart:
    """Return a viewer's part of home. `because` and `also` are the titles of such rows, if any."""
    with connection.cursor() as cursor:
        cursor.execute(
            OWN,
            {
                "viewer": viewer.pk,
                "personal": viewer.follows_history,
                "maturity": viewer.maturity_limit,
                "because": because,
                "also": also,
                "length": READ_LENGTH,
                "fans": FANS,
                "plays_of_fan": PLAYS_OF_FAN,
                "fewest_fans": FEWEST_FANS,
                "fewest_shared": FEWEST_SHARED,
                "new_from": now - EPISODES_ARE_NEW,
                "now": now,
            },
        )
        found: dict[str, dict[int, int]] = defaultdict(dict)
        for kind, title, number in cursor.fetchall():
            found[kind][title] = number
    [(seed, rated)] = found["seed"].items()
    [version] = found["version"].values()
    return OwnPart(
        version,
        set(found["hidden"]),
        set(found["no"]),
        sorted(found["list"], key=found["list"].__getitem__),
        sorted(found["episodes"], key=found["episodes"].__getitem__),
        seed,
        bool(rated),
        found["also"],
    )
