"""By keyboard alone: home, the menu of a picture, keep this picture."""

import pytest

from tests.browser.walking import eventually, focused

pytestmark = pytest.mark.browser
MOST_STEPS = 60
NAME = "Noa"  # a profile of this test's own, so that the other walks see what they expect


def tab_to_a_menu(page):
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if "tile-menu" in str(focused(page, "className")):
            return str(focused(page, "href"))
    raise AssertionError("no menu of a picture can be reached by keyboard")


def open_picture(page):
    """Open the menu of a tile, and from there the one of its picture."""
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    eventually(lambda: "My list" in str(focused(page, "textContent")))
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if "its picture" in str(focused(page, "textContent")):
            break
    page.keyboard.press("Enter")
    dialog.locator("img.picture").first.wait_for()
    return dialog


def test_a_picture_is_kept_by_keyboard_alone(own_profile, demo, complaints):
    href = tab_to_a_menu(own_profile)
    slug = href.split("/titles/")[1].split("/")[0]
    dialog = open_picture(own_profile)
    eventually(lambda: focused(own_profile, "textContent") == "Keep this picture")
    own_profile.keyboard.press("Enter")
    dialog.get_by_text("You keep this picture.").wait_for()
    kept = demo.ask(
        "SELECT k.kind FROM personalization_keep k JOIN catalog_title t ON t.id = k.title_id"
        " JOIN catalog_viewer v ON v.id = k.viewer_id WHERE t.slug = %s AND v.name = %s",
        slug,
        NAME,
    )
    assert kept == [("kept",)]
    # The focus stays in the menu. Its other orders are reached and undo it.
    for _ in range(MOST_STEPS):
        own_profile.keyboard.press("Tab")
        if str(focused(own_profile, "textContent")).startswith("Let "):
            break
    own_profile.keyboard.press("Enter")
    dialog.get_by_text("Your choice was taken back.").wait_for()
    own_profile.keyboard.press("Escape")
    eventually(lambda: focused(own_profile, "href") == href)
    assert not dialog.is_visible()
    assert complaints == []


def test_the_picture_behind_the_menu_changes_at_once(own_profile, complaints):
    href = tab_to_a_menu(own_profile)
    dialog = open_picture(own_profile)
    before = dialog.locator("img.picture").first.get_attribute("src")
    dialog.get_by_role("button", name="Show me another").click()
    dialog.get_by_text("Here is another picture.").wait_for()
    after = dialog.locator("img.picture").first.get_attribute("src")
    assert after != before
    path = f"/{href.split('/', 3)[-1]}"
    link = own_profile.locator(f"a.tile-menu[href='{path}']").first
    behind = link.locator("xpath=..").locator(".tile-art img.picture").first
    assert behind.get_attribute("src") == after
    dialog.get_by_role("button", name="Let ").click()
    dialog.get_by_text("Your choice was taken back.").wait_for()
    assert complaints == []


def test_an_order_given_the_moment_it_is_shown_stays_in_the_menu(own_profile, complaints):
    """What was just put in the page is htmx's at once: there is no moment for a plain form."""
    tab_to_a_menu(own_profile)
    dialog = open_picture(own_profile)
    own_profile.evaluate(
        """addEventListener("htmx:afterSwap", ({ target }) => {
          setTimeout(() => target.querySelector("[hx-post$='/again/'] button").click());
        }, { once: true })"""
    )
    dialog.get_by_role("button", name="Use the standard picture").click()
    dialog.get_by_text("Your choice was taken back.").wait_for()
    assert complaints == []
