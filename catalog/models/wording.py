"""How names become words that search finds: lower case, without accents, unstemmed.

PostgreSQL's `unaccent` is an extension that not every server has, so the
accents go by `translate`, which is built in, immutable, and can be indexed.
"""

import unicodedata

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter)[0]


# Latin-1 Supplement to Latin Extended-B, lower case, whose base is a plain letter.
_ACCENTED = "".join(
    chr(code)
    for code in range(0xDF, 0x250)
    if chr(code).islower() and _plain(chr(code)).isascii() and _plain(chr(code)).isalpha()
)
_BARE = "".join(_plain(letter) for letter in _ACCENTED)
_TABLE = str.maketrans(_ACCENTED, _BARE)


def folded(text: str) -> str:
    """Return `text` as search compares it."""
    return unicodedata.normalize("NFC", text).lower().translate(_TABLE)


def words_of(field: str) -> SearchVector:
    """Return the search vector of a name, exactly as its index has it."""
    bare = Func(
        Func(F(field), function="LOWER", output_field=TextField()),
        Value(_ACCENTED),
        Value(_BARE),
        function="TRANSLATE",
        output_field=TextField(),
    )
    return SearchVector(bare, config="simple")
