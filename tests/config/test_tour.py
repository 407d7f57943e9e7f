"""The demo's tour exists in the demo, on its own machine, and nowhere else."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.demo.accounts import build_accounts
from catalog.models import Account
from config import checks
from config.demo import tour
from tests.factories import make_title

LINK = "/tour/ada/"


@pytest.fixture
def demo(db, settings):
    settings.DEMO_TOUR = True
    build_accounts("marquee-demo")
    Account.objects.filter(is_staff=True).update(is_superuser=True)  # `setup` gives the roles
    make_title()


def test_it_is_not_found_outside_the_demo(client, db):
    build_accounts("marquee-demo")
    assert client.post(LINK).status_code == 404
    assert "tour" not in client.get(reverse("catalog:welcome")).content.decode()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "sent",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
    ],
)
def test_it_is_not_found_from_another_machine_or_through_a_proxy(sent):
    client = Client(**sent)
    assert client.post(LINK).status_code == 404
    assert "tour" not in client.get(reverse("catalog:welcome")).content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("stop", [*tour.ROLES, *tour.STEPS])
def test_one_click_signs_in_and_shows_the_stop(client, stop):
    assert LINK in client.get(reverse("catalog:welcome")).content.decode()
    answer = client.post(f"/tour/{stop}/")
    assert answer.status_code == 302
    assert client.get(answer.url.partition("#")[0]).status_code == 200


@pytest.mark.usefixtures("demo")
def test_it_needs_a_token_the_right_method_and_a_stop_that_exists():
    assert Client(enforce_csrf_checks=True).post(LINK).status_code == 403
    assert Client().get(LINK).status_code == 405
    assert Client().post("/tour/superuser/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_it_signs_nobody_in_to_a_real_account(client):
    Account.objects.update(synthetic=False)
    assert client.post(LINK).status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"EMBEDDED": False},
        {"ALLOWED_HOSTS": ["marquee.example"]},
        {"ALLOWED_HOSTS": ["*"]},
        {"TRUSTED_PROXIES": ["10.0.0.0/8"]},
    ],
)
def test_a_check_refuses_it_anywhere_else(settings, elsewhere):
    settings.DEMO_TOUR, settings.EMBEDDED, settings.TRUSTED_PROXIES = True, True, []
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    assert checks.the_tour_stays_in_the_demo(None) == []
    for name, value in elsewhere.items():
        setattr(settings, name, value)
    (error,) = checks.the_tour_stays_in_the_demo(None)
    assert error.id == "marquee.E002"
