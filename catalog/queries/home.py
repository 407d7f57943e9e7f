"""Which titles a viewer's home shows, in which rows. The artwork is chosen later.

Takes five queries, however large the catalogue and the viewer's history are: the newest plays,
what the viewer marked of these titles, the rows (one statement, `home.sql`), the episodes of
series in progress, and the titles.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection

from catalog.models import Title, Viewer
from catalog.queries.alike import ALIKE
from catalog.queries.continuing import Progress, newest_plays, to_continue

ROW_LENGTH = 20
GENRE_ROWS = 6
# "Popular" counts this many of the newest quality plays of all viewers. An index of quality plays
# alone bounds what is read.
POPULAR_SAMPLE = 5000
# The billboard changes daily among this many of the most popular titles.
BILLBOARD_CHOICE = 5

ROWS = (Path(__file__).parent / "home.sql").read_text().format(alike=ALIKE)


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One row of home.

    `kind` is continue, because, popular, new or genre. `about` is the name of
    the title watched before, or of the genre; `slug` is its slug.
    """

    kind: str
    titles: list[Title]
    about: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    billboard: Title | None
    rows: list[HomeRow]
    progress: dict[int, Progress] = field(default_factory=dict)

    def titles(self) -> list[Title]:
        """Return the distinct titles in page order."""
        first = [self.billboard] if self.billboard else []
        seen = {title.pk: title for title in first}
        for row in self.rows:
            for title in row.titles:
                seen.setdefault(title.pk, title)
        return list(seen.values())


def home_for(viewer: Viewer, *, now: datetime) -> Home:
    """Return the home of a viewer on the day of `now`.

    Without personalisation its rows are the same for all who may see the same titles. Only what the
    viewer has begun is added.
    """
    plays = newest_plays(viewer)
    progress = to_continue(viewer, plays, limit=ROW_LENGTH)
    watched = (
        list(dict.fromkeys(play.title_id for play in plays if play.quality_at))
        if viewer.follows_history
        else []
    )
    unwanted = {play.title_id for play in plays if play.unwanted}  # type: ignore[attr-defined]
    because = next((number for number in watched if number not in unwanted), None)
    numbered = _rows(viewer, because, watched)
    wanted = {number for _, _, _, numbers in numbered for number in numbers} | set(progress)
    if because:
        wanted.add(because)
    titles = Title.objects.offered_to(viewer).in_bulk(wanted)
    rows = [
        HomeRow(kind, [titles[number] for number in numbers if number in titles], about, slug)
        for kind, about, slug, numbers in numbered
    ]
    billboard = _billboard(viewer, rows, now)
    shown = [_without(row, billboard) for row in rows]
    continuing = HomeRow("continue", [titles[number] for number in progress if number in titles])
    named = [
        HomeRow("because", row.titles, titles[because].name, titles[because].slug)
        if row.kind == "because" and because
        else row
        for row in shown
    ]
    return Home(billboard, [row for row in [continuing, *named] if row.titles], progress)


def _rows(
    viewer: Viewer, because: int | None, watched: list[int]
) -> list[tuple[str, str, str, list[int]]]:
    """Return (kind, genre's name, genre's slug, title ids best first), in page order."""
    with connection.cursor() as cursor:
        cursor.execute(
            ROWS,
            {
                "maturity": viewer.maturity_limit,
                "because": because,
                "watched": watched,
                "viewer": viewer.pk,
                "by_rating": viewer.follows_history,
                "sample": POPULAR_SAMPLE,
                "length": ROW_LENGTH,
                "genres": GENRE_ROWS,
            },
        )
        rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for kind, about, slug, number in cursor.fetchall():
            rows[kind, about, slug].append(number)
    return [(kind, about, slug, numbers) for (kind, about, slug), numbers in rows.items()]


def _billboard(viewer: Viewer, rows: list[HomeRow], now: datetime) -> Title | None:
    """Pick the billboard of the day: a popular title not watched yet, else a new one."""
    for kind in ("popular", "new", "genre"):
        for row in rows:
            if row.kind == kind and row.titles:
                choice = row.titles[:BILLBOARD_CHOICE]
                turn = viewer.pk if viewer.follows_history else 0
                return choice[(now.toordinal() + turn) % len(choice)]
    return None


def _without(row: HomeRow, title: Title | None) -> HomeRow:
    """Return the row without the billboard's title, if at least four others are left."""
    others = [other for other in row.titles if other != title]
    return HomeRow(row.kind, others if len(others) >= 4 else row.titles, row.about, row.slug)
