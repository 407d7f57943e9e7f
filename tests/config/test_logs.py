"""What a log line says of a request, and what it does not."""

import logging

import pytest
from django.urls import reverse

from catalog.middleware import SESSION_KEY
from tests.factories import make_title, make_viewer

pytestmark = pytest.mark.django_db


def test_a_line_names_the_page_and_no_account_or_profile(client, caplog):
    viewer = make_viewer(pk=770_033, name="Zenobia")
    page = reverse("catalog:title", args=[make_title().slug])
    client.force_login(viewer.account)
    session = client.session
    session[SESSION_KEY] = viewer.pk
    session.save()
    with caplog.at_level(logging.INFO):
        assert client.get(page).status_code == 200
    said = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    lines = [line for line in said if line.get("request", "").endswith(page)]
    assert lines
    for line in lines:
        assert "user_id" not in line
        for trace in (str(viewer.pk), viewer.name, str(viewer.public_id), viewer.account.email):
            assert trace not in str(line)
