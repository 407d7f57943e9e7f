"""By keyboard: filter what is browsed, and arrange home."""

import pytest

from tests.browser.walking import eventually

pytestmark = pytest.mark.browser
NAME = "Ivo"  # a profile of this test's own


def test_filters_are_in_the_address_and_a_chip_removes_one(own_profile, demo, complaints):
    page = own_profile
    page.goto(f"{demo.address}/browse/")
    page.get_by_role("button", name="Show more titles").or_(
        page.get_by_role("link", name="Show more titles")
    ).click()
    page.wait_for_url("**/browse/?upto=2")
    eventually(lambda: page.locator(".tile").count() == 48)
    page.locator(".tile").nth(40).click()
    page.wait_for_url("**/titles/**")
    page.go_back()
    eventually(lambda: page.locator(".tile").count() == 48)
    eventually(lambda: page.evaluate("scrollY") > 500)
    page.locator("#filter-mood").select_option("dark")
    page.wait_for_url("**mood=dark**")
    chip = page.get_by_role("link", name="Remove the filter: Dark")
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo.address}/browse/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_sections_are_moved_and_hidden_by_keyboard(own_profile, demo, complaints):
    page = own_profile
    page.goto(f"{demo.address}/home/sections/")
    up = page.get_by_role("button", name="Move New on the marquee up")
    up.focus()
    for place in (5, 4):
        page.keyboard.press("Enter")
        page.get_by_text(f"New on the marquee is now in place {place}.").wait_for()
        # The focus stays on the button, which has moved with its row.
        eventually(lambda: page.evaluate("document.activeElement.id") == "up-new")
    hide = page.get_by_role("button", name="Hide Genres")
    hide.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Genres is hidden.").wait_for()
    page.goto(f"{demo.address}/")
    assert page.locator("[data-kind=genre]").count() == 0
    page.goto(f"{demo.address}/home/sections/")
    page.get_by_role("button", name="Reset to the usual order").press("Enter")
    page.get_by_text("Home has its usual order again.").wait_for()
    assert complaints == []


def test_the_last_searches_stay_in_the_browser(own_profile, demo, complaints):
    page = own_profile
    page.goto(f"{demo.address}/search/?q=harbour")
    page.locator("#q").press("Enter")
    page.goto(f"{demo.address}/search/")
    page.get_by_role("link", name="harbour", exact=True).wait_for()
    page.get_by_role("button", name="Forget them").click()
    assert page.get_by_text("Your last searches").is_hidden()
    assert complaints == []
