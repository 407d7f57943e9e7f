import pytest

from catalog.actions.viewers import (
    MAX_VIEWERS,
    Profile,
    ViewerRefused,
    add_viewer,
    change_viewer,
    remove_viewer,
)
from catalog.models import WatchEvent
from tests.factories import make_account, make_title, make_viewer, make_watch_event

AMBER = "#e0a526"


def test_it_adds_a_profile(db):
    viewer = add_viewer(make_account(), Profile(" Robin ", AMBER, is_child=True))
    assert (viewer.name, viewer.is_child, viewer.synthetic) == ("Robin", True, False)


def test_it_marks_the_profiles_of_a_synthetic_account(db):
    assert add_viewer(make_account(synthetic=True), Profile("Robin", AMBER)).synthetic


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_it_refuses_an_empty_or_long_name(name):
    with pytest.raises(ViewerRefused, match="name"):
        Profile(name, AMBER)


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u2800", "Ada\u202e"])
def test_it_refuses_a_name_that_cannot_be_seen_or_turns_what_follows(name):
    with pytest.raises(ViewerRefused, match="name"):
        Profile(name, AMBER)


@pytest.mark.parametrize("name", ["Zoe\u0308", "ZOË", "Ｚｏë", "Zo\u200bë"])
def test_it_refuses_a_name_that_looks_like_anothers(db, name):
    account = make_account()
    zoe = add_viewer(account, Profile("Zoë", AMBER))
    with pytest.raises(ViewerRefused, match="this name"):
        add_viewer(account, Profile(name, AMBER))
    other = add_viewer(account, Profile("Zoe", AMBER))
    with pytest.raises(ViewerRefused, match="this name"):
        change_viewer(other, Profile(name, AMBER))
    assert change_viewer(zoe, Profile(name, AMBER)) == zoe


@pytest.mark.parametrize("colour", ["", "red", "#000000", 'url("x")'])
def test_it_refuses_a_colour_that_is_not_offered(colour):
    with pytest.raises(ViewerRefused, match="colour"):
        Profile("Robin", colour)


def test_it_refuses_a_name_twice_in_one_account(viewer):
    with pytest.raises(ViewerRefused, match="this name"):
        add_viewer(viewer.account, Profile(viewer.name, AMBER))
    assert add_viewer(make_account(), Profile(viewer.name, AMBER))


def test_it_refuses_more_profiles_than_an_account_has_room_for(db):
    account = make_account()
    for number in range(MAX_VIEWERS):
        add_viewer(account, Profile(f"Robin {number}", AMBER))
    with pytest.raises(ViewerRefused, match="up to"):
        add_viewer(account, Profile("One more", AMBER))


def test_it_changes_a_profile_and_keeps_its_history(viewer):
    make_watch_event(viewer, make_title())
    change_viewer(viewer, Profile("Bird", "#4fb3a5", personalised=False))
    viewer.refresh_from_db()
    assert (viewer.name, viewer.personalised, viewer.watch_events.count()) == ("Bird", False, 1)


def test_it_removes_a_profile_with_its_history_and_no_other(viewer):
    other = make_viewer()
    for owner in (viewer, other):
        make_watch_event(owner, make_title())
    remove_viewer(viewer)
    assert WatchEvent.objects.get().viewer == other
