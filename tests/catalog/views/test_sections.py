"""The page on which a viewer arranges home."""

import pytest

from catalog.models import Viewer
from catalog.sections import SECTIONS, in_order, moved
from tests.factories import make_viewer

URL = "/home/sections/"


def test_moving_a_section_keeps_the_others_in_order():
    assert moved(SECTIONS, "list", -1)[:3] == ["list", "continue", "because"]
    assert moved(SECTIONS, "continue", -1) == list(SECTIONS)
    assert moved(SECTIONS, "genre", 1) == list(SECTIONS)


def test_a_section_that_is_added_later_comes_where_it_usually_stands():
    kept = [name for name in reversed(SECTIONS) if name != "popular"]
    found = in_order([*kept, "gone"])
    assert found.index("popular") == found.index("because") + 1
    assert set(found) == set(SECTIONS)


def test_it_moves_hides_and_resets(as_viewer, viewer):
    client = as_viewer(viewer)
    answer = client.post(URL, {"order": "up:because"})
    assert answer.url == f"{URL}?pressed=up-because#sections"
    client.post(URL, {"order": "hide:new"})
    client.post(URL, {"order": "hide:new"})
    viewer.refresh_from_db()
    assert viewer.home_order[:2] == ["continue", "because"]
    assert viewer.home_hidden == ["new"]
    client.post(URL, {"order": "show:new"})
    viewer.refresh_from_db()
    assert viewer.home_hidden == []
    client.post(URL, {"order": "reset"})
    viewer.refresh_from_db()
    assert viewer.home_order == []


def test_it_puts_the_focus_back_on_the_button_without_scripts(as_viewer, viewer):
    page = as_viewer(viewer).get(f"{URL}?pressed=down-list").content.decode()
    assert page.count("autofocus") == 1
    assert 'value="down:list" autofocus' in page


def test_without_scripts_the_next_page_says_what_happened(as_viewer, viewer):
    page = as_viewer(viewer).post(URL, {"order": "hide:genre"}, follow=True).content.decode()
    assert "Genres is hidden." in page


def test_it_answers_htmx_with_the_list_and_says_what_happened(as_viewer, viewer):
    answer = as_viewer(viewer).post(URL, {"order": "down:continue"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "Continue watching is now in place 2." in page


@pytest.mark.parametrize(
    "order", ["", "up:", "up:gone", "burn:new", "up", "show:<b>", "x" * 10_000]
)
def test_it_knows_no_other_orders(as_viewer, viewer, order):
    assert as_viewer(viewer).post(URL, {"order": order}).status_code == 404
    viewer.refresh_from_db()
    assert (viewer.home_order, viewer.home_hidden) == ([], [])


def test_it_changes_only_the_profile_that_asks(as_viewer, viewer, child):
    other = make_viewer()
    as_viewer(child).post(URL, {"order": "up:because", "viewer": other.pk})
    arranged = Viewer.objects.exclude(home_order=[])
    assert list(arranged) == [child]


def test_it_tells_an_opted_out_profile_which_rows_are_absent(as_viewer, viewer):
    assert b"which is off for this profile" not in as_viewer(viewer).get(URL).content
    viewer.personalised = False
    viewer.save()
    assert as_viewer(viewer).get(URL).content.count(b"which is off for this profile") == 2


def test_a_visitor_and_an_account_without_a_profile_are_sent_away(client, viewer):
    assert client.post(URL, {"order": "reset"}).status_code == 302
    client.force_login(viewer.account)
    assert client.get(URL).url.startswith("/profiles/")
    assert client.put(URL).status_code in (302, 405)
