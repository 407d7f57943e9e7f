"""One walk along the path that the demo's first night opened: browse, see, play, audit."""

import time

import pytest

from config.demo.steps import PASSWORD

pytestmark = pytest.mark.browser


def eventually(ask, *, seconds=40.0):
    """Ask until the answer is true; return it. Beacons and heartbeats take their time."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.5)
    return answer


def sign_in(page, demo, email):
    page.goto(f"{demo.address}/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def sign_out(page):
    page.context.clear_cookies()


def choose_profile(page, demo, name):
    page.goto(f"{demo.address}/profiles/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{demo.address}/")


def model_of_newest_window(demo, name):
    rows = demo.ask(
        "SELECT w.model_id FROM personalization_window w"
        " JOIN catalog_viewer v ON v.id = w.viewer_id"
        " WHERE v.name = %s ORDER BY w.opened_at DESC LIMIT 1",
        name,
    )
    return rows[0][0] if rows else None


def serving(demo):
    rows = demo.ask("SELECT id FROM personalization_modelversion WHERE state = 'serving'")
    return rows[0][0] if rows else None


def test_the_whole_path(demo, page, complaints):
    first_model = serving(demo)
    assert first_model, "the demo's first night promoted no model"

    # Browse, and see: half of a picture for a second.
    sign_in(page, demo, "viewer@marquee.example")
    choose_profile(page, demo, "Ada")
    assert "synthetic" in page.inner_text("body").lower()
    seen = eventually(
        lambda: demo.ask(
            "SELECT d.title_id FROM personalization_impression i"
            " JOIN personalization_decision d ON d.id = i.decision_id"
            " JOIN catalog_viewer v ON v.id = d.viewer_id WHERE v.name = 'Ada'"
        )
    )
    assert model_of_newest_window(demo, "Ada") == first_model

    # Play what was seen and not begun, from its tile, until the play counts.
    title = eventually(
        lambda: demo.ask(
            "SELECT t.id, t.slug FROM catalog_title t JOIN personalization_decision d"
            " ON d.title_id = t.id JOIN catalog_viewer v ON v.id = d.viewer_id"
            " WHERE v.name = 'Ada' AND NOT d.begun AND t.kind = 'film' ORDER BY t.id"
        )
    )[0]
    assert seen
    page.locator(f"a.tile[href*='/titles/{title[1]}/']").first.click()
    page.wait_for_url(f"**/titles/{title[1]}/**")
    page.get_by_role("link", name="Play").first.click()
    page.wait_for_url("**/watch/**")
    page.locator("[data-speed]").select_option(
        index=page.locator("[data-speed] option").count() - 1
    )
    eventually(
        lambda: demo.ask(
            "SELECT e.origin FROM catalog_watchevent e JOIN catalog_viewer v ON v.id = e.viewer_id"
            " WHERE v.name = 'Ada' AND e.title_id = %s AND e.quality_at IS NOT NULL"
            " AND e.origin IN ('home', 'browse', 'title')",
            title[0],
        )
    )

    # The auditor opens the run that the first night asked for.
    sign_out(page)
    sign_in(page, demo, "auditor@marquee.example")
    run = demo.ask("SELECT min(id) FROM audits_auditrun WHERE model_id = %s", first_model)[0][0]
    page.goto(f"{demo.address}/admin/audits/auditrun/{run}/change/")
    text = page.inner_text("body")
    assert "leakage" in text.lower()
    assert "synthetic" in text.lower()
    assert complaints == []
