"""Reading a data set's text files line by line, with refusals that name file and line."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from catalog.importers.names import control_in, label

# Marks that begin a file and tell its encoding; UTF-32's begins like UTF-16's, so it goes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ARCHIVES = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "ZIP", b"BZh": "bzip2", b"7z\xbc\xaf": "7z"}
_CHUNK = 1 << 20
# Every number of a data set is far below; one of more digits is not even made an int.
_DIGITS = 18
_OF_THE_CLOCK = 10**8  # a lowest value above this is a time in seconds


class Malformed(ValueError):
    """A file that cannot be imported; says which line and why."""

    def __init__(self, file: Path, line: int, why: str) -> None:
        super().__init__(f"{file.name}, line {line}: {why}")
        self.file = file
        self.line = line
        self.why = why


def encoding_of(file: Path, *, otherwise: str | None) -> str:
    """Return the one encoding in which a whole file is read; the same bytes give the same answer.

    A byte order mark decides. Without one, a file that is valid UTF-8 throughout is UTF-8, and any
    other is `otherwise`, the encoding that its data set was published in.

    Raises Malformed, with the line, where the bytes are not of the encoding so found.
    """
    with file.open("rb") as data:
        start = data.read(4)
        for first, kind in _ARCHIVES.items():
            if start.startswith(first):
                raise Malformed(file, 1, f"it is a {kind} archive: unpack it first")
        marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
        data.seek(0)
        if _decodes(data, marked or "utf-8"):
            return marked or "utf-8"
        if marked or otherwise is None:
            mark = f"the byte order mark says {marked}, but " if marked else ""
            encoding = (marked or "utf-8").removesuffix("-sig").upper()
            line = _undecodable_line(file, marked or "utf-8")
            raise Malformed(file, line, f"{mark}it is not {encoding}: save the file as UTF-8")
        data.seek(0)
        if _decodes(data, otherwise):
            return otherwise
    raise Malformed(
        file, _undecodable_line(file, otherwise), f"it is neither UTF-8 nor {otherwise}"
    )


def _decodes(data: io.BufferedReader, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := data.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _undecodable_line(file: Path, encoding: str) -> int:
    data = file.read_bytes()
    if encoding == "utf-8-sig":
        data, encoding = data.removeprefix(codecs.BOM_UTF8), "utf-8"
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="ignore")
        return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    return 1


def fields(
    file: Path, *, separator: str, count: int, otherwise: str | None = "cp1252"
) -> Iterator[tuple[int, list[str]]]:
    """Give (line number, fields) of each line; a line ends in CR, LF or both.

    `otherwise` is the encoding of a file that is not UTF-8. Windows-1252 holds all of Latin-1's
    letters, and the quotes and dashes that editors on Windows put in.

    Raises Malformed where a line has another number of fields or holds control
    characters (the database cannot store a NUL, and the others are damage).
    """
    encoding = encoding_of(file, otherwise=otherwise)
    with file.open(encoding=encoding, newline=None) as lines:
        for number, line in enumerate(lines, start=1):
            parts = line.removesuffix("\n").split(separator)
            _refuse_control(parts, file, number)
            if parts == [""]:
                raise Malformed(file, number, "the line is empty")
            if len(parts) != count:
                raise Malformed(file, number, f"expected {count} fields, found {len(parts)}")
            yield number, parts


def table(file: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Give (line number, fields) of each row of a CSV file in UTF-8 or with a byte order mark.

    The number is that of the line on which the row begins: a quoted field may hold line breaks.
    Raises Malformed where the header or a row is another than `columns`.
    """
    encoding = encoding_of(file, otherwise=None)
    with file.open(encoding=encoding, newline="") as text:
        rows = csv.reader(text, strict=True)
        start = 1
        try:
            header = next(rows, [])
            _refuse_control(header, file, 1)
            if header != columns:
                found = ",".join(header)[:80] or "none"
                raise Malformed(file, 1, f"expected the columns {','.join(columns)}, found {found}")
            start = rows.line_num + 1
            for row in rows:
                _refuse_control(row, file, start)
                if not row:
                    raise Malformed(file, start, "the line is empty")
                if len(row) != len(columns):
                    raise Malformed(
                        file, start, f"expected {len(columns)} fields, found {len(row)}"
                    )
                yield start, row
                start = rows.line_num + 1
        except csv.Error as error:
            raise Malformed(file, start, str(error)) from error


def _refuse_control(parts: list[str], file: Path, line: int) -> None:
    for number, part in enumerate(parts, start=1):
        if not part.isprintable() and (control := control_in(part)):
            hint = " (UTF-16 without a byte order mark?)" if "\x00" in part else ""
            raise Malformed(
                file, line, f"it holds a control character, {control} of field {number}{hint}"
            )


def whole(text: str, *, low: int, high: int, file: Path, line: int, what: str) -> int:
    """Return a whole number from `low` to `high`, or raise Malformed."""
    digits = text.strip(" ")
    # Not isdigit(): it is true of digits of other scripts too, which int() would read.
    if not (digits.isascii() and digits.isdecimal()):
        raise Malformed(file, line, _no_number(text, low, what))
    if len(digits) > _DIGITS:
        raise Malformed(file, line, f"{what} {digits[:40]} is too large: at most {high}")
    value = int(digits)
    if value > high:
        milliseconds = low > _OF_THE_CLOCK and low <= value // 1_000 <= high
        hint = "; it looks like milliseconds, and seconds are expected" if milliseconds else ""
        raise Malformed(file, line, f"{what} {value} is too large: at most {high}{hint}")
    if value < low:
        raise Malformed(file, line, f"{what} {value} is too small: at least {low}")
    return value


def _no_number(text: str, low: int, what: str) -> str:
    unseen = next((one for one in text if not one.isprintable()), None)
    if unseen:
        place = text.index(unseen) + 1
        return f"{what} holds {label(unseen)} at character {place}, which is no digit"
    digits = text.strip(" ")
    if digits.startswith("-") and digits[1:].isascii() and digits[1:].isdecimal():
        return f"{what} {digits[:40]} is too small: at least {low}"
    return f"{what} {text[:40]!r} is not a whole number"
