"""Which titles a viewer's home shows, in which rows. The artwork is chosen later.

Takes five queries, however large the catalogue and the viewer's history are: the newest plays,
what the viewer marked of these titles, the rows (one statement, `home.sql`), the episodes of
series in progress, and the titles.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from catalog.models import Title, Viewer, WatchEvent
from catalog.queries.alike import ALIKE
from catalog.queries.continuing import Progress, newest_plays, to_continue
from catalog.queries.home_rows import SHORTEST, HomeRow, arranged
from catalog.sections import in_order

CONTINUE_LENGTH = 20
# More than a row shows, because what rows above show is left out.
READ_LENGTH = 40
GENRE_ROWS = 6
# "Popular" counts this many of the newest quality plays of all viewers. An index of quality plays
# alone bounds what is read.
POPULAR_SAMPLE = 5000
# The billboard changes daily among this many titles, the first after the ten most watched.
BILLBOARD_CHOICE = 5
BILLBOARD_FROM = 10
# Whose plays "People who liked" counts: so many viewers, so many plays of each. With fewer than
# FEWEST_FANS, or shared by fewer than FEWEST_SHARED, the row would tell what single people watch.
FANS = 100
PLAYS_OF_FAN = 30
FEWEST_FANS = 10
FEWEST_SHARED = 3
EPISODES_ARE_NEW = timedelta(days=30)

ROWS = (Path(__file__).parent / "home.sql").read_text().format(alike=ALIKE)


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a viewer: newest first. Without personalisation nothing is."""

    watched: list[int]
    begun: list[int]
    because: int | None
    also: int | None


def home_for(viewer: Viewer, *, now: datetime) -> Home:
    """Return the home of a viewer on the day of `now`, as the viewer arranged it.

    Without personalisation its rows are the same for all who may see the same titles. Only what the
    viewer has begun or listed is added.
    """
    plays = newest_plays(viewer)
    progress = to_continue(viewer, plays, limit=CONTINUE_LENGTH)
    known = _known(plays, progress) if viewer.follows_history else _Known([], [], None, None)
    read = _rows(viewer, known, now)
    wanted = {number for _, _, _, numbers in read for number in numbers} | set(progress)
    wanted |= {int(about) for kind, about, _, _ in read if kind == "also"}
    wanted |= {known.because} if known.because else set()
    titles = Title.objects.offered_to(viewer).in_bulk(wanted)
    rows = [
        HomeRow(kind, [titles[number] for number in numbers if number in titles], about, slug)
        for kind, about, slug, numbers in [("continue", "", "", list(progress)), *read]
    ]
    rows = [_named(row, titles, known) for row in rows]
    billboard = _billboard(viewer, rows, now)
    shown = arranged(
        _in_order_of(viewer, rows), billboard=billboard, personal=viewer.follows_history
    )
    return Home(billboard, shown, progress)


def _known(plays: Iterable[WatchEvent], progress: Mapping[int, Progress]) -> _Known:
    watched = list(dict.fromkeys(play.title_id for play in plays if play.quality_at))
    unwanted = {play.title_id for play in plays if play.unwanted}  # type: ignore[attr-defined]
    liked = [number for number in watched if number not in unwanted]
    first, second = [*liked, None, None][:2]
    return _Known(watched, list({*watched, *progress}), first, second)


def _rows(viewer: Viewer, known: _Known, now: datetime) -> list[tuple[str, str, str, list[int]]]:
    """Return (kind, about, slug, title ids best first), in page order."""
    with connection.cursor() as cursor:
        cursor.execute(
            ROWS,
            {
                "maturity": viewer.maturity_limit,
                "because": known.because,
                "also": known.also,
                "watched": known.watched,
                "known": known.begun,
                "viewer": viewer.pk,
                "personal": viewer.follows_history,
                "sample": POPULAR_SAMPLE,
                "length": READ_LENGTH,
                "genres": GENRE_ROWS,
                "fewest": SHORTEST,
                "fans": FANS,
                "plays_of_fan": PLAYS_OF_FAN,
                "fewest_fans": FEWEST_FANS,
                "fewest_shared": FEWEST_SHARED,
                "new_from": now - EPISODES_ARE_NEW,
                "now": now,
            },
        )
        rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for kind, about, slug, number in cursor.fetchall():
            rows[kind, about, slug or ""].append(number)
    return [(kind, about, slug, numbers) for (kind, about, slug), numbers in rows.items()]


def _named(row: HomeRow, titles: Mapping[int, Title], known: _Known) -> HomeRow:
    """Name the title that a row is about."""
    if row.kind == "because" and known.because and known.because in titles:
        about = titles[known.because]
        return replace(row, about=about.name, slug=about.slug)
    if row.kind == "also":
        subject = titles.get(int(row.about))
        if subject is None:
            return replace(row, titles=[])
        from_ratings = row.slug == "liked"
        return replace(row, about=subject.name, slug=subject.slug, from_ratings=from_ratings)
    return row


def _in_order_of(viewer: Viewer, rows: list[HomeRow]) -> list[HomeRow]:
    """Return the rows in the viewer's order, without the sections that they hid."""
    order = [name for name in in_order(viewer.home_order) if name not in viewer.home_hidden]
    return [row for kind in order for row in rows if row.kind == kind and row.titles]


def _billboard(viewer: Viewer, rows: list[HomeRow], now: datetime) -> Title | None:
    """Pick the billboard of the day: a much watched title that is not in the top ten, or a new one.

    It is none that this viewer watched, began or listed, unless nothing follows what they do.
    """
    own = {title.pk for row in rows if row.kind in ("continue", "list") for title in row.titles}
    turn = viewer.pk if viewer.follows_history else 0
    for kind, first in (("popular", BILLBOARD_FROM), ("new", 0), ("genre", 0), ("popular", 0)):
        for row in rows:
            choice = row.titles[first : first + BILLBOARD_CHOICE] if row.kind == kind else []
            if viewer.follows_history:
                choice = [title for title in choice if title.pk not in own]
            if choice:
                return choice[(now.toordinal() + turn) % len(choice)]
    return None
