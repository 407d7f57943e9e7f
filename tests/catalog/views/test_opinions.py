"""My list, ratings, hidden titles, what is put aside and watched marks: the pages and the forms."""

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
from tests.factories import NOW, make_account, make_title, make_viewer, make_watch_event

PAGES = ["/titles/shown/options/", "/my-list/", "/hidden/"]
# Each order: its address, what it sends, what it takes back, and where it is kept.
ORDERS = [
    ("set_listed", {"listed": "1"}, {"listed": "0"}, ListedTitle),
    ("set_rating", {"rating": "love"}, {"rating": ""}, Rating),
    ("set_hidden", {"hidden": "1"}, {"hidden": "0"}, HiddenTitle),
    ("set_aside", {"aside": "1"}, {"aside": "0"}, PutAside),
]
NAMES = [*(order[0] for order in ORDERS), "set_watched"]
HTMX = {"HX-Request": "true"}


def at(name, slug="shown"):
    return reverse(f"catalog:{name}", args=[slug])


@pytest.fixture
def title(viewer):
    return make_title(slug="shown", name="Shown")


@pytest.fixture
def client(as_viewer, viewer, title):
    return as_viewer(viewer)


@pytest.mark.parametrize(("name", "set_it", "undo", "model"), ORDERS)
def test_a_plain_form_sets_and_undoes_and_goes_back(client, viewer, name, set_it, undo, model):
    for _ in range(2):  # sent from two tabs
        answer = client.post(at(name), set_it | {"next": "/browse/?page=2"})
        assert answer.url == "/browse/?page=2"
    assert model.objects.get().viewer == viewer
    assert client.post(at(name), undo | {"next": "//evil.example/"}).url == "/"
    assert not model.objects.exists()


@pytest.mark.parametrize(("name", "set_it", "undo", "model"), ORDERS)
def test_htmx_gets_the_state_alone(client, name, set_it, undo, model):
    answer = client.post(at(name), set_it | {"place": "menu"}, headers=HTMX)
    assert answer.status_code == 200
    assert b"data-opinion" in answer.content
    assert b"<html" not in answer.content
    assert f'value="{next(iter(undo.values()))}"' in answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_who_may_not(client, viewer, title, as_viewer, name):
    sent = {"listed": "1", "rating": "like", "hidden": "1", "aside": "1", "watched": "1"}
    assert client.get(at(name)).status_code == 405
    nobody = Client()
    assert nobody.post(at(name), sent).url.startswith(reverse("account_login"))
    nobody.force_login(make_account())
    assert nobody.post(at(name), sent).url.startswith(reverse("catalog:profiles"))
    Title.objects.update(maturity=16)
    child = make_viewer(account=viewer.account, name="Kit", is_child=True)
    assert as_viewer(child).post(at(name), sent).status_code == 404
    for model in (ListedTitle, Rating, HiddenTitle, PutAside, WatchedMark):
        assert not model.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_it_refuses_a_form_that_makes_no_sense(client, name):
    wrong = {"listed": "2", "rating": "hate", "hidden": "", "aside": "x", "watched": "true"}
    assert client.post(at(name), wrong).status_code == 400
    assert client.post(at(name, "nothing"), wrong).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_of_a_viewer(client, page):
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 405
    assert Client().get(page).url.startswith(reverse("account_login"))


def test_the_list_shows_its_own_titles_or_says_that_it_is_empty(client, viewer, child, title):
    opinions.put_on_list(child, title, now=NOW)
    page = client.get("/my-list/").content.decode()
    assert "/titles/shown/" not in page
    assert "on it yet" in page
    opinions.put_on_list(viewer, title, now=NOW)
    page = client.get("/my-list/").content.decode()
    assert 'href="/titles/shown/?from=title"' in page
    assert "1 title, the newest first" in page


def test_what_was_hidden_is_listed_with_a_way_back(client, viewer, title):
    assert "You hid no title" in client.get("/hidden/").content.decode()
    opinions.hide(viewer, title, now=NOW)
    assert at("set_hidden") in client.get("/hidden/").content.decode()
    assert "/titles/shown/" not in client.get("/browse/").content.decode()


def test_the_menu_offers_to_put_aside_what_is_begun(client, viewer, title):
    assert at("set_aside") not in client.get(PAGES[0]).content.decode()
    make_watch_event(viewer, title)
    assert at("set_aside") in client.get(PAGES[0]).content.decode()
    opinions.put_aside(viewer, title, now=NOW)
    assert "Undo: put it back" in client.get(PAGES[0]).content.decode()


def test_a_rating_says_what_it_shapes(client, viewer):
    assert "never a picture" in client.get(PAGES[0]).content.decode()
    viewer.personalised = False
    viewer.save()
    assert "changes neither rows nor pictures" in client.get(PAGES[0]).content.decode()


class TestWatched:
    @pytest.fixture
    def series(self, viewer):
        series = make_title(slug="series", kind=Title.Kind.SERIES)
        for season in (0, 1, 2):
            held = Season.objects.create(title=series, number=season)
            for number in (1, 2):
                Episode.objects.create(season=held, number=number, name="One")
        return series

    def test_a_film_is_marked_and_its_tile_says_so(self, client):
        client.post(at("set_watched"), {"watched": "1"})
        assert "tile-watched" in client.get("/browse/").content.decode()
        client.post(at("set_watched"), {"watched": "0"})
        assert "tile-watched" not in client.get("/browse/").content.decode()

    @pytest.mark.parametrize(
        ("sent", "marked"),
        [
            ({}, {(1, 1), (1, 2), (2, 1), (2, 2)}),
            ({"season": "2"}, {(2, 1), (2, 2)}),
            ({"season": "0", "number": "2"}, {(0, 2)}),
        ],
    )
    def test_a_series_is_marked_by_episodes(self, client, series, sent, marked):
        client.post(at("set_watched", "series"), sent | {"watched": "1"})
        found = WatchedMark.objects.values_list("episode__season__number", "episode__number")
        assert set(found) == marked
        told = client.get("/browse/").content.decode()
        assert ("tile-watched" in told) is (len(marked) == 4)

    @pytest.mark.parametrize(
        "sent",
        [{"season": "9"}, {"season": "1", "number": "9"}, {"number": "1"}, {"season": "9" * 30},
         {"season": "-1"}, {"season": "1", "number": "x"}],
    )  # fmt: skip
    def test_it_does_not_find_other_episodes(self, client, series, sent):
        sent = sent | {"watched": "1"}
        assert client.post(at("set_watched", "series"), sent).status_code == 404
        assert not WatchedMark.objects.exists()

    def test_beside_an_episode_the_page_is_told_to_show_it_again(self, client, series):
        sent = {"season": "1", "number": "1", "watched": "1", "place": "episode"}
        answer = client.post(at("set_watched", "series"), sent, headers=HTMX)
        assert answer.status_code == 204
        assert answer.headers["HX-Trigger"] == '{"watching-changed": {}}'


def test_the_billboard_has_the_list_at_hand(client, viewer, title):
    viewer.personalised = False  # to others it shows what is not listed yet
    viewer.save()
    for listed in ("1", "0"):
        assert f'name="listed" value="{listed}"' in client.get("/").content.decode()
        sent = {"listed": listed, "place": "billboard"}
        answer = client.post(at("set_listed"), sent, headers=HTMX).content.decode()
        assert answer.count("<button") == 1
        assert f'value="{1 - int(listed)}"' in answer
