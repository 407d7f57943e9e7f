"""An address is one, however it is typed and at whichever door."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connection
from django.urls import reverse

from catalog.models import Account
from catalog.models.addresses import normalised
from tests.factories import make_account

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse 77"
STORED = "example.person@example.com"
SPELLINGS = [
    STORED,
    "Example.Person@example.com",
    "EXAMPLE.PERSON@EXAMPLE.COM",
    " example.person@Example.COM ",
]
TOO_LONG = "y" * 60 + "@" + "z" * 60 + "." + "z" * 60 + "." + "z" * 60 + "." + "z" * 60 + ".example"


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def superuser(client):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    return client


def sign_up(client, address):
    said = {"email": address, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("account_signup"), said)


def signs_in(client, address):
    client.logout()
    said = {"login": address, "password": PASSWORD}
    return client.post(reverse("account_login"), said).status_code == 302


@pytest.mark.parametrize("made", SPELLINGS)
@pytest.mark.parametrize("typed", SPELLINGS)
def test_an_account_made_with_capitals_signs_in_by_any_spelling(client, made, typed):
    Account.objects.create_superuser(made, PASSWORD)
    assert signs_in(client, typed)


def test_an_account_signed_up_with_capitals_signs_in_by_any_spelling(client):
    assert sign_up(client, SPELLINGS[1]).status_code == 302
    assert Account.objects.get().email == STORED
    assert all(signs_in(client, typed) for typed in SPELLINGS)


@pytest.mark.parametrize("typed", SPELLINGS)
def test_nobody_else_signs_up_with_it(client, typed):
    Account.objects.create_user(SPELLINGS[1], PASSWORD)
    assert sign_up(client, typed).status_code in {200, 302}
    assert Account.objects.count() == 1


def test_the_command_makes_an_account_that_signs_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    options = {"interactive": False, "verbosity": 0}
    call_command("createsuperuser", email=SPELLINGS[1], **options)
    assert signs_in(client, STORED)
    with pytest.raises(CommandError):
        call_command("createsuperuser", email=SPELLINGS[2], **options)


def test_the_admin_adds_and_changes_to_the_one_spelling(superuser, client):
    added = {
        "email": SPELLINGS[1],
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        **{f"viewers-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")},
    }
    assert superuser.post(reverse("admin:catalog_account_add"), added).status_code == 302
    account = Account.objects.get(email=STORED)
    again = superuser.post(reverse("admin:catalog_account_add"), added | {"email": SPELLINGS[2]})
    assert again.status_code == 200
    assert "already exists" in again.text
    change = reverse("admin:catalog_account_change", args=[account.pk])
    changed = added | {"email": "New.Address@Example.com", "is_active": "on"}
    assert superuser.post(change, changed).status_code == 302
    account.refresh_from_db()
    assert account.email == "new.address@example.com"
    assert signs_in(client, "NEW.address@example.com")
    assert not signs_in(client, STORED)


def test_a_changed_address_is_the_only_one_that_signs_in(superuser, client):
    client.logout()
    sign_up(client, STORED)
    account = Account.objects.get(email=STORED)
    client.force_login(Account.objects.get(is_superuser=True))
    said = {
        "email": "new@example.com",
        "is_active": "on",
        **{f"viewers-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")},
    }
    client.post(reverse("admin:catalog_account_change", args=[account.pk]), said)
    assert not signs_in(client, STORED)
    assert signs_in(client, "new@example.com")


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_reset_reaches_the_account_by_any_spelling(client, mailoutbox, typed):
    Account.objects.create_user(SPELLINGS[2], PASSWORD)
    client.post(reverse("account_reset_password"), {"email": typed})
    assert [mail.to for mail in mailoutbox] == [[STORED]]
    assert "reset" in mailoutbox[0].body


@pytest.mark.parametrize("typed", SPELLINGS)
def test_it_refuses_to_change_an_address_to_that_of_another_account(client, typed):
    Account.objects.create_user(STORED, PASSWORD)
    mine = make_account(password=PASSWORD)
    client.force_login(mine)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"action_add": "", "email": typed})
    said = {"action_primary": "", "email": STORED}
    assert client.post(reverse("account_email"), said).status_code < 500
    mine.refresh_from_db()
    assert mine.email != STORED
    assert not mine.emailaddress_set.filter(email=STORED, verified=True).exists()


@pytest.mark.parametrize("length", [255, 262, 320, 5000])
@pytest.mark.parametrize("door", ["sign-up", "change", "reset"])
def test_an_address_that_is_too_long_is_refused_and_not_cut(client, length, door):
    address = "y" * (length - len("@example.com")) + "@example.com"
    if door == "change":
        client.force_login(make_account(password=PASSWORD))
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    before = Account.objects.count()
    if door == "sign-up":
        response = sign_up(client, address)
    elif door == "change":
        response = client.post(reverse("account_email"), {"action_add": "", "email": address})
    else:
        response = client.post(reverse("account_reset_password"), {"email": address})
    assert response.status_code == 200
    assert "at most" in response.text
    assert Account.objects.count() == before
    assert not Account.objects.filter(email__startswith="yyyy").exists()


def test_an_address_that_is_too_long_is_refused_by_code(monkeypatch):
    with pytest.raises(ValidationError, match="at most 254"):
        Account.objects.create_user("y" * 250 + "@example.com", PASSWORD)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    with pytest.raises(CommandError, match="at most 254"):
        call_command(
            "createsuperuser",
            email="y" * 250 + "@example.com",
            interactive=False,
            stdout=io.StringIO(),
        )
    assert not Account.objects.exists()


def test_an_address_that_is_too_long_is_refused_by_the_admin(superuser):
    added = {
        "email": TOO_LONG,
        "usable_password": "false",
        **{f"viewers-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")},
    }
    response = superuser.post(reverse("admin:catalog_account_add"), added)
    assert "at most 254" in response.text
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", ["", "nobody", "a@b", "a b@example.com", "@example.com", "a@\x00"]
)
def test_it_makes_no_account_for_an_invalid_address(wrong):
    with pytest.raises(ValidationError):
        Account.objects.create_user(wrong, PASSWORD)


def test_saving_and_looking_up_use_the_one_spelling():
    account = Account(email="Bulk@Example.com")
    account.save()
    assert account.email == "bulk@example.com"
    assert Account.objects.get(email="BULK@example.com") == account
    assert Account.objects.get_by_natural_key("Bulk@example.com") == account
    (other,) = Account.objects.bulk_create([Account(email="Other@Example.com")])
    other.refresh_from_db()
    assert other.email == "other@example.com"


def test_full_width_letters_are_the_same_address():
    assert normalised("ada@ｅxample.com") == "ada@example.com"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ada@exam\u00adple.com", "ada@example.com"),
        ("ada@exam\u200bple.com", "ada@example.com"),
        ("ada@example。com", "ada@example.com"),
        ("ada@XN--BCHER-KVA.example", "ada@bücher.example"),
        ("ada@BÜCHER.example", "ada@bücher.example"),
        ("ada@bu\u0308cher.example", "ada@bücher.example"),
        ("ada@xn--a.example", "ada@xn--a.example"),
        ("ada@..example", "ada@..example"),
        (f"ada@{'y' * 70}.example", f"ada@{'y' * 70}.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_has_one_spelling(typed, stored):
    assert normalised(typed) == stored
    assert normalised(stored) == stored


@pytest.mark.parametrize("typed", ["ada@exam\u00adple.com", "ada@exam\u200bple.com"])
def test_what_cannot_be_seen_makes_no_second_account(client, typed):
    Account.objects.create_user("ada@example.com", PASSWORD)
    sign_up(client, typed)
    assert Account.objects.count() == 1
    assert signs_in(client, typed)


def test_a_domain_in_letters_of_its_own_signs_in_by_both_spellings(client):
    Account.objects.create_user("ada@xn--bcher-kva.example", PASSWORD)
    assert signs_in(client, "Ada@Bücher.example")
    assert signs_in(client, "ada@xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("UPDATE catalog_account SET email = 'Capital@example.com'", IntegrityError),
        ("UPDATE catalog_account SET email = repeat('y', 255)", DataError),
    ],
)
def test_the_database_takes_nothing_else(statement, error):
    make_account()
    with pytest.raises(error), connection.cursor() as cursor:
        cursor.execute(statement)
