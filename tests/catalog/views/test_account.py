"""The account's pages, as allauth serves them in our templates."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from catalog.models import Account
from tests.factories import make_account


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_it_shows_the_entrance_to_anybody(client, db, name):
    page = client.get(reverse(name)).content.decode()
    assert "entrance-panel" in page
    assert 'name="csrfmiddlewaretoken"' in page


def test_it_offers_a_passkey_at_sign_in(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert 'id="passkey_login"' in page
    assert "webauthn" in page


def test_it_signs_in_and_asks_who_is_watching(client, db):
    account = make_account(password="a long enough one")
    said = {"login": account.email.upper(), "password": "a long enough one"}
    response = client.post(reverse("account_login"), said)
    assert response.url == reverse("catalog:profiles")


def test_it_says_nothing_of_which_part_was_wrong(client, db):
    make_account(email="known@example.com")
    said = set()
    for name in ("known@example.com", "unknown@example.com"):
        response = client.post(reverse("account_login"), {"login": name, "password": "wrong"})
        said.update(re.findall(r'<ul class="errorlist.*?</ul>', response.content.decode(), re.S))
    assert len(said) == 1


def test_it_signs_up(client, db):
    said = {
        "email": "new@example.com",
        "password1": "a long enough one",
        "password2": "a long enough one",
    }
    assert client.post(reverse("account_signup"), said).status_code == 302
    assert Account.objects.filter(email="new@example.com").exists()


def test_it_refuses_a_password_that_is_too_easy(client, db):
    said = {"email": "new@example.com", "password1": "12345678", "password2": "12345678"}
    page = client.post(reverse("account_signup"), said).content.decode()
    assert "errorlist" in page
    assert not Account.objects.exists()


def test_it_sends_a_link_to_reset_the_password(client, db):
    account = make_account()
    client.post(reverse("account_reset_password"), {"email": account.email})
    assert account.email in mail.outbox[0].to
    assert "/account/password/reset/" in mail.outbox[0].body


PAGES = [
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
]


@pytest.mark.parametrize("name", PAGES)
def test_it_shows_the_accounts_pages_in_our_look(client, viewer, name):
    said = {"login": viewer.account.email, "password": "correct horse"}
    client.post(reverse("account_login"), said)
    page = client.get(reverse(name), follow=True)
    assert page.status_code == 200
    assert re.search(r'<div class="[^"]*\baccount\b', page.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_it_sends_a_stranger_to_the_sign_in_page(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 302


def test_the_admin_has_no_sign_in_of_its_own(client, db):
    where = reverse("admin:index")
    answer = client.get(reverse("admin:login"), {"next": where})
    assert answer.url.startswith(reverse("account_login"))
    staff = make_account(is_staff=True, password="a long enough one")
    said = {"username": staff.email, "password": "a long enough one", "next": where}
    assert client.post(reverse("admin:login"), said).url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_the_admin_refuses_accounts_that_are_not_staff(client, viewer):
    client.force_login(viewer.account)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
