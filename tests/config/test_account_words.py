"""The account's pages and mails: each is in the site's words, in English and in German."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import get_default_password_validators
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.translation import gettext, override

from catalog.models import Account
from tests.config.codes import code_of
from tests.config.security_keys import add_key
from tests.factories import make_account

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"
# Words of the library that these pages say otherwise.
LIBRARY = re.compile(
    r"Two-Factor|Re-send|Make Primary|Primary|Unverified|Verif|Authenticator App|Security Key|"
    r"Recovery Code|reauthenticate|Confirm Access|Alternative options|Bad Token|Remember Me|"
    r"Passwordless|Email\b|Sign In\b|Sign Out\b|You are receiving|successfully|Please|"
    r"Zwei-Faktor|Wiederherstellungs-|primäre|Verifi|verifi|Bestätigungs-Mail|Token|IP-A"
)


@pytest.fixture
def account():
    made = make_account(password=PASSWORD, email="robin@example.com")
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


@pytest.fixture
def person(account):
    """Somebody who has just signed in, and shown once more that it is them."""
    client = Client()
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    mail.outbox.clear()
    return client


def german(client):
    client.cookies["django_language"] = "de"
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    return client


def seen(page):
    """Return what a person reads of a page."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def with_app(account):
    return TOTP.activate(account, generate_totp_secret()).instance


def addresses_of(account):
    """Return every address below account/ of allauth, with what each needs in the URL."""
    token = default_token_generator.make_token(account)
    key = add_key(account)
    named = {
        "account_confirm_email": ["nothing"],
        "account_reset_password_from_key": ["1", f"x-{token}"],
        "mfa_remove_webauthn": [key.pk],
        "mfa_edit_webauthn": [key.pk],
    }
    (pages,) = [each for each in get_resolver().url_patterns if str(each.pattern) == "account/"]
    return [reverse(name, args=named.get(name)) for name in names(pages)]


def names(resolver):
    for each in resolver.url_patterns:
        yield from names(each) if hasattr(each, "url_patterns") else [each.name]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("who", ["visitor", "person"])
def test_no_page_speaks_the_librarys_words(request, account, language, who):
    client = Client() if who == "visitor" else request.getfixturevalue("person")
    if language == "de":
        german(client)
    with_app(account)
    RecoveryCodes.activate(account)
    spoken = {}
    for address in addresses_of(account):
        answer = client.get(address, follow=True)
        assert answer.status_code in {200, 404, 405}, address
        if answer.headers["Content-Type"].startswith("text/html"):
            found = LIBRARY.findall(seen(answer.text))
            spoken |= {address: found} if found else {}
    assert spoken == {}


def change_password(client, account):
    said = {"oldpassword": PASSWORD, "password1": "nine lives", "password2": "nine lives"}
    client.post(reverse("account_change_password"), said)


def reset_link(client, account):
    client.post(reverse("account_reset_password"), {"email": account.email})
    return re.search(r"http://testserver(/\S+key/\S+)", mail.outbox.pop().body)[1]


def reset_password(client, account):
    link = reset_link(client, account)
    form = Client()
    if "django_language" in client.cookies:
        german(form)
    page = form.get(link, follow=True)
    where = page.redirect_chain[-1][0]
    form.post(where, {"password1": "nine lives", "password2": "nine lives"})


def change_address(client, account):
    EmailAddress.objects.create(user=account, email="new@example.com", verified=True)
    client.post(reverse("account_email"), {"email": "new@example.com", "action_primary": ""})


def remove_address(client, account):
    EmailAddress.objects.create(user=account, email="new@example.com", verified=True)
    client.post(reverse("account_email"), {"email": "new@example.com", "action_remove": ""})


def set_up_app(client, account):
    page = client.get(reverse("mfa_activate_totp")).text
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page)[1]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})


def remove_app(client, account):
    with_app(account)
    client.post(reverse("mfa_deactivate_totp"))


def new_codes(client, account):
    with_app(account)
    client.post(reverse("mfa_generate_recovery_codes"))


def remove_key(client, account):
    client.post(reverse("mfa_remove_webauthn", args=[add_key(account).pk]))


CHANGES = {
    change_password: ["Your password was changed"],
    reset_password: ["Your password was set anew"],
    change_address: ["Your e-mail address was changed"],
    remove_address: ["An e-mail address was removed from your account"],
    set_up_app: ["An authenticator app was set up"],
    remove_app: ["The authenticator app was removed"],
    new_codes: ["New recovery codes were made"],
    remove_key: ["A key was removed from your account"],
}
# These mails are sent when the transaction is over.
COMMITTED = dict.fromkeys([set_up_app, new_codes], pytest.mark.django_db(transaction=True))
EVERY_CHANGE = pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, id=change.__name__, marks=COMMITTED.get(change, ()))
        for change in CHANGES
    ],
)


@EVERY_CHANGE
def test_its_owner_is_told_of_every_change_and_led_to_a_new_password(
    person, account, settings, change
):
    change(person, account)
    subjects = {f"{settings.SITE_NAME}: {subject}" for subject in CHANGES[change]}
    assert {each.subject for each in mail.outbox} == subjects
    for each in mail.outbox:
        assert each.to == [account.email]
        assert not LIBRARY.search(f"{each.subject} {each.body}"), each.body
        assert "127.0.0.1" in each.body
        reset = f"http://testserver{reverse('account_reset_password')}"
        assert reset in each.body
        page, kind = each.alternatives[0]
        assert kind == "text/html"
        assert f'href="{reset}"' in page and "Set a new password" in page


@EVERY_CHANGE
def test_the_owner_is_told_in_german(person, account, settings, change):
    change(german(person), account)
    with override("de"):
        subjects = {f"{settings.SITE_NAME}: {gettext(subject)}" for subject in CHANGES[change]}
    assert {each.subject for each in mail.outbox} == subjects
    for each in mail.outbox:
        assert "Wenn du das nicht warst" in each.body
        assert not re.search(r"\b(the|password|you|account|was)\b", each.body.split("http")[0])


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("account_login", {"login": "robin@example.com", "password": "x"}, "is not right"),
        ("account_change_password", {"oldpassword": "x"}, "not the account&#x27;s password"),
        ("account_email", {"email": "robin@example.com", "action_add": ""}, "address already"),
        ("mfa_activate_totp", {"code": "000000"}, "That is not the code."),
        ("account_reauthenticate", {"password": "x"}, "not the account&#x27;s password"),
    ],
)
def test_a_refusal_is_in_the_sites_words(person, name, said, words):
    client = Client() if name == "account_login" else person
    page = client.post(reverse(name), said).text
    assert words in page
    assert not LIBRARY.search(seen(page))


HINTS = {
    "en": [
        "At least 8 characters.",
        "Not digits alone.",
        "No password that many people use.",
        "Nothing that is like your e-mail address.",
    ],
    "de": [
        "Mindestens 8 Zeichen.",
        "Nicht nur Ziffern.",
        "Kein Passwort, das viele benutzen.",
        "Nichts, was deiner E-Mail-Adresse ähnelt.",
    ],
}
REFUSALS = {
    "en": {
        "tulip7": "It needs at least 8 characters.",
        "4862915730": "Add letters to it.",
        "password1": "Many people use this password",
        "robin@example.co": "too much like your e-mail address",
    },
    "de": {
        "tulip7": "Es braucht mindestens 8 Zeichen.",
        "4862915730": "Nimm Buchstaben dazu.",
        "password1": "benutzen viele",
        "robin@example.co": "ähnelt deiner E-Mail-Adresse zu sehr",
    },
}


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_new_password_has_the_sites_hints_beside_it(account, language):
    visitor, person = (Client(headers={"Accept-Language": language}) for _ in range(2))
    person.force_login(account)
    pages = [
        visitor.get(reverse("account_signup")).text,
        person.get(reverse("account_change_password")).text,
        visitor.get(reset_link(visitor, account), follow=True).text,
    ]
    listed = "".join(f"<li>{hint}</li>" for hint in HINTS[language])
    for page in pages:
        assert f'<div class="help" id="id_password1_helptext"><ul>{listed}</ul></div>' in page
        field = re.search(r'<input[^>]*name="password1"[^>]*>', page)[0]
        assert 'aria-describedby="id_password1_helptext"' in field


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("password", REFUSALS["en"])
def test_a_password_is_refused_in_the_sites_words_at_its_field(language, password):
    said = {"email": "robin@example.com", "password1": password, "password2": password}
    page = Client(headers={"Accept-Language": language}).post(reverse("account_signup"), said).text
    (errors,) = re.findall(r'<ul class="errorlist" id="id_password1_error">(.*?)</ul>', page)
    assert REFUSALS[language][password] in errors
    assert errors.count("<li>") == 1
    assert not Account.objects.exists()


def test_what_django_and_the_library_say_of_passwords_is_said_by_nothing_else():
    """Each validator of Django's that is in use has its hint and its refusal said anew."""
    for validator in get_default_password_validators():
        own = type(validator)
        assert own.__module__ == "config.passwords"
        assert {"get_error_message", "get_help_text"} <= set(vars(own))


def test_a_key_of_somebody_else_is_not_found(person):
    key = add_key(make_account())
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert person.post(reverse(name, args=[key.pk]), {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize(
    "change", [change_address, remove_address, remove_app, new_codes, remove_key]
)
def test_a_borrowed_device_changes_nothing_without_the_password(account, change):
    """Somebody signed in some time ago; whoever holds the device now does not know the password."""
    client = Client()
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    mail.outbox.clear()
    change(client, account)
    assert not mail.outbox
    account.refresh_from_db()
    assert account.email == "robin@example.com"
    assert EmailAddress.objects.get_primary_email(account) == "robin@example.com"
    made = {remove_app: ["totp"], new_codes: ["totp"], remove_key: ["webauthn"]}.get(change, [])
    assert [each.type for each in Authenticator.objects.filter(user=account)] == made
