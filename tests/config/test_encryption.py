"""Whoever reads the database finds no secret of a second factor in it."""

import json
import re
import secrets

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.encryption import MARK, WrongKeyError, decrypt, encrypt, encrypt_what_is_readable
from tests.config.codes import code_of
from tests.config.security_keys import add_key
from tests.factories import make_account

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"


@pytest.fixture
def account():
    cache.clear()  # of codes that were used
    made = make_account(password=PASSWORD, email="robin@example.com")
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def stored():
    """Return what the database holds of second factors, as whoever reads it would find it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def signs_in(account, code):
    client = Client()
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code})
    return "_auth_user_id" in client.session


def readable(account, **data):
    kind = Authenticator.Type.TOTP if "secret" in data else Authenticator.Type.RECOVERY_CODES
    return Authenticator.objects.create(user=account, type=kind, data=data)


def test_an_app_that_is_set_up_signs_in_and_leaves_no_secret(account):
    person = Client()
    person.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    person.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = person.get(reverse("mfa_activate_totp")).text
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page)[1]
    person.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    held = stored()
    assert len(held) == 2
    assert not [text for text in held if secret in text]
    assert all(MARK in text for text in held)
    assert "mfa.totp.secret" not in person.session
    assert not signs_in(account, "000000")
    assert signs_in(account, code_of(secret))
    assert signs_in(account, codes[0])
    assert not signs_in(account, codes[0])


def test_what_was_stored_readable_works_and_is_encrypted_once(account):
    secret, seed = generate_totp_secret(), RecoveryCodes.generate_seed()
    readable(account, secret=secret)
    codes = RecoveryCodes(readable(account, seed=seed, used_mask=2)).get_unused_codes()
    key = add_key(account)
    before = key.data
    assert signs_in(account, codes[0])
    assert secret in stored()[0] and seed in stored()[1]

    assert encrypt_what_is_readable() == 2
    held = stored()
    assert secret not in held[0] and seed not in held[1]
    assert json.loads(held[1])["used_mask"] == 3  # the one used before, and the one used now
    key.refresh_from_db()
    assert key.data == before
    assert signs_in(account, code_of(secret))
    assert signs_in(account, codes[1])
    assert encrypt_what_is_readable() == 0
    assert json.loads(stored()[0]) == json.loads(held[0])


def test_codes_that_were_brought_along_are_encrypted_too(account):
    readable(account, migrated_codes=["11112222", "33334444"])
    assert encrypt_what_is_readable() == 1
    assert "11112222" not in stored()[0]
    TOTP.activate(account, generate_totp_secret())
    assert signs_in(account, "11112222")
    assert not signs_in(account, "11112222")


def test_the_same_secret_never_looks_the_same():
    assert encrypt("JBSWY3DPEHPK3PXP") != encrypt("JBSWY3DPEHPK3PXP")
    assert decrypt(encrypt("JBSWY3DPEHPK3PXP")) == "JBSWY3DPEHPK3PXP"


def test_another_key_opens_nothing_and_says_so(settings):
    encrypted = encrypt("JBSWY3DPEHPK3PXP")
    settings.SECOND_FACTOR_KEY = secrets.token_urlsafe(48)
    with pytest.raises(WrongKeyError, match="SECOND_FACTOR_KEY"):
        decrypt(encrypted)


def test_without_the_key_nothing_is_encrypted_nor_read(settings):
    encrypted = encrypt("JBSWY3DPEHPK3PXP")
    settings.SECOND_FACTOR_KEY = ""
    with pytest.raises(WrongKeyError):
        encrypt("JBSWY3DPEHPK3PXP")
    with pytest.raises(WrongKeyError):
        decrypt(encrypted)


@pytest.mark.parametrize("at", [len(MARK), 20, 40, -3])
def test_what_was_changed_is_refused(at):
    encrypted = list(encrypt("JBSWY3DPEHPK3PXP"))
    encrypted[at] = "A" if encrypted[at] != "A" else "B"
    with pytest.raises(WrongKeyError):
        decrypt("".join(encrypted))
