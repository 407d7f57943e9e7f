"""Sign-ins are limited by account and address together: nobody can lock another out."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import make_account

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"
HOME, ATTACKER = "203.0.113.9", "198.51.100.4"
MOST = 5  # wrong passwords for one account from one address


@pytest.fixture(autouse=True)
def _no_counts():
    cache.clear()


@pytest.fixture
def person():
    account = make_account()
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture
def sign_in(client):
    """Try to sign in; return whether it worked."""

    def attempt(account, password, address=HOME, **headers):
        client.logout()
        response = client.post(
            reverse("account_login"),
            {"login": getattr(account, "email", account), "password": password},
            REMOTE_ADDR=address,
            **headers,
        )
        return response.status_code == 302

    return attempt


def test_a_guesser_is_stopped(sign_in, person):
    for number in range(MOST):
        assert not sign_in(person, f"wrong {number}", ATTACKER)
    assert not sign_in(person, PASSWORD, ATTACKER)


def test_a_guesser_elsewhere_locks_nobody_out(sign_in, person):
    for number in range(3 * MOST):
        sign_in(person, f"wrong {number}", ATTACKER)
    assert sign_in(person, PASSWORD, HOME)


def test_a_guesser_at_the_same_address_locks_no_other_account_out(sign_in, person):
    other = make_account()
    for number in range(8 * MOST):
        sign_in(other, f"wrong {number}", HOME)
    for number in range(8 * MOST):
        sign_in(f"nobody{number}@marquee.example", "wrong", HOME)
    assert sign_in(person, PASSWORD, HOME)


def test_capitals_do_not_give_a_guesser_more_tries(sign_in, person):
    for number in range(MOST):
        sign_in(person.email.upper() if number % 2 else person.email, "wrong", ATTACKER)
    assert not sign_in(person, PASSWORD, ATTACKER)


def test_an_ipv6_guesser_has_one_count_for_all_its_addresses(sign_in, person):
    for number in range(MOST):
        sign_in(person, "wrong", f"2001:db8:1:2::{number + 1:x}")
    assert not sign_in(person, PASSWORD, "2001:db8:1:2:aaaa::1")
    assert sign_in(person, PASSWORD, "2001:db8:1:3::1")


def test_behind_a_trusted_proxy_each_client_has_its_own_count(sign_in, person, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    for _ in range(2 * MOST):
        sign_in(person, "wrong", "10.0.0.1", HTTP_X_FORWARDED_FOR=ATTACKER)
    assert not sign_in(person, PASSWORD, "10.0.0.1", HTTP_X_FORWARDED_FOR=ATTACKER)
    assert sign_in(person, PASSWORD, "10.0.0.1", HTTP_X_FORWARDED_FOR=HOME)


def test_a_header_that_the_client_wrote_gives_no_more_tries(sign_in, person, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    for number in range(MOST):
        sign_in(person, "wrong", ATTACKER, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
        sign_in(person, "wrong", "10.0.0.1", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, {HOME}")
    assert not sign_in(person, PASSWORD, ATTACKER, HTTP_X_FORWARDED_FOR="192.0.2.99")
    assert not sign_in(person, PASSWORD, "10.0.0.1", HTTP_X_FORWARDED_FOR=f"192.0.2.99, {HOME}")


def test_a_right_password_is_not_counted(sign_in, person):
    for _ in range(3 * MOST):
        assert sign_in(person, PASSWORD)


@pytest.mark.parametrize("known", [True, False])
def test_nobodys_mailbox_is_flooded_and_nobody_is_refused_a_reset(client, person, known):
    address = person.email if known else "stranger@elsewhere.example"
    for number in range(3 * MOST):
        response = client.post(
            reverse("account_reset_password"), {"email": address}, REMOTE_ADDR=f"192.0.2.{number}"
        )
        assert response.status_code == 302
    assert len(mail.outbox) == MOST


def test_a_flood_from_one_address_is_answered_with_429(client, person):
    statuses = {
        client.post(reverse("account_login"), {}, REMOTE_ADDR=ATTACKER).status_code
        for _ in range(125)
    }
    assert statuses == {200, 429}
    assert client.post(reverse("account_login"), {}, REMOTE_ADDR=HOME).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "said"),
    [(True, "You already have an account"), (False, "Confirm your e-mail address")],
)
def test_a_sign_up_does_not_tell_whether_an_address_is_known(
    client, settings, mailoutbox, known, said
):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    address = "robin@example.com"
    if known:
        make_account(email=address)
    form = {
        "email": address,
        "password1": "nine lives of a cat",
        "password2": "nine lives of a cat",
    }
    answer = client.post(reverse("account_signup"), form)
    assert (answer.status_code, answer.url) == (302, reverse("account_email_verification_sent"))
    (mail,) = mailoutbox
    assert mail.subject == f"{settings.SITE_NAME}: {said}"
    (page, kind) = mail.alternatives[0]
    assert kind == "text/html"
    assert settings.SITE_NAME in page
    link = next(line for line in mail.body.splitlines() if line.startswith("http"))
    assert f'href="{link}"' in page


@pytest.mark.django_db
def test_it_lists_the_sessions_and_ends_the_others():
    account = make_account(password="correct horse")
    said = {"login": account.email, "password": "correct horse"}
    here, there = Client(), Client(REMOTE_ADDR="2001:db8::7", HTTP_USER_AGENT="Tablet")
    for client in (here, there):
        client.post(reverse("account_login"), said)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Tablet" in page
    assert "2001:db8::" in page
    here.post(reverse("usersessions_list"))
    assert there.get(reverse("catalog:profiles")).url.startswith(reverse("account_login"))
    assert here.get(reverse("catalog:profiles")).status_code == 200
    assert Client().get(reverse("usersessions_list")).url.startswith(reverse("account_login"))
