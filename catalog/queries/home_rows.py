"""Arranges the rows of home: in the viewer's order, no title twice at the top, no short rows.

Pure: it reads no database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from catalog.models import Title
from catalog.sections import OWN

SHORTEST = 5  # titles; a row with fewer joins the next one, or is not shown
# Titles of a row; more are behind "See all". Where a catalogue is too small for enough rows without
# repeats, the rows are shorter.
LENGTHS = (12, 8, 6, 5)
RANKED_LENGTH = 10
UNIQUE_SHELVES = 5  # from the top, in which no title stands twice
# Rows that join the next one where they are short. Other short rows are not shown.
JOINING = OWN | {"episodes"}


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One row of home.

    `kind` is one of catalog.sections, or "more" for what no other row shows. `about` is the name of
    the title watched or liked before, or of the genre; `slug` is its slug. `from_ratings` says
    that viewers rated that title, not only watched it. `joins` says that the row stands in one
    shelf with the row before, because either is short.
    """

    kind: str
    titles: list[Title]
    about: str = ""
    slug: str = ""
    from_ratings: bool = False
    joins: bool = False


@dataclass(slots=True)
class Shelves:
    """The shelves found so far, each of one row or several that stand together."""

    unique_own: bool
    seen: set[int]
    made: list[list[HomeRow]] = field(default_factory=list)
    waiting: list[HomeRow] = field(default_factory=list)
    counted: int = 0

    def add(self, row: HomeRow, titles: list[Title]) -> bool:
        """Add a row with these titles. False: they are too few, and the row is not added."""
        is_short = len(titles) < SHORTEST
        if not titles or (is_short and row.kind not in JOINING):
            return False
        if row.kind not in OWN or self.unique_own:
            self.seen.update(title.pk for title in titles)
        if is_short:
            self.waiting.append(replace(row, titles=titles))
            return True
        self.made.append([*self.waiting, replace(row, titles=titles)])
        self.counted += row.kind not in OWN or self.unique_own
        self.waiting = []
        return True

    def close(self) -> None:
        """Give what still waits a shelf, if there is anything of the viewer's own in it."""
        if any(row.kind in OWN for row in self.waiting):
            self.made.append(self.waiting)
        self.waiting = []


def arranged(rows: Sequence[HomeRow], *, billboard: Title | None, personal: bool) -> list[HomeRow]:
    """Return the rows as they are shown.

    `rows` are in page order, with more titles than are shown. Without personalisation the viewer's
    own rows change nothing in the others, which are the same for everybody: a title that stands
    there may be in an own row too.
    """
    best: Shelves | None = None
    for length in LENGTHS:
        tried = _filled(rows, length, billboard=billboard, personal=personal)
        if best is None or tried.counted > best.counted:
            best = tried
        if best.counted >= UNIQUE_SHELVES:
            break
    made = best.made if best else []
    return [replace(row, joins=place > 0) for shelf in made for place, row in enumerate(shelf)]


def _filled(
    rows: Sequence[HomeRow], length: int, *, billboard: Title | None, personal: bool
) -> Shelves:
    """Fill the shelves with rows of up to `length` titles."""
    shelves = Shelves(personal, {billboard.pk} if billboard else set())
    ranking = [t.pk for row in rows if row.kind == "popular" for t in _top_ten(row, billboard)]
    top = set(ranking if len(ranking) >= SHORTEST else [])
    left: list[HomeRow] = []
    for row in rows:
        if row.kind == "popular":
            titles = _top_ten(row, billboard)
        elif row.kind in OWN:
            titles = [t for t in row.titles if not personal or t.pk not in shelves.seen]
        else:
            # What the ranking shows, further up or down, stays there.
            taken = shelves.seen | top
            titles = [title for title in row.titles if title.pk not in taken][:length]
        if shelves.counted >= UNIQUE_SHELVES or not shelves.add(row, titles):
            left.append(row)
    # With fewer unique rows the page ends there: one that repeats them would stand too far up.
    for row in left if shelves.counted >= UNIQUE_SHELVES else ():
        titles = _top_ten(row, billboard) if row.kind == "popular" else row.titles
        shelves.add(row, titles[:length])
    shelves.close()
    _add_the_rest(shelves, rows, 2 * length)
    return shelves


def _top_ten(row: HomeRow, billboard: Title | None) -> list[Title]:
    return [title for title in row.titles if title != billboard][:RANKED_LENGTH]


def _add_the_rest(shelves: Shelves, rows: Iterable[HomeRow], most: int) -> None:
    """Show what only stands in rows that are not shown, if it makes a row, or is all there is."""
    made = {(row.kind, row.slug) for shelf in shelves.made for row in shelf}
    shown = shelves.seen | {t.pk for shelf in shelves.made for row in shelf for t in row.titles}
    absent = [row for row in rows if (row.kind, row.slug) not in made]
    rest = {t.pk: t for row in absent for t in row.titles if t.pk not in shown}
    if len(rest) >= SHORTEST or (rest and not shelves.made):
        shelves.made.append([HomeRow("more", list(rest.values())[:most])])
