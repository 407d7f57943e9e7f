"""Operators deactivate and activate viewers' accounts, and can give nobody more rights."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from catalog.models import Account
from config.roles import grant_roles
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    grant_roles()
    account = make_account(is_staff=True, password="correct horse")
    account.groups.add(Group.objects.get(name="Operators"))
    client.force_login(account)
    client.account = account
    return client


@pytest.fixture
def superuser(client):
    grant_roles()
    client.force_login(make_account(is_staff=True, is_superuser=True))
    return client


def at(account):
    return reverse("admin:catalog_account_change", args=[account.pk])


def said(**changed):
    nothing = {f"viewers-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    return nothing | {"is_active": "on"} | changed


def everything():
    auditors = Group.objects.get(name="Auditors").pk
    return said(email="taken@example.com", is_staff="on", is_superuser="on", groups=[auditors])


def state(account):
    account.refresh_from_db()
    groups = list(account.groups.values_list("name", flat=True))
    return account.email, account.password, account.is_staff, account.is_superuser, groups


def test_an_operator_closes_an_account(operator):
    account = make_account()
    assert operator.post(at(account), said(is_active="")).status_code == 302
    account.refresh_from_db()
    assert not account.is_active


def test_an_operator_gives_an_account_no_right_and_no_other_address(operator):
    account = make_account()
    before = state(account)
    assert operator.post(at(account), everything()).status_code == 302
    assert state(account) == before


def test_an_operator_changes_no_account_of_the_staff(operator):
    auditor = make_account(is_staff=True)
    for account in (auditor, operator.account):
        before = state(account)
        assert operator.get(at(account)).status_code == 200
        assert operator.post(at(account), everything()).status_code == 403
        assert state(account) == before


def test_an_operator_sets_nobodys_password(operator):
    """Anybody who sets a viewer's password could sign in as them and read their history."""
    account = make_account()
    before = state(account)
    where = reverse("admin:auth_user_password_change", args=[account.pk])
    new = {"password1": "a long enough one", "password2": "a long enough one"}
    assert operator.get(where).status_code == 403
    assert operator.post(where, new | {"usable_password": "true"}).status_code == 403
    assert state(account) == before
    assert "pbkdf2" not in operator.get(at(account)).content.decode()


def test_a_superuser_appoints_staff(superuser):
    account = make_account()
    assert superuser.post(at(account), everything()).status_code == 302
    assert Account.objects.get(email="taken@example.com").is_staff
    assert list(account.groups.values_list("name", flat=True)) == ["Auditors"]


class TestProfiles:
    def post(self, client, account, *names):
        rows = {
            f"viewers-{at}-{field}": value
            for at, name in enumerate(names)
            for field, value in {"name": name, "colour": "#e0a526", "account": account.pk}.items()
        }
        forms = {"TOTAL": len(names), "INITIAL": 0, "MIN_NUM": 0, "MAX_NUM": 1000}
        return client.post(
            at(account),
            {"email": account.email, "is_active": "on"}
            | {f"viewers-{name}_FORMS": count for name, count in forms.items()}
            | rows,
        )

    @pytest.mark.parametrize("name", ["\u200b", "\u3164", "a\u202e"])
    def test_it_refuses_a_name_that_cannot_be_seen(self, superuser, name):
        account = make_account()
        assert self.post(superuser, account, name).status_code == 200
        assert not account.viewers.exists()

    def test_it_refuses_a_name_that_looks_like_anothers(self, superuser):
        account = make_account()
        account.viewers.create(name="Zoë")
        assert "has this name" in self.post(superuser, account, "ZOE\u0308").text
        assert "are called" in self.post(superuser, account, "Ada", "ADA").text
        assert self.post(superuser, account, "Ada", "Bea").status_code == 302
        assert account.viewers.count() == 3
