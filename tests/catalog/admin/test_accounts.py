"""Operators deactivate and activate viewers' accounts, and can give nobody more rights."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from catalog.models import Account
from config.roles import grant_roles
from tests.factories import make_account, make_viewer

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
    def post(self, client, account, *names, **changed):
        """Rename an account's profiles in turn, and say `changed` of each."""
        rows = {
            f"viewers-{place}-{field}": value
            for place, (viewer, name) in enumerate(
                zip(account.viewers.order_by("pk"), names, strict=True)
            )
            for field, value in {
                "id": viewer.pk,
                "account": account.pk,
                "name": name,
                "colour": "#e0a526",
                **changed,
            }.items()
        }
        return client.post(at(account), self.forms(account, len(names)) | rows)

    def forms(self, account, number, extra=0):
        counts = {"TOTAL": number + extra, "INITIAL": number, "MIN_NUM": 0, "MAX_NUM": 1000}
        return {"email": account.email, "is_active": "on"} | {
            f"viewers-{name}_FORMS": count for name, count in counts.items()
        }

    @pytest.mark.parametrize("name", ["\u200b", "\u3164", "a\u202e"])
    def test_it_refuses_a_name_that_cannot_be_seen(self, superuser, name):
        viewer = make_viewer(name="Robin")
        assert self.post(superuser, viewer.account, name).status_code == 200
        viewer.refresh_from_db()
        assert viewer.name == "Robin"

    def test_it_refuses_a_name_that_looks_like_anothers(self, superuser):
        account = make_viewer(name="Zoë").account
        make_viewer(account=account, name="Kit")
        assert "has this name" in self.post(superuser, account, "Zoë", "ZOE\u0308").text
        assert "are called" in self.post(superuser, account, "Ada", "ADA").text
        assert self.post(superuser, account, "Ada", "Bea").status_code == 302
        assert set(account.viewers.values_list("name", flat=True)) == {"Ada", "Bea"}

    def test_nobody_lifts_a_limit_or_changes_what_a_viewer_decided(self, superuser):
        viewer = make_viewer(is_child=True, maturity=7, asks_pin=True, personalised=False)
        said = {"is_child": "", "maturity": 18, "asks_pin": "", "personalised": "on"}
        assert self.post(superuser, viewer.account, "Kit", **said).status_code == 302
        viewer.refresh_from_db()
        assert viewer.name == "Kit"
        limits = viewer.is_child, viewer.maturity, viewer.asks_pin, viewer.personalised
        assert limits == (True, 7, True, False)

    def test_nobody_adds_a_profile_that_sees_everything(self, superuser):
        viewer = make_viewer(is_child=True)
        account = viewer.account
        kept = {"id": viewer.pk, "name": viewer.name}
        added = {"name": "Unlimited"}
        rows = {
            f"viewers-{place}-{field}": value
            for place, row in enumerate([kept, added])
            for field, value in {"account": account.pk, "colour": "#e0a526", **row}.items()
        }
        superuser.post(at(account), self.forms(account, 1, extra=1) | rows)
        assert [each.is_child for each in account.viewers.all()] == [True]

    def test_an_operator_sees_them_and_changes_nothing(self, operator):
        viewer = make_viewer(name="Robin", is_child=True)
        self.post(operator, viewer.account, "Kit", is_child="")
        viewer.refresh_from_db()
        assert (viewer.name, viewer.is_child) == ("Robin", True)


@pytest.mark.parametrize("text", ["person", "127.0.0.1", "1", "x" * 300, "\u200b"])
def test_sessions_are_found_by_address(superuser, text):
    page = superuser.get(reverse("admin:usersessions_usersession_changelist"), {"q": text})
    assert page.status_code == 200
