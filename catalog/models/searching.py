"""What search compares of a name: a key that the database itself makes.

The functions behind it are in catalog/migrations/search_1.sql. Names and what people type go
through the same function, and no write can leave the key behind, whether it comes from a form,
`update()`, `bulk_create()` or COPY.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F, Func, GeneratedField, Index, IntegerField, TextField


def search_key() -> GeneratedField:
    """Return a column that holds the search key of the row's name.

    For "The Wonder-Dog" it is " the wonder dog  wonderdog  =thewonderdog": each word between
    spaces, then what is written without a space, then the whole name as one word.
    """
    return GeneratedField(expression=key_of(F("name")), output_field=TextField(), db_persist=True)


def key_of(name: Any) -> Func:
    """Return the search key of a name, as `search_key` says."""
    words = Func(name, function="catalog_search_words", output_field=TextField())
    return Func(words, function="catalog_search_key", output_field=TextField())


def slips_of(key: Any) -> Func:
    """Return a key's words, and each of them with one letter left out, as numbers.

    Two words that differ by one letter have a number in common. Some others have one too.
    """
    return Func(key, function="catalog_search_slips", output_field=ArrayField(IntegerField()))


def search_indexes(model: str) -> list[Index]:
    """Return the indexes of `search_key`: for parts of words, and for words with a letter wrong."""
    return [
        GinIndex(OpClass(F("search_key"), name="gin_trgm_ops"), name=f"{model}_pieces"),
        GinIndex(slips_of(F("search_key")), name=f"{model}_slips"),
    ]
