"""By keyboard alone, at both widths: a tile's menu, my list, a rating, hide and take back."""

import pytest

from tests.browser.test_picture_menu import focused, tab_to_a_menu
from tests.browser.test_whole_path import choose_profile, eventually, sign_in

pytestmark = pytest.mark.browser
MOST_STEPS = 40
NAME = "Lio"  # a profile of this test's own


@pytest.fixture(params=[pytest.param((1440, 900), id="desk"), pytest.param((390, 844), id="phone")])
def home(request, page, demo):
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    sign_in(page, demo, "viewer@marquee.example")
    page.goto(f"{demo.address}/profiles/")
    if not page.get_by_role("button", name=NAME).count():
        page.goto(f"{demo.address}/profiles/add/")
        page.get_by_label("Name").fill(NAME)
        page.get_by_role("button", name="Add profile").click()
    choose_profile(page, demo, NAME)
    return page


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


def test_a_title_is_listed_rated_and_hidden_by_keyboard_alone(home, demo, complaints):
    slug = tab_to_a_menu(home).split("/titles/")[1].split("/")[0]
    home.keyboard.press("Enter")
    dialog = home.get_by_role("dialog")
    dialog.wait_for()
    eventually(lambda: "My list" in focused(home, "textContent"))
    home.keyboard.press("Enter")
    dialog.get_by_text("Added to your list.").wait_for()
    # The focus stays on the button, which has changed.
    eventually(lambda: focused(home, "ariaPressed") == "true")
    assert said(demo, "listedtitle", slug)
    tab_to(home, "I love it")
    home.keyboard.press("Enter")
    dialog.get_by_text("Rated.").wait_for()
    assert said(demo, "rating", slug, "s.value") == [("love",)]
    tab_to(home, "Hide this title")
    home.keyboard.press("Enter")
    dialog.get_by_text("Hidden from this profile").wait_for()
    tiles = home.locator(f"li:has(a.tile-menu[href='/titles/{slug}/options/'])")
    eventually(lambda: not any(tile.is_visible() for tile in tiles.all()))
    tab_to(home, "Show it again")
    home.keyboard.press("Enter")
    dialog.get_by_text("No longer hidden.").wait_for()
    eventually(lambda: all(tile.is_visible() for tile in tiles.all()))
    home.keyboard.press("Escape")
    eventually(lambda: slug in str(focused(home, "href")))

    home.goto(f"{demo.address}/my-list/")
    assert home.locator(f"a.tile[href^='/titles/{slug}/']").count() == 1
    home.goto(f"{demo.address}/titles/{slug}/")
    for words in ("I love it", "My list"):  # taken back, so that the next width starts anew
        pressed = home.locator(".opinion-page").get_by_role("button", name=words)
        assert pressed.get_attribute("aria-pressed") == "true"
        pressed.press("Enter")
        eventually(lambda pressed=pressed: pressed.get_attribute("aria-pressed") == "false")
    assert not said(demo, "rating", slug)
    assert complaints == []


def test_the_titles_page_is_up_to_date_when_the_player_was_left(home, demo, complaints):
    (slug,) = demo.ask("SELECT slug FROM catalog_title WHERE kind = 'series' ORDER BY id LIMIT 1")[
        0
    ]
    home.goto(f"{demo.address}/titles/{slug}/")
    mark = home.locator(".episode-mark").first
    mark.press("Enter")
    home.locator("#title-now").get_by_text("Next up: Season 1, episode 2").wait_for()
    home.locator(".episode-mark.is-on").first.press("Enter")
    eventually(lambda: home.locator(".episode-mark.is-on").count() == 0)
    home.locator(".button-play").click()
    home.locator("[data-player]").wait_for()
    home.wait_for_timeout(1500)
    home.go_back()
    home.locator("#title-now .resume").get_by_text("Season 1, episode 1").wait_for()
    assert complaints == []
