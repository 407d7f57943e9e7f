"""Arranges the rows of home: in the viewer's order, no title twice at the top, no short rows.

Pure: it reads no database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from catalog.models import Title
from catalog.sections import OWN

SHORTEST = 5  # titles; a row with fewer joins the next one, or is not shown
LENGTH = 12  # titles of a row; more are behind "See all"
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
    shelves = Shelves(personal, {billboard.pk} if billboard else set())
    ranking = [t.pk for row in rows if row.kind == "popular" for t in _top_ten(row, billboard)]
    top = set(ranking if len(ranking) >= SHORTEST else [])
    left: list[HomeRow] = []
    for row in rows:
        if shelves.counted >= UNIQUE_SHELVES or not shelves.add(
            row, _fresh(row, shelves.seen, top, personal=personal, billboard=billboard)
        ):
            left.append(row)
    for row in left:
        # What is left of the ranking could not be shown whole.
        titles = _top_ten(row, billboard) if row.kind == "popular" else row.titles
        shelves.add(row, titles[:LENGTH])
    shelves.close()
    _add_the_rest(shelves, rows)
    return [
        replace(row, joins=place > 0) for shelf in shelves.made for place, row in enumerate(shelf)
    ]


def _fresh(
    row: HomeRow, seen: set[int], top: set[int], *, personal: bool, billboard: Title | None
) -> list[Title]:
    """Return the titles of a row that no row above shows, and that the ranking does not show."""
    if row.kind == "popular":
        return _top_ten(row, billboard)
    if row.kind in OWN and not personal:
        return row.titles
    taken = seen if row.kind in OWN else seen | top
    return [title for title in row.titles if title.pk not in taken][:LENGTH]


def _top_ten(row: HomeRow, billboard: Title | None) -> list[Title]:
    return [title for title in row.titles if title != billboard][:RANKED_LENGTH]


def _add_the_rest(shelves: Shelves, rows: Iterable[HomeRow]) -> None:
    """Show what only stands in rows that were too short, if it makes a row, or is all there is."""
    shown = shelves.seen | {t.pk for shelf in shelves.made for row in shelf for t in row.titles}
    rest = {t.pk: t for row in rows for t in row.titles if t.pk not in shown}
    if len(rest) >= SHORTEST or (rest and not shelves.made):
        shelves.made.append([HomeRow("more", list(rest.values())[:LENGTH])])
