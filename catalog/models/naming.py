"""Names that people give to profiles, titles, people and genres: what is a name, and which are one.

A name must be visible: Unicode has characters that take no space, or only
space, in every category, so that looking at the category is not enough.
"""

import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Default-ignorable code points (Unicode 15, DerivedCoreProperties) and letters and symbols that are
# drawn as nothing: Hangul fillers, the blank Braille cell, an empty note head.
_UNSEEN_RANGES = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC)),
    *((0x16FE4, 0x16FE4), (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A)),
    (0xE0000, 0xE0FFF),
)
UNSEEN = frozenset(chr(code) for first, last in _UNSEEN_RANGES for code in range(first, last + 1))
# Embeddings, overrides and isolates: they reorder the text around a name. (The single marks
# U+200E, U+200F and U+061C only do so within it, and Hebrew and Arabic names use them.)
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What keyboards and editors put in place of a hyphen and of an apostrophe.
_ALIKE = str.maketrans(dict.fromkeys("‐‑", "-") | dict.fromkeys("’ʼ", "'"))
# Control characters, half characters, line and paragraph separators.
_NEVER = frozenset({"Cc", "Cs", "Zl", "Zp"})

NOT_VISIBLE = _("Enter a name that can be seen.")
NOT_ALLOWED = _("A name cannot contain control characters or characters that change its direction.")


def validate_name(name: str) -> None:
    """Check that a name can be seen, and does nothing to the text around it.

    Raises:
        ValidationError: with words for the person who typed it.
    """
    if any(_is_refused(letter) for letter in name):
        raise ValidationError(NOT_ALLOWED, code="name_not_allowed")
    if not is_visible(name):
        raise ValidationError(NOT_VISIBLE, code="name_not_visible")


def is_visible(text: str) -> bool:
    """Say whether anything of a text can be seen: no words are given by invisible ones."""
    return any(_is_visible(letter) for letter in text)


def validate_words(text: str) -> None:
    """Check that reasons can be seen. Pages of staff ask for them, which are in English.

    Raises:
        ValidationError: with words for the person who typed them.
    """
    if not is_visible(text):
        raise ValidationError("Write words that can be seen.", code="words_not_visible")


def tidy_name(name: str) -> str:
    """Return a name as it is stored: composed (NFC), without space around it."""
    return unicodedata.normalize("NFC", name).strip()


def name_key(name: str) -> str:
    """Return what two names have in common if a person cannot tell them apart.

    This is Unicode's NFKC_Casefold (normalisation form, case, width, invisible
    characters; The Unicode Standard, section 3.13) with any run of spaces as one, and with one
    hyphen and one apostrophe.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(letter for letter in folded if letter not in UNSEEN).translate(_ALIKE)
    return unicodedata.normalize("NFKC", " ".join(seen.split()))


def first_repeated(names: Iterable[str]) -> str | None:
    """Return the first name that has the key of an earlier one, or None."""
    keys: set[str] = set()
    for name in names:
        key = name_key(name)
        if key in keys:
            return name
        keys.add(key)
    return None


def _is_refused(letter: str) -> bool:
    # The last two code points of every plane, and U+FDD0 to U+FDEF, are no characters.
    is_character = ord(letter) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(letter) <= 0xFDEF
    refused = letter in _REORDERING or unicodedata.category(letter) in _NEVER
    return refused or not is_character


def _is_visible(letter: str) -> bool:
    # Marks need a letter to stand on. Private characters have no agreed picture. Characters that
    # this Python does not know yet (Cn) may well be letters of a script that Unicode added.
    category = unicodedata.category(letter)
    return category[0] not in "MZ" and category not in {"Cf", "Co"} and letter not in UNSEEN
