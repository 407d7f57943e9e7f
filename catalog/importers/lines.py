"""Reading a data set's text files line by line, with refusals that name file and line."""

import re
from collections.abc import Iterator
from pathlib import Path

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Malformed(ValueError):
    """A file that cannot be imported; says which line and why."""

    def __init__(self, file: Path, line: int, why: str) -> None:
        super().__init__(f"{file.name}, line {line}: {why}")
        self.file = file
        self.line = line
        self.why = why


def fields(
    file: Path, *, separator: str, count: int, encoding: str = "latin-1"
) -> Iterator[tuple[int, list[str]]]:
    """Give (line number, fields) of each line; an empty last line is no line.

    Raises Malformed where a line has another number of fields or holds control
    characters (the database cannot store a NUL, and nobody meant the others).
    """
    with file.open(encoding=encoding, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            text = line.rstrip("\r\n")
            parts = text.split(separator)
            if any(_CONTROL.search(part) for part in parts):
                raise Malformed(file, number, "it holds control characters")
            if len(parts) != count:
                raise Malformed(file, number, f"expected {count} fields, found {len(parts)}")
            yield number, parts


def whole(text: str, *, low: int, high: int, file: Path, line: int, what: str) -> int:
    """Return a whole number from `low` to `high`, or raise Malformed."""
    digits = text.strip()
    # Not isdigit(): it knows digits of other scripts that int() reads and nobody meant.
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 12):
        raise Malformed(file, line, f"{what} {text[:40]!r} is not a whole number")
    value = int(digits)
    if not low <= value <= high:
        raise Malformed(file, line, f"{what} {value} is not between {low} and {high}")
    return value
