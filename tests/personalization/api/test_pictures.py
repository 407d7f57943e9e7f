"""The viewer's own choice of a picture, by the API: as the pages do it, and for nobody else."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import ScopedRateThrottle

from catalog.actions.viewers import remove_viewer
from catalog.middleware import SESSION_KEY
from catalog.models import Title
from personalization.models import Keep
from tests.factories import make_artwork, make_viewer
from tests.personalization.serving.worlds import bump, make_catalogue, make_model, make_watcher

pytestmark = pytest.mark.django_db
ORDERS = [{"choice": "kept"}, {"choice": "other"}, {"choice": "standard"}]


def as_viewer(viewer, client=None):
    client = client or Client()
    client.force_login(viewer.account)
    session = client.session
    session[SESSION_KEY] = viewer.pk
    session.save()
    return client


@pytest.fixture
def titles():
    made = make_catalogue(titles=2)
    make_model()
    return made


@pytest.fixture
def viewer(titles):
    return make_watcher(*titles)


@pytest.fixture
def api(viewer):
    return as_viewer(viewer)


def at(title):
    return reverse("personalization-api:picture", args=[title.slug])


def put(client, title, body):
    return client.put(at(title), body, content_type="application/json")


def order(kind, state):
    """Return the body of an order that changes what is shown."""
    other = next(each["id"] for each in state["options"] if each["id"] != state["picture"])
    picture = {"kept": other, "other": state["picture"]}.get(kind)
    return {"choice": kind} | ({"picture": picture} if picture else {})


def test_it_says_all_pictures_the_one_shown_and_that_the_system_chose_it(api, titles):
    state = api.get(at(titles[0])).json()
    assert {each["id"] for each in state["options"]} == set(
        titles[0].artworks.values_list("pk", flat=True)
    )
    assert state["picture"] in {each["id"] for each in state["options"]}
    assert (state["choice"], state["withdrawn"]) == (None, False)
    assert all(each["srcset"] for each in state["options"])


@pytest.mark.parametrize("kind", ["kept", "other", "standard"])
def test_an_order_is_followed_everywhere_and_taken_back(api, viewer, titles, kind):
    title = titles[0]
    before = api.get(at(title)).json()
    body = order(kind, before)
    for _ in range(2):  # sent twice, it is one order
        state = put(api, title, body).json()
        assert state["choice"] == kind
    if kind != "standard":
        assert state["picture"] != before["picture"]
    kept = Keep.objects.get()
    assert (kept.viewer, kept.title, kept.kind) == (viewer, title, kind)
    shown = next(each for each in state["options"] if each["id"] == state["picture"])
    assert api.get(f"/api/v1/titles/{title.slug}/").json()["artwork"]["src"] == shown["src"]
    listed = api.get(reverse("personalization-api:pictures")).json()["results"]
    assert [(each["title"]["slug"], each["choice"]) for each in listed] == [(title.slug, kind)]
    for _ in range(2):
        assert api.delete(at(title)).json() == before
    assert not Keep.objects.exists()


def test_a_picture_that_was_withdrawn_or_is_another_titles_is_refused(api, titles):
    gone = make_artwork(titles[0], state="withdrawn")
    foreign = titles[1].artworks.first()
    for number in (gone.pk, foreign.pk, 2**62):
        answer = put(api, titles[0], {"choice": "kept", "picture": number})
        assert answer.status_code == 409
        assert "nothing was changed" in answer.json()["detail"]
    assert not Keep.objects.exists()


def test_it_says_that_a_kept_picture_was_withdrawn(api, titles):
    body = order("kept", api.get(at(titles[0])).json())
    put(api, titles[0], body)
    titles[0].artworks.filter(pk=body["picture"]).update(state="withdrawn")
    bump()
    state = api.get(at(titles[0])).json()
    assert (state["choice"], state["withdrawn"]) == ("kept", True)
    assert state["picture"] != body["picture"]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"choice": "kept"}, {"choice": "mine"}, {"choice": "kept", "picture": "x"},
        {"choice": "kept", "picture": -1}, {"choice": "kept", "picture": 10**30},
        {"choice": None}, [], "standard",
    ],
)  # fmt: skip
def test_a_body_that_says_no_order_is_refused(api, titles, body):
    answer = put(api, titles[0], body)
    assert answer.status_code == 400
    assert not Keep.objects.exists()


@pytest.mark.parametrize("body", ORDERS)
def test_who_may_not(api, viewer, titles, body):
    title = titles[0]
    body = body | {"picture": title.artworks.first().pk}
    assert put(Client(), title, body).status_code == 403
    assert Client().get(reverse("personalization-api:pictures")).status_code == 403
    api.handler.enforce_csrf_checks = True
    assert put(api, title, body).status_code == 403
    assert api.delete(at(title)).status_code == 403
    Title.objects.update(maturity=16)
    child = as_viewer(make_viewer(account=viewer.account, is_child=True))
    for answer in (put(child, title, body), child.get(at(title)), child.delete(at(title))):
        assert answer.status_code == 404
    assert not Keep.objects.exists()


def test_another_profile_neither_sees_nor_undoes_it(api, viewer, titles):
    put(api, titles[0], {"choice": "standard"})
    other = as_viewer(make_viewer(account=viewer.account, name="Other"))
    assert other.get(at(titles[0])).json()["choice"] is None
    assert other.get(reverse("personalization-api:pictures")).json()["results"] == []
    other.delete(at(titles[0]))
    assert Keep.objects.get().viewer == viewer


def test_a_profile_that_was_removed_keeps_nothing(api, viewer, titles):
    remove_viewer(viewer)
    assert put(api, titles[0], {"choice": "standard"}).status_code == 403
    assert not Keep.objects.exists()


def test_orders_are_limited_together_with_those_of_the_pages(api, titles, monkeypatch):
    cache.clear()
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"pictures": "2/min"})
    page = reverse("personalization:standard", args=[titles[0].slug])
    assert api.post(page).status_code == 302
    assert put(api, titles[0], {"choice": "standard"}).status_code == 200
    assert put(api, titles[0], {"choice": "standard"}).status_code == 429
