import uuid

import pytest
from django.urls import reverse

from catalog.models import Episode, Maturity, Season, Title, WatchEvent
from tests.factories import make_title, make_viewer

URL = reverse("catalog-api:plays")


def heartbeat(title, /, **fields):
    return {
        "play_id": str(uuid.uuid4()),
        "title": title.pk,
        "origin": "home",
        "position_seconds": 0,
        "watched_seconds": 0,
    } | fields


def post(client, data, **headers):
    return client.post(URL, data, content_type="application/json", **headers)


def test_it_records_a_play_of_the_current_profile(as_viewer, viewer):
    title = make_title()
    response = post(as_viewer(viewer), heartbeat(title, position_seconds=12, origin="browse"))
    assert response.status_code == 200
    assert response.json()["position_seconds"] == 12
    event = WatchEvent.objects.get()
    assert (event.viewer, event.title, event.origin) == (viewer, title, "browse")


def test_it_records_an_episode(as_viewer, viewer):
    title = make_title(kind=Title.Kind.SERIES)
    season = Season.objects.create(title=title, number=1)
    episode = Episode.objects.create(season=season, number=1, name="One")
    assert post(as_viewer(viewer), heartbeat(title, episode=episode.pk)).status_code == 200
    assert WatchEvent.objects.get().episode == episode


@pytest.mark.parametrize(
    "wrong",
    [
        {"position_seconds": -1},
        {"watched_seconds": -1},
        {"watched_seconds": 10**30},
        {"watched_seconds": "lots"},
        {"origin": "import"},
        {"origin": "elsewhere"},
        {"play_id": "1"},
        {"title": 0},
        {"title": None},
        {"title": 10**40},
        {"episode": -1},
    ],
)
def test_it_refuses_what_no_player_sends(as_viewer, viewer, wrong):
    assert post(as_viewer(viewer), heartbeat(make_title(), **wrong)).status_code == 400
    assert not WatchEvent.objects.exists()


def test_it_refuses_a_series_without_an_episode(as_viewer, viewer):
    response = post(as_viewer(viewer), heartbeat(make_title(kind=Title.Kind.SERIES)))
    assert response.status_code == 400
    assert "episode" in response.json()["detail"]


@pytest.mark.parametrize("body", ["", "[]", "null", '"x"', "{", "\x00"])
def test_it_refuses_a_body_that_is_no_heartbeat(as_viewer, viewer, body):
    assert post(as_viewer(viewer), body).status_code == 400


def test_it_knows_no_title_that_is_not_there(as_viewer, viewer):
    gone = make_title()
    data = heartbeat(gone)
    gone.delete()
    assert post(as_viewer(viewer), data).status_code == 404
    assert post(as_viewer(viewer), heartbeat(make_title(published=False))).status_code == 404


def test_it_knows_no_title_above_a_childs_rating(as_viewer, child):
    title = make_title(maturity=Maturity.TWELVE)
    assert post(as_viewer(child), heartbeat(title)).status_code == 404
    assert post(as_viewer(child), heartbeat(make_title(maturity=7))).status_code == 200
    assert not WatchEvent.objects.filter(title=title).exists()


def test_it_refuses_a_stranger(client, db):
    assert post(client, heartbeat(make_title())).status_code == 403


def test_it_refuses_an_account_without_a_chosen_profile(client, viewer):
    client.force_login(viewer.account)
    response = post(client, heartbeat(make_title()))
    assert response.status_code == 403
    assert response.json()["detail"] == "Choose a profile first."


def test_it_refuses_a_session_that_names_another_accounts_profile(as_viewer, viewer):
    client = as_viewer(viewer)
    session = client.session
    session["viewer"] = make_viewer().pk
    session.save()
    assert post(client, heartbeat(make_title())).status_code == 403


def test_it_refuses_a_request_forged_elsewhere(viewer):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(viewer.account)
    session = client.session
    session["viewer"] = viewer.pk
    session.save()
    assert post(client, heartbeat(make_title())).status_code == 403


def test_it_takes_heartbeats_only_by_post(as_viewer, viewer):
    client = as_viewer(viewer)
    assert {client.get(URL).status_code, client.put(URL).status_code} == {405}
