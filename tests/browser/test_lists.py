"""By keyboard alone, at both widths: a tile's menu, my list, a rating, hide and take back."""

import pytest

from tests.browser.test_picture_menu import tab_to_a_menu
from tests.browser.walking import eventually, focused

pytestmark = pytest.mark.browser
MOST_STEPS = 40
NAME = "Lio"  # a profile of this test's own


def tab_to(page, words):
    for _ in range(MOST_STEPS):
        if words in str(focused(page, "textContent")):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words!r} cannot be reached by keyboard")


def said(demo, table, slug, field="1"):
    return demo.ask(
        f"SELECT {field} FROM catalog_{table} s JOIN catalog_title t ON t.id = s.title_id"
        " JOIN catalog_viewer v ON v.id = s.viewer_id WHERE t.slug = %s AND v.name = %s",
        slug,
        NAME,
    )


def test_a_title_is_listed_rated_and_hidden_by_keyboard_alone(own_profile, demo, complaints):
    slug = tab_to_a_menu(own_profile).split("/titles/")[1].split("/")[0]
    own_profile.keyboard.press("Enter")
    dialog = own_profile.get_by_role("dialog")
    dialog.wait_for()
    eventually(lambda: "My list" in focused(own_profile, "textContent"))
    own_profile.keyboard.press("Enter")
    dialog.get_by_text("Added to your list.").wait_for()
    # The focus stays on the button, which has changed.
    eventually(lambda: focused(own_profile, "ariaPressed") == "true")
    assert said(demo, "listedtitle", slug)
    tab_to(own_profile, "I love it")
    own_profile.keyboard.press("Enter")
    dialog.get_by_text("Rated.").wait_for()
    assert said(demo, "rating", slug, "s.value") == [("love",)]
    tab_to(own_profile, "Hide this title")
    own_profile.keyboard.press("Enter")
    dialog.get_by_text("Hidden from this profile").wait_for()
    tiles = own_profile.locator(f"li:has(a.tile-menu[href='/titles/{slug}/options/'])")
    eventually(lambda: not any(tile.is_visible() for tile in tiles.all()))
    tab_to(own_profile, "Show it again")
    own_profile.keyboard.press("Enter")
    dialog.get_by_text("No longer hidden.").wait_for()
    eventually(lambda: all(tile.is_visible() for tile in tiles.all()))
    own_profile.keyboard.press("Escape")
    eventually(lambda: slug in str(focused(own_profile, "href")))

    own_profile.goto(f"{demo.address}/my-list/")
    assert own_profile.locator(f"a.tile[href^='/titles/{slug}/']").count() == 1
    own_profile.goto(f"{demo.address}/titles/{slug}/")
    for words in ("I love it", "My list"):  # taken back, so that the next width starts anew
        pressed = own_profile.locator(".opinion-page").get_by_role("button", name=words)
        assert pressed.get_attribute("aria-pressed") == "true"
        pressed.press("Enter")
        eventually(lambda pressed=pressed: pressed.get_attribute("aria-pressed") == "false")
    assert not said(demo, "rating", slug)
    assert complaints == []


def test_the_titles_page_is_up_to_date_when_the_player_was_left(own_profile, demo, complaints):
    (slug,) = demo.ask("SELECT slug FROM catalog_title WHERE kind = 'series' ORDER BY id LIMIT 1")[
        0
    ]
    own_profile.goto(f"{demo.address}/titles/{slug}/")
    mark = own_profile.locator(".episode-mark").first
    mark.press("Enter")
    own_profile.locator("#title-now").get_by_text("Next up: Season 1, episode 2").wait_for()
    own_profile.locator(".episode-mark.is-on").first.press("Enter")
    eventually(lambda: own_profile.locator(".episode-mark.is-on").count() == 0)
    own_profile.locator(".button-play", has_text="S1 E1").click()
    place = own_profile.locator("[data-seek]")
    eventually(lambda: float(place.input_value()) >= 2)  # less than a second is no place to resume
    own_profile.go_back()
    own_profile.locator("#title-now .resume").get_by_text("Season 1, episode 1").wait_for()
    assert complaints == []


def test_an_order_that_comes_before_htmx_waits_for_it(own_profile, complaints):
    """Home loads htmx when it is first needed: whoever is faster is not sent to another page."""
    button = own_profile.locator(".billboard form button")
    before = button.get_attribute("aria-pressed")
    assert not own_profile.evaluate("Boolean(window.htmx)")
    own_profile.evaluate("window.stayed = true")
    button.evaluate("pressed => pressed.form.requestSubmit(pressed)")
    eventually(lambda: button.get_attribute("aria-pressed") != before)
    button.click()
    eventually(lambda: button.get_attribute("aria-pressed") == before)
    assert own_profile.evaluate("Boolean(window.stayed && window.htmx)")
    assert complaints == []
