"""Which pages and methods are refused, and to whom."""

import pytest
from django.urls import reverse

from catalog.models import Episode, Season, Title
from tests.factories import make_account, make_credit, make_title, make_viewer, make_watch_event

PAGES = [
    "home",
    "browse",
    "genre",
    "search",
    "person",
    "title",
    "watch",
    "watch_episode",
    "captions_episode",
    "history",
]
WRITES = ["remove_play", "remove_title"]


@pytest.fixture
def addresses(viewer):
    title = make_title(kind=Title.Kind.SERIES, slug="shown")
    person = make_credit(title).person
    season = Season.objects.create(title=title, number=1)
    episode = Episode.objects.create(season=season, number=1, name="One")
    play = make_watch_event(viewer, title, episode=episode)
    arguments = {
        "genre": ["drama"],
        "person": [person.slug],
        "title": ["shown"],
        "watch": ["shown"],
        "watch_episode": ["shown", 1, 1],
        "captions_episode": ["shown", 1, 1],
        "remove_play": [play.pk],
        "remove_title": ["shown"],
    }
    return {
        name: reverse(f"catalog:{name}", args=arguments.get(name, [])) for name in PAGES + WRITES
    }


@pytest.mark.parametrize("name", PAGES)
def test_it_shows_the_page_to_a_viewer(as_viewer, viewer, addresses, name):
    response = as_viewer(viewer).get(addresses[name])
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", PAGES + WRITES)
def test_it_sends_a_stranger_to_the_sign_in_page(client, addresses, name):
    page, form = client.get(addresses[name]), client.post(addresses[name])
    first = reverse("catalog:welcome" if name == "home" else "account_login")
    assert (page.status_code, form.status_code) == (302, 302)
    assert page.url.startswith(first)
    assert form.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_it_asks_for_a_profile_where_none_is_chosen(client, addresses, name):
    client.force_login(make_account())
    response = client.get(addresses[name])
    assert response.url.startswith(reverse("catalog:profiles") + "?next=")


def test_it_sends_the_whole_page_away_where_htmx_asked_for_a_part(client, addresses):
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/search/?q=red"}
    response = client.get("/search/?q=redh", headers=asked)
    assert response.headers["HX-Redirect"] == "/account/login/?next=/search/%3Fq%3Dred"
    client.force_login(make_account())
    response = client.get("/browse/?page=2", headers=asked | {"HX-Current-URL": "//evil.example"})
    assert response.headers["HX-Redirect"] == "/profiles/?next=%2F"


def test_it_ignores_a_session_that_names_a_profile_of_another_account(as_viewer, viewer, addresses):
    client = as_viewer(viewer)
    for named in (make_viewer().pk, "1", -1, None, [viewer.pk], 10**30):
        session = client.session
        session["viewer"] = named
        session.save()
        assert client.get("/").url.startswith(reverse("catalog:profiles")), named


@pytest.mark.parametrize("name", PAGES)
def test_it_shows_pages_only_by_get(as_viewer, viewer, addresses, name):
    assert as_viewer(viewer).post(addresses[name]).status_code == 405


@pytest.mark.parametrize("name", WRITES)
def test_it_changes_nothing_by_get(as_viewer, viewer, addresses, name):
    assert as_viewer(viewer).get(addresses[name]).status_code == 405
    assert viewer.watch_events.count() == 1


@pytest.mark.parametrize("name", WRITES)
def test_it_does_not_find_what_another_viewer_watched(as_viewer, viewer, addresses, name):
    assert as_viewer(make_viewer()).post(addresses[name]).status_code == 404
    assert viewer.watch_events.count() == 1


@pytest.mark.parametrize("name", ["title", "watch", "watch_episode", "captions_episode", "person"])
@pytest.mark.parametrize("hidden", [{"maturity": 12}, {"published": False}])
def test_it_does_not_find_for_a_child_what_is_not_for_it(as_viewer, child, addresses, name, hidden):
    assert as_viewer(child).get(addresses[name]).status_code == 200
    Title.objects.update(**hidden)
    assert as_viewer(child).get(addresses[name]).status_code == 404


@pytest.mark.parametrize("name", ["home", "browse", "genre", "search", "history"])
def test_it_never_names_to_a_child_what_is_not_for_it(as_viewer, child, viewer, addresses, name):
    grim = make_title(name="Grimwood", slug="grimwood", maturity=16)
    make_credit(grim)
    shown = Title.objects.get(slug="shown")
    make_credit(grim, person=shown.credits.get().person)
    for watcher in (viewer, child):
        make_watch_event(watcher, grim)
        make_watch_event(watcher, shown, quality_at=None)
    url = addresses[name] + ("?q=grim" if name == "search" else "")
    assert b"Grimwood" in as_viewer(viewer).get(url).content or name == "home"
    page = as_viewer(child).get(url).content
    assert b"Grimwood" not in page
    assert b"grimwood" not in page


def test_it_shows_a_child_no_similar_title_that_is_not_for_it(as_viewer, child, addresses):
    make_title(name="Grimwood", maturity=16)
    assert b"Grimwood" not in as_viewer(child).get(addresses["title"]).content
