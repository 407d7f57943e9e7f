"""No page is forgotten: every address of the site is in the list that the browser tests walk."""

from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser import places
from tests.browser.places import names_in

# The admin's own pages are walked by their links, and the API answers programs.
OTHERS = ("admin:", "catalog-api:", "personalization-api:")
WALKED = [
    places.VISITOR, places.VIEWER, places.SECURED, places.CHILD, places.EDITOR, places.AUDITOR,
    places.OPERATOR,
]  # fmt: skip


def named(resolver=None, namespace=""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from named(each, inner)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{namespace}{each.name}"


def test_every_address_is_a_page_that_is_walked_or_no_page():
    addresses = {name for name in named() if not name.startswith(OTHERS)}
    walked = {name for role in WALKED for name in names_in(role)}
    others = names_in(places.NO_PAGES) | names_in(places.ELSEWHERE)
    assert addresses - walked - others == set()
    assert walked & others == set()
    assert others - addresses == set()
