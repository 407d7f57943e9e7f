"""PO files, which translators write, and MO files, which are made of them and read at run time.

Formats: GNU gettext manual, “The Format of PO Files” and “The Format of GNU MO Files”.
"""

import ast
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

MAGIC = 0x950412DE
CONTEXT_ENDS, FORM_ENDS = "\x04", "\0"
LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*("(?:[^"\\]|\\.)*")$')


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the sources, and its translation.

    Attributes:
        plural: the source's plural; empty where it has none.
        strings: the translation's forms: one, or one for each plural form. Empty where missing.
        places: the files that use it.
        notes: what the translator wrote about it.
    """

    text: str
    plural: str = ""
    context: str = ""
    strings: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text

    @property
    def is_translated(self) -> bool:
        return bool(self.strings) and all(self.strings) and not self.fuzzy


class UnreadableCatalogue(ValueError):
    """A PO file that cannot be read. The message names the line."""


def read(path: Path) -> list[Message]:
    """Return a PO file's messages; the first, whose text is empty, is its header.

    Raises:
        UnreadableCatalogue: a line is none of a PO file.
    """
    messages, lines = [], []
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        if line.startswith("#~"):
            continue
        if line.strip():
            lines.append((number, line.strip()))
        elif lines:
            messages.append(_message(lines, path))
            lines = []
    return messages


def _message(lines: list[tuple[int, str]], path: Path) -> Message:
    parts: dict[str, str] = {}
    notes: list[str] = []
    places: list[str] = []
    fuzzy, name = False, ""
    for number, line in lines:
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            if line.startswith("#:"):
                places += line[2:].split()
            elif not line.startswith("#,"):
                notes.append(line[1:].strip())
            continue
        found = LINE.match(line)
        if found is None:
            raise UnreadableCatalogue(f"{path}, line {number}: {line}")
        name = found[1] or name
        parts[name] = parts.get(name, "") + ast.literal_eval(found[2])
    strings = [parts[each] for each in sorted(parts) if each.startswith("msgstr")]
    return Message(
        text=parts.get("msgid", ""),
        plural=parts.get("msgid_plural", ""),
        context=parts.get("msgctxt", ""),
        strings=tuple(strings),
        places=tuple(places),
        notes=tuple(notes),
        fuzzy=fuzzy,
    )


def write(path: Path, messages: Iterable[Message]) -> None:
    """Write a PO file: the header first, then the messages as they come."""
    path.write_text("\n".join(map(_entry, messages)), encoding="utf-8")


def _entry(message: Message) -> str:
    lines = [f"# {note}".rstrip() for note in message.notes]
    lines += [f"#: {place}" for place in message.places]
    lines += ["#, fuzzy"] if message.fuzzy else []
    if message.context:
        lines.append(f"msgctxt {_quoted(message.context)}")
    lines.append(f"msgid {_quoted(message.text)}")
    if message.plural:
        lines.append(f"msgid_plural {_quoted(message.plural)}")
        forms = message.strings or ("", "")
        lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
    else:
        lines.append(f"msgstr {_quoted(message.strings[0] if message.strings else '')}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = escaped.split("\n")
    if len(lines) == 1:
        return f'"{escaped}"'
    broken = [f'"{line}\\n"' for line in lines[:-1]] + ([f'"{lines[-1]}"'] if lines[-1] else [])
    return "\n".join(['""', *broken])


def merge(old: Iterable[Message], sources: Iterable[Message]) -> list[Message]:
    """Return the sources' messages, in their order, with the translations that are there."""
    known = {message.key: message for message in old}
    header = known.get(("", ""), Message(""))
    merged = [header]
    for source in sources:
        found = known.get(source.key)
        keeps = found is not None and bool(found.plural) == bool(source.plural)
        merged.append(
            replace(source, strings=found.strings, notes=found.notes, fuzzy=found.fuzzy)
            if found is not None and keeps
            else source
        )
    return merged


def compiled(messages: Iterable[Message]) -> bytes:
    """Return the MO file of what is translated."""
    pairs = sorted(
        (_id(message).encode(), FORM_ENDS.join(message.strings).encode())
        for message in messages
        if message.is_translated
    )
    ids, strings = bytearray(), bytearray()
    tables: tuple[list[int], list[int]] = ([], [])
    for original, translation in pairs:
        for table, data, text in ((tables[0], ids, original), (tables[1], strings, translation)):
            table += [len(text), len(data)]
            data += text + b"\0"
    count = len(pairs)
    first, second = 28, 28 + 8 * count
    start = second + 8 * count
    offsets = [each + start if at % 2 else each for at, each in enumerate(tables[0])]
    offsets += [each + start + len(ids) if at % 2 else each for at, each in enumerate(tables[1])]
    head = struct.pack("<7I", MAGIC, 0, count, first, second, 0, start)
    return head + struct.pack(f"<{len(offsets)}I", *offsets) + bytes(ids) + bytes(strings)


def _id(message: Message) -> str:
    text = message.text + (FORM_ENDS + message.plural if message.plural else "")
    return message.context + CONTEXT_ENDS + text if message.context else text
