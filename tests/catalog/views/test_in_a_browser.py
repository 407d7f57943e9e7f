"""What only a browser can show: the player's clock, keys and heartbeats, and live search."""

import re

import pytest

from catalog.models import WatchEvent
from tests.factories import make_title

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def beats(page):
    """Wait for one heartbeat to be taken."""
    return page.expect_response(lambda response: "/plays/" in response.url)


def test_it_plays_pauses_jumps_and_resumes(page, viewer):
    make_title(slug="shown", runtime_minutes=60)
    with beats(page) as opened:
        page.goto("/watch/shown/?from=browse")
    assert opened.value.status == 200
    page.keyboard.press(">")
    page.locator("[data-clock]", has_text=re.compile(r"0:0[2-9]")).wait_for()
    with beats(page):
        page.keyboard.press("Space")
    assert page.get_by_role("button", name="Play").is_visible()
    with beats(page):
        page.keyboard.press("ArrowRight")
    event = WatchEvent.objects.get(viewer=viewer)
    assert event.origin == "browse"
    assert event.position_seconds >= 12
    assert 2 <= event.watched_seconds < event.position_seconds
    page.goto("/watch/shown/")
    assert page.locator("[data-clock]").inner_text() >= "0:12"


def test_it_ends_and_says_so(page, viewer):
    make_title(slug="shown", runtime_minutes=60)
    page.goto("/watch/shown/")
    page.locator("[data-seek]").focus()
    with beats(page):
        page.keyboard.press("End")
    assert page.get_by_role("button", name="Play again").is_visible()
    page.wait_for_load_state("networkidle")
    assert WatchEvent.objects.get().finished


def test_it_searches_while_one_types(page):
    make_title(name="The Red Harbour")
    page.goto("/search/")
    page.keyboard.type("red har")
    page.locator("#found .tile-name", has_text="The Red Harbour").wait_for()
    page.wait_for_url("**/search/?q=red%20har")  # the start page suggests titles too


def test_what_was_typed_is_there_again_after_signing_in_again(page, viewer):
    page.goto("/profiles/add/")
    page.get_by_label("Name").fill("Kit")
    page.get_by_label("A child's profile").check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Add profile").click()
    page.get_by_text("nothing was saved").wait_for()
    page.get_by_label("E-mail address").fill(viewer.account.email)
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("Your input is filled in again.").wait_for()
    assert page.get_by_label("Name").input_value() == "Kit"
    assert page.get_by_label("A child's profile").is_checked()
    page.get_by_role("button", name="Add profile").click()
    page.get_by_text("Welcome, Kit.").wait_for()
    page.goto("/profiles/add/")
    assert page.get_by_label("Name").input_value() == ""
    assert page.evaluate("sessionStorage.getItem('draft')") is None


def test_a_form_that_was_open_while_one_signed_in_elsewhere_still_works(page, viewer):
    page.goto("/profiles/add/")
    page.get_by_label("Name").fill("Kit")
    page.context.clear_cookies(name="csrftoken")
    token = {"name": "csrftoken", "value": "a" * 32, "url": page.url}
    page.context.add_cookies([token])
    page.get_by_role("button", name="Add profile").click()
    page.get_by_text("Welcome, Kit.").wait_for()


def test_escape_closes_the_menu_and_gives_the_focus_back(page):
    page.goto("/search/")
    page.locator("[data-menu] summary").click()
    page.get_by_role("link", name="Switch profile").focus()
    page.keyboard.press("Escape")
    assert page.get_by_role("link", name="Switch profile").is_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_escape_closes_what_comes_after_the_end(page):
    make_title(slug="shown", runtime_minutes=60)
    page.goto("/watch/shown/")
    page.locator("[data-seek]").focus()
    with beats(page):
        page.keyboard.press("End")
    page.get_by_role("button", name="Play again").wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Play again").is_hidden()
    assert page.evaluate("document.activeElement.dataset.toggle") == ""
