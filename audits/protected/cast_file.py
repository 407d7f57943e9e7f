"""Reading credited people's declarations from a CSV file: `person,attribute,value` per line."""

import csv
from collections.abc import Iterator
from pathlib import Path

from audits.protected.attributes import UnknownDeclaration, check

HEADER = ["person", "attribute", "value"]


class BadFile(ValueError):
    """A file that cannot be imported; the message names the line and the reason."""


def read(file: Path) -> Iterator[tuple[int, str, str, str]]:
    """Yield (line, person, attribute, value); `person` is a slug or a public id, as written.

    Raises BadFile for another header, another number of fields, text that is not UTF-8, or
    an attribute or value that is not on the allow-list.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            if next(reader, None) != HEADER:
                raise BadFile(f"{file.name}, line 1: the header must be {','.join(HEADER)}")
            for fields in reader:
                yield reader.line_num, *_checked(file, reader.line_num, fields)
    except UnicodeDecodeError as error:
        raise BadFile(f"{file.name} is not UTF-8: {error.reason}") from error
    except csv.Error as error:
        raise BadFile(f"{file.name}, line {reader.line_num}: {error}") from error


def _checked(file: Path, line: int, fields: list[str]) -> tuple[str, str, str]:
    if len(fields) != len(HEADER):
        raise BadFile(f"{file.name}, line {line}: expected 3 fields, found {len(fields)}")
    person, attribute, value = (field.strip() for field in fields)
    try:
        check(attribute, value)
    except UnknownDeclaration as problem:
        raise BadFile(f"{file.name}, line {line}: {problem}") from problem
    return person, attribute, value
