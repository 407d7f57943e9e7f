"""The player's keys, slider, panel and captions, and what it does without a connection."""

import re
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe

from catalog.models import Episode, Season, Title, WatchEvent
from tests.browser.walking import AXE_OPTIONS
from tests.factories import make_artwork, make_title, make_viewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Enough to hold the longest names. The page is then 844 × 390 and 390 × 844.
LONG = "The Extraordinarily Long Winter of the Lighthouse Keepers"

UNSENT = "() => JSON.parse(localStorage.getItem('marquee.unsent'))"
ALL_THAT_IS_SHOWN = """
() => [...document.querySelectorAll("[data-player] :is(a, button, input, select, p, h1)")]
  .filter((each) => each.checkVisibility() && !each.matches(".sr"))
"""
OUTSIDE = f"""{ALL_THAT_IS_SHOWN}.filter((each) => {{
  const {{ left, top, right, bottom }} = each.getBoundingClientRect();
  return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
}}).map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture
def series(db):
    title = make_title(
        kind=Title.Kind.SERIES, slug="shown", name=LONG, synthetic=True, synopsis="It snows."
    )
    season = Season.objects.create(title=title, number=1)
    for number, name in ((1, LONG), (2, f"{LONG}, Continued")):
        Episode.objects.create(season=season, number=number, name=name, runtime_minutes=60)
    return title


@pytest.fixture
def player(page, series):
    """The player of the first episode, paused at its start."""
    page.emulate_media(reduced_motion="reduce")
    page.goto("/watch/shown/1/1/")
    page.locator("[data-player].is-playing:not(.is-loading)").wait_for()
    page.keyboard.press("k")
    page.keyboard.press("Home")
    return page


def at(page):
    return page.locator("[data-clock]").inner_text()


def pressed(page, *keys):
    for key in keys:
        page.keyboard.press(key)
    return at(page)


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_each_key_does_what_hands_expect(player):
    assert pressed(player, "ArrowRight", "l", "l", "j", "ArrowLeft") == "0:10"
    assert pressed(player, "5") == "30:00"
    assert pressed(player, "9", "0") == "0:00"
    assert pressed(player, "PageDown") == "0:30"
    assert player.get_by_role("button", name="Skip intro").is_visible()
    assert pressed(player, "PageDown", "PageDown", "PageUp") == "1:15"
    assert pressed(player, "Home") == "0:00"
    speed = player.locator("[data-speed]")
    pressed(player, ">")
    assert speed.input_value() == "1.25"
    pressed(player, "<", "<")
    assert speed.input_value() == "0.5"
    sound = player.locator("[data-mute]")
    pressed(player, "m")
    assert sound.get_attribute("aria-label") == "Sound off"
    pressed(player, "ArrowUp", "ArrowUp", "ArrowDown")
    assert player.locator("[data-volume]").input_value() == "0.45"
    pressed(player, "f")
    player.wait_for_function("document.fullscreenElement !== null")
    pressed(player, "f")
    player.wait_for_function("document.fullscreenElement === null")
    pressed(player, "Space")
    assert player.get_by_role("button", name="Pause").is_visible()
    pressed(player, "k", "?")
    assert player.get_by_role("dialog", name="Keys").is_visible()
    pressed(player, "Escape")
    assert player.get_by_role("dialog").count() == 0
    pressed(player, "n")
    player.wait_for_url("**/watch/shown/1/2/**")


def test_letters_can_be_turned_off_and_the_device_remembers_it_all(player):
    pressed(player, "m", "c", "?")
    player.get_by_label("Use letters").uncheck()
    pressed(player, "Escape")
    assert pressed(player, "5") == "0:00"
    assert pressed(player, "ArrowRight") == "0:10"
    player.reload()
    assert player.locator("[data-mute]").get_attribute("aria-label") == "Sound off"
    assert player.locator("[data-captions]").get_attribute("aria-pressed") == "true"
    assert not player.get_by_label("Use letters").is_checked()


def test_the_slider_says_the_time_and_the_chapter(player):
    slider = player.get_by_role("slider", name="Position")
    slider.focus()
    pressed(player, "ArrowRight", "ArrowRight", "ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "0:30 of 1:00:00, Opening titles"
    assert player.locator("[data-marks] i").count() >= 4
    player.get_by_role("button", name="Skip intro").press("Enter")
    assert at(player) == "1:15"
    assert player.get_by_role("button", name="Skip intro").is_hidden()


def test_captions_are_turned_on_and_off(player):
    caption = player.locator("[data-caption]")
    assert caption.is_hidden()
    pressed(player, "c")
    player.get_by_text("[Cold open]").wait_for()
    pressed(player, "c")
    assert caption.is_hidden()


def test_the_panel_holds_the_focus_and_does_not_carry_on_after_it_was_cancelled(player):
    pressed(player, "End")
    panel = player.get_by_role("dialog", name="Continued")
    assert focused(player) == "Play the next episode"
    panel.get_by_text(re.compile(r"Plays in \d+ s")).wait_for()
    inside = (
        "document.activeElement === document.body || !!document.activeElement.closest('[data-end]')"
    )
    for _ in range(5):
        player.keyboard.press("Tab")
        assert player.evaluate(inside)
    panel.get_by_role("button", name="Stay here").click()
    assert player.evaluate("document.activeElement.dataset.toggle") == ""
    pressed(player, "Home", "End")
    assert player.locator("[data-countdown]").inner_text() == ""
    assert "/1/1/" in player.url


@pytest.mark.parametrize(("width", "height"), [(844, 390), (390, 844)])
def test_nothing_is_off_the_screen_and_all_can_be_named(player, width, height):
    player.set_viewport_size({"width": width, "height": height})
    pressed(player, "c", "PageDown")
    assert player.evaluate(OUTSIDE) == []
    violations = Axe().run(player, options=AXE_OPTIONS).response["violations"]
    assert [(each["id"], each["nodes"][0]["target"]) for each in violations] == []


def test_controls_hide_while_it_plays_and_come_back_with_a_key(player):
    player.clock.install()
    player.reload()
    player.locator("[data-player].is-playing").wait_for()
    player.clock.run_for(5000)
    player.locator("[data-player].is-idle").wait_for()
    player.keyboard.press("Shift")
    assert player.locator("[data-player].is-idle").count() == 0


def test_a_place_is_kept_without_a_connection_and_sent_by_the_same_profile_alone(
    player, page, viewer
):
    page.route("**/plays/", lambda route: route.abort("internetdisconnected"))
    pressed(page, "5")
    page.get_by_text("Your place is kept on this device").wait_for()
    [kept] = page.evaluate(UNSENT)
    assert (kept["viewer"], kept["beat"]["position_seconds"]) == (str(viewer.public_id), 1800)
    foreign = kept | {"viewer": str(make_viewer().public_id)}
    foreign["beat"] = kept["beat"] | {"play_id": str(uuid.uuid4())}
    page.evaluate(
        "kept => localStorage.setItem('marquee.unsent', JSON.stringify(kept))", [kept, foreign]
    )
    page.unroute("**/plays/")
    with page.expect_response(lambda response: "/plays/" in response.url):
        pressed(page, "ArrowRight")
    page.get_by_text("Connected again").wait_for()
    assert page.evaluate(UNSENT) == [foreign]
    assert WatchEvent.objects.get(viewer=viewer).position_seconds == 1810
    page.goto("about:blank")


def test_a_picture_that_cannot_be_loaded_is_told_and_stands_in_letters(player, page, series):
    artwork = make_artwork(series)
    page.route("**/media/**", lambda route: route.abort("internetdisconnected"))
    page.goto("/watch/shown/1/1/")
    page.locator("[data-player].is-playing:not(.is-loading)").wait_for()
    with page.expect_response(lambda response: "/plays/" in response.url):
        pressed(page, "ArrowRight")
    assert artwork.renditions[0]["name"] in page.content()
    assert "could not be loaded" in page.locator("[data-status]").inner_text()
    page.goto("about:blank")
