"""Tables of inlines name their columns, also to who hears the page."""

import re

import pytest

from tests.factories import make_credit, make_title

pytestmark = pytest.mark.django_db


def test_no_head_of_an_inlines_table_is_empty(admin_client):
    title = make_title()
    make_credit(title)
    page = admin_client.get(f"/admin/catalog/title/{title.pk}/change/").content.decode()
    heads = re.findall(r"<th\b[^>]*>(.*?)</th>", page, re.DOTALL)
    assert sum("Entry" in head for head in heads) == 3  # credits, seasons, artwork
    assert [head for head in heads if not head.strip()] == []
