"""Arranges the rows of home: in the viewer's order, no title twice at the top, no short rows.

Pure: it reads no database, and knows titles by their ids.
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
    shelf with the row before, because either is short. `numbers` are the titles' ids; `titles` are
    empty until they are read.
    """

    kind: str
    numbers: list[int]
    about: str = ""
    slug: str = ""
    from_ratings: bool = False
    joins: bool = False
    titles: list[Title] = field(default_factory=list)


@dataclass(slots=True)
class Shelves:
    """The shelves found so far, each of one row or several that stand together."""

    unique_own: bool
    seen: set[int]
    made: list[list[HomeRow]] = field(default_factory=list)
    waiting: list[HomeRow] = field(default_factory=list)
    counted: int = 0

    def add(self, row: HomeRow, numbers: list[int]) -> bool:
        """Add a row with these titles. False: they are too few, and the row is not added."""
        is_short = len(numbers) < SHORTEST
        if not numbers or (is_short and row.kind not in JOINING):
            return False
        if row.kind not in OWN or self.unique_own:
            self.seen.update(numbers)
        if is_short:
            self.waiting.append(replace(row, numbers=numbers))
            return True
        self.made.append([*self.waiting, replace(row, numbers=numbers)])
        self.counted += row.kind not in OWN or self.unique_own
        self.waiting = []
        return True

    def close(self) -> None:
        """Give what still waits a shelf, if there is anything of the viewer's own in it."""
        if any(row.kind in OWN for row in self.waiting):
            self.made.append(self.waiting)
        self.waiting = []


def arranged(rows: Sequence[HomeRow], *, billboard: int | None, personal: bool) -> list[HomeRow]:
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
    rows: Sequence[HomeRow], length: int, *, billboard: int | None, personal: bool
) -> Shelves:
    """Fill the shelves with rows of up to `length` titles."""
    shelves = Shelves(personal, {billboard} if billboard else set())
    ranking = [each for row in rows if row.kind == "popular" for each in _top_ten(row, billboard)]
    top = set(ranking if len(ranking) >= SHORTEST else [])
    left: list[HomeRow] = []
    for row in rows:
        if row.kind == "popular":
            numbers = _top_ten(row, billboard)
        elif row.kind in OWN:
            numbers = [each for each in row.numbers if not personal or each not in shelves.seen]
        else:
            # What the ranking shows, further up or down, stays there.
            taken = shelves.seen | top
            numbers = [each for each in row.numbers if each not in taken][:length]
        if shelves.counted >= UNIQUE_SHELVES or not shelves.add(row, numbers):
            left.append(row)
    # With fewer unique rows the page ends there: one that repeats them would stand too far up.
    for row in left if shelves.counted >= UNIQUE_SHELVES else ():
        numbers = _top_ten(row, billboard) if row.kind == "popular" else row.numbers
        shelves.add(row, numbers[:length])
    shelves.close()
    _add_the_rest(shelves, rows, 2 * length)
    return shelves


def _top_ten(row: HomeRow, billboard: int | None) -> list[int]:
    return [each for each in row.numbers if each != billboard][:RANKED_LENGTH]


def _add_the_rest(shelves: Shelves, rows: Iterable[HomeRow], most: int) -> None:
    """Show what only stands in rows that are not shown, if it makes a row, or is all there is."""
    made = {(row.kind, row.slug) for shelf in shelves.made for row in shelf}
    shown = shelves.seen | {n for shelf in shelves.made for row in shelf for n in row.numbers}
    absent = [row for row in rows if (row.kind, row.slug) not in made]
    rest = dict.fromkeys(n for row in absent for n in row.numbers if n not in shown)
    if len(rest) >= SHORTEST or (rest and not shelves.made):
        shelves.made.append([HomeRow("more", list(rest)[:most])])
