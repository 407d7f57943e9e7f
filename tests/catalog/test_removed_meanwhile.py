"""A profile that one device removes while another still uses it: nothing fails, nothing returns.

The second device's request has read the profile before the first one removes it.
"""

import uuid

import pytest
from django.urls import reverse

from catalog.actions import home
from catalog.actions.portraits import PortraitRefused, set_portrait
from catalog.actions.viewers import Profile, ViewerRefused, change_viewer, remove_viewer
from catalog.actions.watching import ProfileGone, record_play, remove_from_history
from catalog.models import Portrait, Viewer, WatchEvent
from tests.catalog.artwork.pictures import picture
from tests.factories import NOW, make_title, make_viewer, make_watch_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone():
    """A profile as a request holds it that began before the profile was removed."""
    viewer = make_viewer(name="Robin")
    held = Viewer.objects.get(pk=viewer.pk)
    remove_viewer(viewer)
    return held


def play(viewer, title):
    return record_play(
        viewer, title=title, episode=None, play_id=uuid.uuid4(), origin="home",
        position_seconds=0, watched_seconds=0, now=NOW,
    )  # fmt: skip


def test_its_player_records_nothing(gone):
    with pytest.raises(ProfileGone):
        play(gone, make_title())
    assert not WatchEvent.objects.exists()


def test_its_history_has_nothing_to_remove(gone):
    assert remove_from_history(gone, title=make_title()) == 0


def test_its_settings_do_not_bring_it_back(gone):
    with pytest.raises(ViewerRefused, match="was removed"):
        change_viewer(gone, Profile("Robin", "#e0a526"))
    with pytest.raises(PortraitRefused, match="was removed"):
        set_portrait(gone, picture())
    assert not Viewer.objects.exists()
    assert not Portrait.objects.exists()


@pytest.mark.parametrize(
    "arrange",
    [
        lambda viewer: home.move_section(viewer, "list", 1),
        lambda viewer: home.show_section(viewer, "list", shown=False),
        home.reset_sections,
    ],
)
def test_its_home_is_not_arranged(gone, arrange):
    arrange(gone)
    assert not Viewer.objects.exists()


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("profile_edit", {"name": "Back", "colour": "#e0a526", "maturity": 18}),
        ("profile_remove", {}),
        ("profile_choose", {}),
    ],
)
def test_the_pages_of_the_second_device_do_not_find_it(client, viewer, name, sent):
    client.force_login(viewer.account)
    address = reverse(f"catalog:{name}", args=[viewer.public_id])
    remove_viewer(viewer)
    assert client.post(address, sent).status_code == 404
    assert not Viewer.objects.exists()


def test_the_player_of_the_second_device_is_told(as_viewer, viewer):
    title = make_title()
    make_watch_event(viewer, title)
    client = as_viewer(viewer)
    beat = {
        "play_id": str(uuid.uuid4()), "title": title.pk, "origin": "home",
        "position_seconds": 60, "watched_seconds": 60,
    }  # fmt: skip
    send = {"content_type": "application/json"}
    assert client.post(reverse("catalog-api:plays"), beat, **send).status_code == 200
    remove_viewer(viewer)
    assert client.post(reverse("catalog-api:plays"), beat, **send).status_code == 403
    assert not WatchEvent.objects.exists()
    assert client.get("/").url.startswith(reverse("catalog:profiles"))
