import pytest
from django.core.cache import cache
from rest_framework.throttling import ScopedRateThrottle

from tests.factories import make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_searches_a_minute(monkeypatch):
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "search", "2/min")
    cache.clear()


def test_the_page_and_the_api_share_one_limit(as_viewer, viewer):
    client = as_viewer(viewer)
    assert client.get("/search/?q=a").status_code == 200
    assert client.get("/api/v1/search/?q=a").status_code == 200
    page = client.get("/search/?q=a")
    assert page.status_code == client.get("/api/v1/search/?q=a").status_code == 429
    assert "Too many requests" in page.text
    assert 0 < int(page.headers["Retry-After"]) <= 60


def test_the_refusal_is_in_the_profiles_look(as_viewer, viewer):
    viewer.theme = "light"
    viewer.save()
    client = as_viewer(viewer)
    pages = [client.get("/search/?q=a") for _ in range(3)]
    assert pages[2].status_code == 429
    assert 'data-theme="light"' in pages[2].text


def test_the_limit_counts_what_is_typed(as_viewer, viewer):
    client = as_viewer(viewer)
    answers = [client.get("/search/?q=a", headers={"HX-Request": "true"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_one_account_does_not_limit_another(as_viewer, viewer):
    for _ in range(3):
        as_viewer(viewer).get("/search/")
    assert as_viewer(make_viewer()).get("/search/").status_code == 200


def test_other_pages_stay_open(as_viewer, viewer):
    client = as_viewer(viewer)
    for _ in range(3):
        client.get("/search/")
    assert client.get("/browse/").status_code == 200
