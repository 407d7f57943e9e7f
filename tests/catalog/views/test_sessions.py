"""Where an account is signed in: what the page says, and who may end which session."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.actions.sessions import note_seen
from catalog.templatetags.clients import browser, place
from tests.factories import make_account

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.fixture
def account():
    return make_account(password=PASSWORD)


def signed_in(account, user_agent, address="203.0.113.9"):
    client = Client(HTTP_USER_AGENT=user_agent, REMOTE_ADDR=address)
    said = {"login": account.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), said).status_code == 302
    return client


def session_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def end(client, session):
    return client.post(reverse("catalog:session_end", args=[session.pk]))


def is_signed_in(client):
    return client.get(reverse("catalog:profiles")).status_code == 200


@pytest.fixture
def here(account):
    return signed_in(account, FIREFOX)


@pytest.fixture
def there(account):
    return signed_in(account, PHONE, "198.51.100.4")


def test_it_says_browser_and_place_in_words_and_marks_the_current_one(here, there):
    page = here.get(reverse("usersessions_list")).content.decode()
    first, second = page.split("</h2>")[1:3]
    assert page.index("Firefox on Linux") < page.index("this one") < page.index("Safari on iPhone")
    assert "203.0.113.9" in first and "198.51.100.4" in second
    # The current one is left by the menu, so it has no button here.
    assert reverse("catalog:session_end", args=[session_of(there).pk]) in page
    assert reverse("catalog:session_end", args=[session_of(here).pk]) not in page


def test_one_session_is_signed_out_alone(account, here, there):
    third = signed_in(account, EDGE)
    assert end(here, session_of(there)).url == reverse("usersessions_list")
    assert [is_signed_in(client) for client in (here, there, third)] == [True, False, True]
    assert UserSession.objects.count() == 2


def test_somebody_elses_session_is_not_found_and_goes_on(here):
    other = signed_in(make_account(password=PASSWORD), PHONE)
    assert end(here, session_of(other)).status_code == 404
    assert is_signed_in(other)


@pytest.mark.parametrize("number", [0, 987654321, 10**30])
def test_a_session_that_there_is_not_is_not_found(here, number):
    assert here.post(f"/account/sessions/{number}/end/").status_code == 404


def test_it_is_ended_once(here, there):
    session = session_of(there)
    end(here, session)
    assert end(here, session).status_code == 404


def test_it_takes_a_form_and_a_sign_in(here, there):
    url = reverse("catalog:session_end", args=[session_of(there).pk])
    assert here.get(url).status_code == 405
    assert Client().post(url).url.startswith(reverse("account_login"))
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = here.cookies
    assert careful.post(url).status_code == 403
    assert is_signed_in(there)


def test_what_a_page_sends_notes_that_its_session_was_used(here, django_assert_num_queries):
    session, then = session_of(here), timezone.now() - timedelta(days=3)
    UserSession.objects.update(last_seen_at=then)
    caches["process"].clear()
    here.get(reverse("catalog:profiles"))
    assert session_of(here).last_seen_at == then
    here.post(reverse("catalog-api:plays"))
    assert timezone.now() - session_of(here).last_seen_at < timedelta(minutes=1)
    with django_assert_num_queries(0):
        note_seen(session.session_key, now=timezone.now() + timedelta(minutes=5))


def test_a_late_note_does_not_turn_the_time_back(here):
    session = session_of(here)
    caches["process"].clear()
    note_seen(session.session_key, now=session.last_seen_at - timedelta(hours=1))
    assert session_of(here).last_seen_at == session.last_seen_at


def test_a_visitor_notes_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().post(reverse("catalog:welcome")).status_code == 405


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.5.0", "Another program"),
        ("", "Another program"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
    ],
)
def test_a_browser_is_named_as_people_know_it(said, words):
    assert browser(said) == words


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1", "This site’s own machine"),
        ("192.168.0.7", "This site’s own network"),
        ("8.8.8.8", "Another place"),
        ("2606:4700::", "Another place"),
        ("::", "Not known"),
    ],
)
def test_a_place_is_said_as_far_as_an_address_tells(address, words):
    assert place(address, here=None) == words


def test_the_same_address_is_the_same_place():
    assert place("8.8.8.8", here="8.8.8.8") == "The same place as this one"
