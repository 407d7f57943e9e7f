"""credits.csv: who is billed in each film. It belongs to this project; MovieLens has no casts.

The file knows people by name alone, so one name is one person, in all films and all years. Two
people of one name have to be told apart in the file, as film databases do: "Ann Lee (II)".
"""

from pathlib import Path

from catalog.importers.lines import Malformed, table, whole
from catalog.importers.names import Unreadable, clean, identity
from catalog.importers.records import LARGEST_ID, Film, Remarks
from catalog.models.naming import is_visible

COLUMNS = ["item_id", "billing_order", "name"]
LONGEST_NAME = 120


def read_casts(file: Path, films: dict[int, Film], remarks: Remarks) -> dict[int, dict[int, str]]:
    """Return film → billing → name, or nothing where there is no such file.

    Raises Malformed for a line that cannot be imported. Names that differ in nothing but case or
    normal form are one name: twice in a film, they are refused.
    """
    casts: dict[int, dict[int, str]] = {}
    if not file.is_file():
        return casts
    lines: dict[tuple[int, str], tuple[int, str]] = {}
    for line, (film_text, billing_text, name_text) in table(file, COLUMNS):
        film = whole(film_text, low=1, high=LARGEST_ID, file=file, line=line, what="the film")
        billing = whole(billing_text, low=1, high=1_000, file=file, line=line, what="the billing")
        name = _name(name_text, file, line, remarks)
        if film not in films:
            raise Malformed(file, line, f"film {film} is not among the films")
        cast = casts.setdefault(film, {})
        if billing in cast:
            raise Malformed(file, line, f"film {film} has somebody billed {billing} already")
        first, written = lines.setdefault((film, identity(name)), (line, name))
        if first != line:
            as_written = "" if written == name else f" as {written}"
            raise Malformed(
                file, line, f"{name} is billed twice for film {film}: on line {first}{as_written}"
            )
        cast[billing] = name
    return casts


def _name(text: str, file: Path, line: int, remarks: Remarks) -> str:
    try:
        name = clean(text)
    except Unreadable as error:
        raise Malformed(file, line, f"the name: {error}") from error
    if not is_visible(name.text) or len(name.text) > LONGEST_NAME:
        raise Malformed(file, line, f"a name has 1 to {LONGEST_NAME} printable letters")
    for change in name.changes:
        remarks.add(f"{change} in a person's name", file, line)
    return name.text
