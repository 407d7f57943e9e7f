"""No answer of a key makes a page fail, whoever sends it; and a key has a name that can be seen."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.config.security_keys import add_key
from tests.factories import make_account

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse 77"
GOOD = {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}
ANSWERS = {
    "nothing": "",
    "no JSON": "{",
    "brackets without end": "[" * 50_000,
    "objects without end": '{"a":' * 50_000,
    "a list": "[]",
    "a text": '"x"',
    "a number": "1",
    "a number of many digits": "9" * 5_000,
    "null": "null",
    "nothing in it": "{}",
    "an id alone": '{"id": "x"}',
    "half a character": '{"id": "\\ud800", "rawId": "\\ud800"}',
    "no response": json.dumps(GOOD | {"response": None}),
    "an empty response": json.dumps(GOOD),
    "numbers": json.dumps(dict.fromkeys(GOOD, 1)),
    "letters beyond ASCII": json.dumps(dict.fromkeys(GOOD, "é")),
    "garbage": json.dumps(
        GOOD
        | {
            "response": dict.fromkeys(
                ("clientDataJSON", "attestationObject", "authenticatorData", "signature"), "AAAA"
            )
        }
    ),
    "a user that is none": json.dumps(
        GOOD
        | {
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "AAAA",
                "signature": "AA",
                "userHandle": "____",
            }
        }
    ),
}


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MFA_RATE_LIMITS = False


@pytest.fixture
def account():
    return make_account(password=PASSWORD)


def refused(response):
    return (
        response.status_code in {200, 302, 400} and "_auth_user_id" not in response.client.session
    )


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_visitor_signs_in_with_no_such_answer(client, answer):
    client.get(reverse("mfa_login_webauthn"))
    assert refused(client.post(reverse("mfa_login_webauthn"), {"credential": answer}))


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_no_such_answer_is_a_second_factor(client, account, answer):
    add_key(account)
    said = {"login": account.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), said).url == reverse("mfa_authenticate")
    client.get(reverse("mfa_authenticate"))
    assert refused(client.post(reverse("mfa_authenticate"), {"credential": answer}))


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
@pytest.mark.parametrize("page", ["mfa_reauthenticate_webauthn", "mfa_add_webauthn"])
def test_no_such_answer_opens_or_adds_anything(client, account, page, answer):
    add_key(account)
    client.force_login(account)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse(page))
    response = client.post(reverse(page), {"credential": answer, "name": "x"})
    assert response.status_code in {200, 302, 400}
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u202eeulB", "x" * 101, " "])
def test_a_key_is_not_renamed_to_what_cannot_be_seen(client, account, name):
    key = add_key(account)
    client.force_login(account)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = reverse("mfa_edit_webauthn", args=[key.pk])
    assert client.post(page, {"name": name}).status_code == 200
    key.refresh_from_db()
    assert key.wrap().name == "Blue key"
    assert client.post(page, {"name": "Grün"}).status_code == 302
    key.refresh_from_db()
    assert key.wrap().name == "Grün"
