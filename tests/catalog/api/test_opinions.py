"""My list, hidden titles, ratings, put aside and watched, by the API: the own profile's alone."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.actions import opinions
from catalog.models import (
    Episode,
    HiddenTitle,
    ListedTitle,
    PutAside,
    Rating,
    Season,
    Title,
    WatchedMark,
)
from tests.catalog.api.conftest import as_viewer
from tests.factories import NOW, make_title, make_viewer

pytestmark = pytest.mark.django_db
SETS = [
    ("listed", {}, ListedTitle),
    ("hidden", {}, HiddenTitle),
    ("rating", {"rating": "love"}, Rating),
    ("aside", {}, PutAside),
]
LISTS = ["my_list", "hidden_titles", "ratings"]


def at(name, slug="shown"):
    return reverse(f"catalog-api:{name}", args=[slug])


def put(client, name, body, slug="shown"):
    return client.put(at(name, slug), body, content_type="application/json")


@pytest.fixture
def title():
    return make_title(slug="shown")


@pytest.mark.parametrize(("name", "body", "model"), SETS)
def test_it_is_put_and_deleted_as_often_as_one_likes(api, viewer, title, name, body, model):
    for _ in range(2):
        assert put(api, name, body).status_code == 204
    assert model.objects.get().viewer == viewer
    for _ in range(2):
        assert api.delete(at(name)).status_code == 204
    assert not model.objects.exists()


@pytest.mark.parametrize("name", [*(each[0] for each in SETS), "watched"])
def test_who_may_not(api, viewer, title, name):
    body = {"rating": "like", "watched": True}
    assert put(Client(), name, body).status_code == 403
    assert api.get(at(name)).status_code == 405
    api.handler.enforce_csrf_checks = True
    assert put(api, name, body).status_code == 403
    Title.objects.update(maturity=16)
    child = as_viewer(Client(), make_viewer(account=viewer.account, is_child=True))
    assert put(child, name, body).status_code == 404
    assert put(child, name, body, slug="nothing").status_code == 404
    for model in (ListedTitle, HiddenTitle, Rating, PutAside, WatchedMark):
        assert not model.objects.exists()


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_the_profiles_own_newest_first(api, viewer, name):
    mine, newer, theirs = make_title(), make_title(), make_title()
    other = make_viewer(account=viewer.account)
    say = {
        "my_list": opinions.put_on_list,
        "hidden_titles": opinions.hide,
        "ratings": lambda viewer, title, now: opinions.rate(viewer, title, "no", now=now),
    }[name]
    say(viewer, mine, now=NOW)
    say(viewer, newer, now=NOW)
    say(other, theirs, now=NOW)
    found = api.get(reverse(f"catalog-api:{name}")).json()["results"]
    slugs = [each.get("slug") or each["title"]["slug"] for each in found]
    assert slugs == [newer.slug, mine.slug]
    assert Client().get(reverse(f"catalog-api:{name}")).status_code == 403


def test_a_hidden_title_is_in_no_list_but_that_of_the_hidden(api, viewer, title):
    opinions.put_on_list(viewer, title, now=NOW)
    opinions.hide(viewer, title, now=NOW)
    for name in ("my_list", "titles"):
        assert api.get(reverse(f"catalog-api:{name}")).json()["results"] == []
    assert api.get(at("title")).status_code == 200


@pytest.mark.parametrize("body", [{}, {"rating": "hate"}, {"rating": None}, {"rating": ["love"]}])
def test_it_refuses_a_rating_that_there_is_not(api, title, body):
    assert put(api, "rating", body).status_code == 400


def test_episodes_are_marked(api):
    series = make_title(slug="shown", kind=Title.Kind.SERIES)
    season = Season.objects.create(title=series, number=1)
    for number in (1, 2):
        Episode.objects.create(season=season, number=number, name="One")
    assert put(api, "watched", {"watched": True, "season": 1, "number": 2}).status_code == 204
    assert WatchedMark.objects.get().episode.number == 2
    assert put(api, "watched", {"watched": True}).status_code == 204
    assert WatchedMark.objects.count() == 2
    assert put(api, "watched", {"watched": True, "season": 9}).status_code == 404
    assert put(api, "watched", {"watched": True, "season": -1}).status_code == 400
