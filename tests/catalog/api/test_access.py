import uuid

import pytest
from django.urls import reverse

from tests.catalog.api.conftest import as_viewer
from tests.factories import make_account, make_title, make_viewer, make_watch_event

pytestmark = pytest.mark.django_db

READS = ["titles", "genres", "search", "home", "profiles", "history"]


def test_it_refuses_a_stranger_everywhere(client):
    play = make_watch_event(make_viewer(), make_title())
    for name in READS:
        assert client.get(reverse(f"catalog-api:{name}")).status_code == 403
    for name in ("title", "person"):
        assert client.get(reverse(f"catalog-api:{name}", args=["any"])).status_code == 403
    choose = reverse("catalog-api:profile_choose", args=[play.viewer.public_id])
    assert client.post(choose).status_code == 403
    entry = reverse("catalog-api:history_entry", args=[play.play_id])
    assert client.delete(entry).status_code == 403
    play.refresh_from_db()


def test_it_asks_for_a_profile_first(client):
    client.force_login(make_account())
    for name in READS:
        response = client.get(reverse(f"catalog-api:{name}"))
        if name == "profiles":
            assert response.status_code == 200
        else:
            assert response.status_code == 403
            assert response.json()["detail"] == "Choose a profile first."


def test_it_refuses_a_session_whose_profile_is_anothers(client):
    theirs = make_viewer()
    client.force_login(make_account())
    session = client.session
    session["viewer"] = theirs.pk
    session.save()
    assert client.get(reverse("catalog-api:home")).status_code == 403


def test_it_takes_no_write_without_the_token(client, viewer):
    as_viewer(client, viewer)
    client.handler.enforce_csrf_checks = True
    play = make_watch_event(viewer, make_title())
    entry = reverse("catalog-api:history_entry", args=[play.play_id])
    assert client.delete(entry).status_code == 403
    choose = reverse("catalog-api:profile_choose", args=[viewer.public_id])
    assert client.post(choose).status_code == 403
    play.refresh_from_db()


@pytest.mark.parametrize("path", ["nothing/", "titles/no%20slug/", "a%0Ab/"])
def test_an_unknown_address_is_answered_in_json(api, path):
    response = api.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert "detail" in response.json()


class TestProfiles:
    def test_it_lists_the_accounts_own(self, api, viewer):
        other = make_viewer(account=viewer.account)
        make_viewer()
        found = api.get(reverse("catalog-api:profiles")).json()
        assert [(profile["public_id"], profile["current"]) for profile in found] == [
            (str(viewer.public_id), True),
            (str(other.public_id), False),
        ]

    def test_it_changes_to_another_profile_of_the_account(self, api, viewer):
        other = make_viewer(account=viewer.account)
        address = reverse("catalog-api:profile_choose", args=[other.public_id])
        assert api.post(address).json()["current"] is True
        assert api.session["viewer"] == other.pk

    def test_it_does_not_find_a_profile_of_another_account(self, api, viewer):
        for public_id in (make_viewer().public_id, uuid.uuid4()):
            address = reverse("catalog-api:profile_choose", args=[public_id])
            assert api.post(address).status_code == 404
        assert api.session["viewer"] == viewer.pk


class TestHistory:
    def test_it_lists_the_profiles_own_newest_first(self, api, viewer):
        title = make_title()
        mine = make_watch_event(viewer, title)
        make_watch_event(make_viewer(account=viewer.account), title)
        found = api.get(reverse("catalog-api:history")).json()["results"]
        assert [play["play_id"] for play in found] == [str(mine.play_id)]
        assert found[0]["title"]["slug"] == title.slug

    def test_it_removes_one_play(self, api, viewer):
        play = make_watch_event(viewer, make_title())
        entry = reverse("catalog-api:history_entry", args=[play.play_id])
        assert api.delete(entry).status_code == 204
        assert api.delete(entry).status_code == 404
        assert not viewer.watch_events.exists()

    def test_it_does_not_find_anothers_play(self, api, viewer):
        play = make_watch_event(make_viewer(account=viewer.account), make_title())
        entry = reverse("catalog-api:history_entry", args=[play.play_id])
        assert api.delete(entry).status_code == 404
        play.refresh_from_db()
