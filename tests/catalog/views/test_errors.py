import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import page_not_found, permission_denied
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from config.views import bad_request, server_error
from tests.factories import make_account, make_title

TEMPLATES = [
    path
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html"))
    if path.parent.name != "email"  # mails have no style sheet
]


def test_it_says_that_there_is_no_such_page_and_where(client, db):
    response = client.get("/nothing/<here>/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "No such page" in page
    assert "/nothing/&lt;here&gt;/" in page
    assert "/admin/" not in page


def test_it_leads_staff_back_to_their_pages(client, db):
    client.force_login(make_account(is_staff=True))
    assert 'href="/admin/"' in client.get("/admin/nothing/").content.decode()


def test_a_refused_account_can_sign_out_and_use_another(client, db):
    client.force_login(make_account())
    page = client.get("/studio/")
    assert page.status_code == 403
    assert reverse("account_logout") in page.content.decode()


def test_it_says_that_too_much_was_sent(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = client.post(reverse("account_login"), {"login": "x" * 2000})
    assert page.status_code == 400
    assert "too much at once" in page.content.decode()
    assert "xxxx" not in page.content.decode()


def test_a_fault_of_ours_has_the_number_that_the_log_knows_it_by(client, viewer, monkeypatch):
    client.raise_request_exception = False
    client.force_login(viewer.account)
    monkeypatch.setattr("catalog.views.profiles.render", lambda *_, **__: 1 / 0)
    with capture_logs(processors=[merge_contextvars]) as logged:
        page = client.get(reverse("catalog:profiles"))
    (number,) = {line["request_id"] for line in logged if "request_id" in line}
    assert page.status_code == 500
    assert number in page.content.decode()


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (lambda request: bad_request(request, Exception()), b"makes no sense"),
        (lambda request: permission_denied(request, Exception()), b"Not for this account"),
        (lambda request: page_not_found(request, Exception()), b"No such page"),
        (server_error, b"went wrong"),
    ],
)
def test_it_says_what_went_wrong_without_the_database(handler, words):
    assert words in handler(RequestFactory().get("/")).content


def test_it_says_that_a_form_was_open_too_long(db):
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {})
    assert response.status_code == 403
    assert b"open too long" in response.content


LOOKS = pytest.mark.parametrize(
    ("theme", "scheme"), [("dark", "dark"), ("light", "light"), ("device", "light dark")]
)


def is_in(theme, scheme, response):
    page = response.content.decode()
    return f'data-theme="{theme}"' in page and f'name="color-scheme" content="{scheme}"' in page


@LOOKS
def test_its_pages_are_in_the_profiles_look(
    as_viewer, viewer, monkeypatch, settings, theme, scheme
):
    viewer.theme = theme
    viewer.save()
    client = as_viewer(viewer)
    client.raise_request_exception = False
    unprotected = Client(enforce_csrf_checks=True)
    unprotected.cookies = client.cookies
    monkeypatch.setattr("catalog.views.profiles.render", lambda *_, **__: 1 / 0)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    add = reverse("catalog:profile_add")
    answers = [
        (400, client.post(add, {"name": "x" * 2000})),
        (403, client.get("/studio/")),
        (403, unprotected.post(add, {})),
        (404, client.get("/nothing/")),
        (500, client.get(reverse("catalog:profiles"))),
    ]
    assert [answer.status_code for _, answer in answers] == [status for status, _ in answers]
    assert [status for status, answer in answers if not is_in(theme, scheme, answer)] == []


def test_a_request_that_ends_before_the_profile_is_read_is_answered_in_the_dark(
    as_viewer, viewer, django_assert_num_queries
):
    viewer.theme = "light"
    viewer.save()
    client = as_viewer(viewer)
    with django_assert_num_queries(0):
        answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert is_in("dark", "dark", answer)


def test_it_has_a_page_for_too_many_requests():
    assert "Too many requests" in get_template("429.html").render()


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
