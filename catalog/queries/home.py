"""Which titles a viewer's home shows, in which rows. The artwork is chosen later.

Takes five queries, however large the catalogue and the viewer's history are: the newest plays,
what the viewer marked of these titles, the episodes of series in progress, what else is the
viewer's own (one statement, `home.sql`), and the titles. The orders that are the same for everybody
are in memory; after a change of the catalogue they are read again, by one query more.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from catalog.models import Title, Viewer
from catalog.queries.continuing import PlayRow, Progress, newest_plays, to_continue
from catalog.queries.home_own import READ_LENGTH, OwnPart, own_part
from catalog.queries.home_rows import SHORTEST, HomeRow, arranged
from catalog.queries.orders import Mask, TitleOrders, orders_at
from catalog.sections import in_order

CONTINUE_LENGTH = 20
GENRE_ROWS = 6
# The billboard changes daily among this many titles, the first after the ten most watched.
BILLBOARD_CHOICE = 5
BILLBOARD_FROM = 10
# How much the popularity of a title takes from what fans of another share: such titles are shared
# with everybody.
EVERYBODYS = 10


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
    own = own_part(viewer, because=known.because, also=known.also, now=now)
    begun = [number for number in progress if number not in own.hidden]
    found = [HomeRow("continue", begun), *_rows(viewer, known, own)]
    billboard = _billboard(viewer, found, now)
    planned = arranged(
        _in_order_of(viewer, found), billboard=billboard, personal=viewer.follows_history
    )
    titles = _titles(viewer, planned, {billboard, known.because, own.seed})
    rows = [_with_titles(row, titles, known, own) for row in planned]
    shown = titles.get(billboard) if billboard else None
    return Home(shown, [row for row in rows if row.titles], progress)


def _known(plays: Iterable[PlayRow], progress: Mapping[int, Progress]) -> _Known:
    watched = list(dict.fromkeys(play.title_id for play in plays if play.quality))
    unwanted = {play.title_id for play in plays if play.unwanted}
    liked = [number for number in watched if number not in unwanted]
    first, second = [*liked, None, None][:2]
    return _Known(watched, list({*watched, *progress}), first, second)


def _rows(viewer: Viewer, known: _Known, own: OwnPart) -> list[HomeRow]:
    """Return the rows below what the viewer began, with more titles than are shown."""
    orders = orders_at(own.version)
    limit = viewer.maturity_limit
    offered = orders.offer(limit, without={*known.begun, *own.hidden, *own.unwanted})
    popular = offered & (orders.viewers > 0)
    if viewer.follows_history:
        popular[orders.places_of(own.listed)] = False
    newest = np.arange(len(orders.title_ids))
    because = orders.alike(known.because, offered, READ_LENGTH) if known.because else []
    return [
        HomeRow("list", own.listed),
        HomeRow("because", because),
        HomeRow("popular", orders.first(orders.popular, popular, READ_LENGTH)),
        HomeRow("episodes", own.episodes),
        HomeRow("new", orders.first(newest, offered, READ_LENGTH)),
        HomeRow("also", _also(orders, offered, own), from_ratings=own.from_ratings),
        *_by_genre(orders, offered, known.watched),
    ]


def _also(orders: TitleOrders, offered: Mask, own: OwnPart) -> list[int]:
    """Return what people watch who share a title, without what simply everybody watches."""
    if own.seed is None or own.seed in own.hidden:
        return []
    others = [number for number in own.also if number != own.seed]
    places = orders.places_of(others)
    places = places[offered[places]]
    shared = np.array([own.also[int(number)] for number in orders.title_ids[places]])
    score = shared / np.sqrt(EVERYBODYS + orders.viewers[places])
    best = np.lexsort((orders.title_ids[places], -score))
    return [int(number) for number in orders.title_ids[places[best[:READ_LENGTH]]]]


def _by_genre(orders: TitleOrders, offered: Mask, watched: Collection[int]) -> list[HomeRow]:
    """Return rows of the genres that the viewer watched lately, then those that everybody does."""
    seen = np.zeros(len(orders.title_ids), bool)
    seen[orders.places_of(watched)] = True
    known = orders.count_by_genre(seen)
    liked = orders.count_by_genre(offered & (orders.viewers > 0))
    taste = np.lexsort((-liked, -known))
    rows = [
        HomeRow(
            "genre",
            orders.first(orders.by_genre[orders.genres[at].id], offered, READ_LENGTH),
            orders.genres[at].name,
            orders.genres[at].slug,
        )
        for at in taste
    ]
    return [row for row in rows if len(row.numbers) >= SHORTEST][:GENRE_ROWS]


def _titles(
    viewer: Viewer, rows: Iterable[HomeRow], others: Collection[int | None]
) -> dict[int, Title]:
    """Read what is shown. The database says again what may be offered to this viewer."""
    wanted = {number for row in rows for number in row.numbers}
    wanted |= {number for number in others if number is not None}
    return Title.objects.offered_to(viewer).in_bulk(wanted)


def _with_titles(row: HomeRow, titles: Mapping[int, Title], known: _Known, own: OwnPart) -> HomeRow:
    """Give a row its titles, and the name of the title that it is about."""
    row = replace(row, titles=[titles[each] for each in row.numbers if each in titles])
    about = {"because": known.because, "also": own.seed}.get(row.kind)
    if about is None:
        return row
    subject = titles.get(about)
    return (
        replace(row, about=subject.name, slug=subject.slug) if subject else replace(row, titles=[])
    )


def _in_order_of(viewer: Viewer, rows: list[HomeRow]) -> list[HomeRow]:
    """Return the rows in the viewer's order, without the sections that they hid."""
    order = [name for name in in_order(viewer.home_order) if name not in viewer.home_hidden]
    return [row for kind in order for row in rows if row.kind == kind and row.numbers]


def _billboard(viewer: Viewer, rows: list[HomeRow], now: datetime) -> int | None:
    """Pick the billboard of the day: a much watched title that is not in the top ten, or a new one.

    It is none that this viewer watched, began or listed, unless nothing follows what they do.
    """
    own = {number for row in rows if row.kind in ("continue", "list") for number in row.numbers}
    turn = viewer.pk if viewer.follows_history else 0
    for kind, first in (("popular", BILLBOARD_FROM), ("new", 0), ("genre", 0), ("popular", 0)):
        for row in rows:
            choice = row.numbers[first : first + BILLBOARD_CHOICE] if row.kind == kind else []
            if viewer.follows_history:
                choice = [number for number in choice if number not in own]
            if choice:
                return choice[(now.toordinal() + turn) % len(choice)]
    return None
