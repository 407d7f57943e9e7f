"""Addresses of which a page has hundreds, made once from their pattern."""

from functools import cache

from django.urls import get_script_prefix, get_urlconf, reverse

# Stands for the slug while an address is made. A slug needs no quoting.
SLUG = "a-slug"


def address_of(name: str, slug: str) -> str:
    """Return the address of a page that is about one slug alone."""
    before, after = _around(name, get_script_prefix(), get_urlconf())
    return f"{before}{slug}{after}"


@cache
def _around(name: str, prefix: str, urlconf: str | None) -> tuple[str, str]:
    before, _slug, after = reverse(name, urlconf, args=[SLUG]).rpartition(SLUG)
    return before, after
