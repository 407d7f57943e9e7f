import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from tests.factories import make_title

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def test_it_says_that_there_is_no_such_page(client, db):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b"No such page" in response.content


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (lambda request: bad_request(request, Exception()), b"makes no sense"),
        (lambda request: permission_denied(request, Exception()), b"Not for this account"),
        (lambda request: page_not_found(request, Exception()), b"No such page"),
        (server_error, b"broke backstage"),
    ],
)
def test_it_says_what_went_wrong_without_the_database(handler, words):
    assert words in handler(RequestFactory().get("/")).content


def test_it_says_that_a_form_was_open_too_long(db):
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {})
    assert response.status_code == 403
    assert b"open too long" in response.content


def test_it_has_a_page_for_too_many_attempts():
    assert "Too many attempts" in get_template("429.html").render()


def test_it_limits_attempts_to_sign_in(client, db):
    said = {"login": "nobody@example.com", "password": "wrong"}
    statuses = {client.post(reverse("account_login"), said).status_code for _ in range(12)}
    page = client.post(reverse("account_login"), said).content.decode()
    assert 429 in statuses or "Too many" in page


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_it_has_no_inline_style_or_handler(template: Path):
    text = re.sub(r"{%.*?%}", "", template.read_text())
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|javascript:|hx-on", text)


def test_it_sends_a_policy_that_allows_nothing_inline(as_viewer, viewer):
    make_title()
    policy = as_viewer(viewer).get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
