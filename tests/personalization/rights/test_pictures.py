"""The menu of a title's picture, its orders, and the list of what a viewer chose."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.throttling import ScopedRateThrottle

from catalog.models import Artwork
from personalization.models import Keep
from personalization.serving.chooser import PersonalChooser
from tests.factories import make_account, make_artwork, make_title, make_viewer
from tests.personalization.serving.worlds import bump

ORDERS = ["keep", "another", "standard", "again"]


def address(name, title):
    return reverse(f"personalization:{name}", args=[title.slug])


def another(viewer, title):
    now = timezone.now()
    shown = PersonalChooser().choose(viewer, [title], surface="home", now=now)[title.pk]
    return title.artworks.exclude(pk=shown.artwork_id).order_by("pk").first()


def test_the_menu_keeps_a_picture_and_takes_it_back(world, as_viewer):
    (title, *_), viewer = world
    client = as_viewer(viewer)
    wanted = another(viewer, title)
    sent = client.post(address("keep", title), {"artwork": wanted.pk}, follow=True)
    assert "You keep this picture." in sent.content.decode()
    page = client.get(address("picture", title)).content.decode()
    assert "It stays until you change it" in page
    assert wanted.renditions[0]["name"] in page
    assert "Keep this picture" not in page
    sent = client.post(address("again", title), {"next": "/history/"})
    assert sent.url == "/history/"
    assert not Keep.objects.exists()


def test_htmx_gets_the_menu_alone_with_the_new_picture(world, as_viewer):
    (title, *_), viewer = world
    client = as_viewer(viewer)
    wanted = another(viewer, title)
    sent = client.post(
        address("keep", title), {"artwork": wanted.pk}, headers={"HX-Request": "true"}
    )
    page = sent.content.decode()
    assert "<html" not in page
    assert f'data-picture-of="{title.pk}"' in page
    assert page.count(wanted.renditions[0]["name"]) >= 2


@pytest.mark.parametrize("named", ["", "x", "-1", "9" * 40, "١٢", "1.5", "foreign", "withdrawn"])
def test_a_keep_of_what_is_no_picture_of_the_title_changes_nothing(world, as_viewer, named):
    (title, other, *_), viewer = world
    known = {
        "foreign": make_artwork(other).pk,
        "withdrawn": make_artwork(title, state="withdrawn").pk,
    }
    client = as_viewer(viewer)
    sent = client.post(address("keep", title), {"artwork": known.get(named, named)}, follow=True)
    assert "nothing was changed" in sent.content.decode()
    assert not Keep.objects.exists()


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_is_refused_to_strangers_and_without_a_token(world, as_viewer, name):
    (title, *_), viewer = world
    url = address(name, title)
    assert Client().post(url).url.startswith(reverse("account_login"))
    nobody = Client()
    nobody.force_login(make_account())
    assert nobody.post(url).url.startswith(reverse("catalog:profiles"))
    client = as_viewer(viewer, Client(enforce_csrf_checks=True))
    assert client.post(url, {"artwork": 1}).status_code == 403
    assert client.get(url).status_code == 405
    assert not Keep.objects.exists()


@pytest.mark.parametrize("name", ["picture", *ORDERS])
def test_a_title_that_the_viewer_may_not_see_is_not_found(as_viewer, db, name):
    title = make_title(maturity=18)
    artwork = make_artwork(title)
    client = as_viewer(make_viewer(is_child=True))
    method = client.get if name == "picture" else client.post
    assert method(address(name, title), {"artwork": artwork.pk}).status_code == 404
    assert not Keep.objects.exists()


def test_the_list_shows_ones_own_choices_and_says_which_were_withdrawn(world, as_viewer):
    (title, second, _), viewer = world
    client = as_viewer(viewer)
    assert "You have chosen no picture yet" in client.get("/pictures/").content.decode()
    wanted = another(viewer, title)
    client.post(address("keep", title), {"artwork": wanted.pk})
    client.post(address("standard", second))
    Artwork.objects.filter(pk=wanted.pk).update(state="withdrawn", withdrawn_at=timezone.now())
    bump()
    page = client.get("/pictures/").content.decode()
    assert title.name in page
    assert "The standard picture" in page
    assert page.count("was withdrawn") == 1
    assert "was withdrawn" in client.get(address("picture", title)).content.decode()
    assert "was withdrawn" in client.get(f"/titles/{title.slug}/").content.decode()
    others = as_viewer(make_viewer(), Client()).get("/pictures/").content.decode()
    assert title.name not in others


def test_too_many_orders_meet_a_limit(world, as_viewer, monkeypatch):
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "pictures", "2/min")
    cache.clear()
    (title, *_), viewer = world
    client = as_viewer(viewer)
    answers = [client.post(address("another", title)).status_code for _ in range(4)]
    assert answers == [302, 302, 429, 429]
