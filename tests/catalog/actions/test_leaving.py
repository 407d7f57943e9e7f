"""Owners may remove their accounts, with everything in them."""

import pytest
from django.urls import reverse

from catalog.actions.accounts import StaffStays, remove_account
from catalog.models import Account, Viewer, WatchEvent
from tests.factories import make_account, make_title, make_viewer, make_watch_event

PASSWORD = "a long enough one"
WHERE = reverse("catalog:account_remove")


@pytest.fixture
def account(client, db):
    """An account that has just given its password, with a profile that watched something."""
    account = make_account(password=PASSWORD)
    make_watch_event(make_viewer(account=account, name="Robin"), make_title())
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return account


def test_it_removes_the_account_with_its_profiles_and_no_other(account):
    other = make_watch_event(make_viewer(), make_title())
    remove_account(account)
    assert list(Account.objects.all()) == [other.viewer.account]
    assert list(Viewer.objects.all()) == [other.viewer]
    assert list(WatchEvent.objects.all()) == [other]


def test_it_keeps_a_staff_account(db):
    account = make_account(is_staff=True)
    with pytest.raises(StaffStays):
        remove_account(account)
    assert Account.objects.get() == account


def test_it_names_what_goes_and_asks_first(client, account):
    page = client.get(WHERE).content.decode()
    assert "Remove account and histories" in page
    assert account.email in page
    assert "Robin’s profile" in page
    assert Account.objects.exists()


def test_it_signs_out_and_says_what_was_done(client, account):
    page = client.post(WHERE, follow=True)
    assert page.request["PATH_INFO"] == reverse("account_login")
    assert "its profiles and their histories were deleted" in page.content.decode()
    assert not Account.objects.exists()
    assert client.get(reverse("catalog:profiles")).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_asks_for_the_password_again_if_it_was_long_ago(client, account, settings, method):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    answer = getattr(client, method)(WHERE)
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert Account.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_sends_a_stranger_to_the_sign_in_page(client, db, method):
    assert getattr(client, method)(WHERE).url.startswith(reverse("account_login"))


def test_it_tells_staff_why_not_and_refuses(client, account):
    Account.objects.update(is_staff=True)
    page = client.get(WHERE).content.decode()
    assert "Staff accounts" in page
    assert "Remove account and histories" not in page
    assert client.post(WHERE).status_code == 403
    assert Account.objects.exists()
