"""Names as a data set writes them: clean text, or a refusal that names the character.

A name is kept as it is written, with three exceptions, and each of them is reported:

- every kind of space counts as a space, and several spaces count as one;
- a mark that cannot be seen is dropped: soft hyphens, directions, zero-width spaces;
- UTF-8 that was once read as Latin-1 or Windows-1252 ("FranÃ§oise") is decoded again.

The text is then composed (NFC), so that two ways of writing one accent are one name.
"""

import re
import unicodedata
from dataclasses import dataclass

REPLACEMENT = "\ufffd"
# Letters and marks by their category, yet nothing is drawn for them.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
# Apostrophes and hyphens that keyboards and editors put in place of these two.
_PLAIN = str.maketrans(dict.fromkeys("`´‘’‛′ʻʼ", "'") | dict.fromkeys("‐‑‒−", "-"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _windows_bytes() -> dict[int, int]:
    """Map each character to the byte that Windows-1252 writes, or Latin-1 where it writes none."""
    table = {code: code for code in range(256)}
    for code in range(0x80, 0xA0):
        character = bytes([code]).decode("cp1252", errors="ignore")
        if character:
            table[ord(character)] = code
    return table


_BYTES = _windows_bytes()
_STARTS = "ÂÃ"  # what UTF-8's first byte of an accented Latin letter looks like in Latin-1
_FOLLOWS = "".join(re.escape(chr(code)) for code, byte in _BYTES.items() if 0x80 <= byte < 0xC0)
_MISREAD = re.compile(f"[{_STARTS}][{_FOLLOWS}]")


class Unreadable(ValueError):
    """A name with a character that cannot be taken in; the message says which and where."""


@dataclass(frozen=True, slots=True)
class CleanName:
    """A name, and in `changes` what was changed to get it, in words ("soft hyphen dropped")."""

    text: str
    changes: tuple[str, ...] = ()


def clean(text: str) -> CleanName:
    """Return a name without marks that cannot be seen, composed, with single spaces.

    Raises Unreadable for a control character, a lost letter (U+FFFD), or a character without a
    public meaning, and where part of the name is UTF-8 in another encoding's letters.
    """
    if text.isascii() and text.isprintable():
        return CleanName(" ".join(text.split()))
    changes = {}
    decoded = decoded_again(text)
    if decoded != text:
        changes["decoded again"] = True
    elif misread := _MISREAD.search(text):
        raise Unreadable(
            f"{misread.group()!r} at character {misread.start() + 1} is UTF-8 that was read in "
            "another encoding"
        )
    kept = []
    for place, character in enumerate(decoded):
        category = unicodedata.category(character)
        if category.startswith("Z"):
            kept.append(" ")
            if character != " ":
                changes[f"{label(character)} read as a space"] = True
        elif _cannot_be_seen(character, category) and not _joins(decoded, place):
            changes[f"{label(character)} dropped"] = True
        elif category.startswith("C") and character not in _JOINERS:
            raise Unreadable(f"it holds {label(character)} at character {place + 1}")
        elif character == REPLACEMENT:
            raise Unreadable(f"a letter is lost: {label(character)} at character {place + 1}")
        else:
            kept.append(character)
    composed = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
    return CleanName(composed, tuple(changes))


def control_in(text: str) -> str:
    """Return words for the first control character of a field, or "" if it has none."""
    found = _CONTROL.search(text)
    return f"{label(found.group())} at character {found.start() + 1}" if found else ""


def label(character: str) -> str:
    """Return a character by its number and its name: "U+00AD (soft hyphen)"."""
    names = {"\n": "line feed", "\r": "carriage return", "\t": "tab", "\x00": "nul"}
    name = names.get(character) or unicodedata.name(character, "").lower()
    if not name:
        kinds = {"Cc": "control character", "Co": "private use", "Cs": "half a character"}
        name = kinds.get(unicodedata.category(character), "unassigned")
    return f"U+{ord(character):04X} ({name})"


def decoded_again(text: str) -> str:
    """Undo UTF-8 that was once read as Latin-1 or Windows-1252, as public cast lists have it."""
    try:
        return bytes(_BYTES[ord(character)] for character in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return text


def identity(name: str) -> str:
    """Return what two spellings of one name have in common.

    Case, normal form, which apostrophe and which hyphen do not count.
    """
    seen = "".join(character for character in name if character not in _JOINERS)
    folded = unicodedata.normalize("NFKC", seen.translate(_PLAIN)).casefold()
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def _cannot_be_seen(character: str, category: str) -> bool:
    return (
        category == "Cf"
        or character in _BLANK
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _joins(text: str, place: int) -> bool:
    """Whether a joiner shapes the letters beside it, as in Persian or Hindi and never in Latin."""
    if text[place] not in _JOINERS or not 0 < place < len(text) - 1:
        return False
    beside = (text[place - 1], text[place + 1])
    return all(
        unicodedata.category(letter)[0] in "LM"
        and not unicodedata.name(letter, "LATIN").startswith(("LATIN", "GREEK", "CYRILLIC"))
        for letter in beside
    )
