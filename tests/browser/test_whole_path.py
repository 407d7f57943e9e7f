"""One walk along the whole path: browse, see, play, learn overnight, serve, audit."""

from datetime import UTC, datetime, timedelta

import pytest

from config.demo.steps import SEED, VIEWERS
from tests.browser.walking import choose_profile, eventually, sign_in, sign_out

pytestmark = pytest.mark.browser
# What `manage.py nightly` does, which rightly refuses a night that has not begun: here on the
# clock of that night.
LATER = """
from datetime import UTC, date, datetime
from personalization.models import Night
from personalization.night import running
then = datetime.combine(date.fromisoformat("{date}"), datetime.min.time(), UTC)
night = running.begin(then.date(), now=then)
for _ in range(3):
    night = running.run(night, clock=lambda: then)
assert night.stage == Night.Stage.DONE, (night.stage, night.error)
"""


def tile_of(page, slug):
    return page.locator(f"a.tile[href*='/titles/{slug}/']").first


def seen_further_down(page, demo, name):
    """Scroll on; return the films on this page that were seen and are not begun: (id, slug)."""
    page.mouse.wheel(0, 300)
    decided = demo.ask(
        "SELECT t.id, t.slug FROM catalog_title t JOIN personalization_decision d"
        " ON d.title_id = t.id JOIN catalog_viewer v ON v.id = d.viewer_id"
        " WHERE v.name = %s AND NOT d.begun AND t.kind = 'film' ORDER BY t.id",
        name,
    )
    # What fills the top of the page is no tile, and other days have shown other titles.
    return [(number, slug) for number, slug in decided if tile_of(page, slug).count()]


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
    title = eventually(lambda: seen_further_down(page, demo, "Ada"))[0]
    assert seen
    tile_of(page, title[1]).click()
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

    # Two more days of the audience; then the night that may seal today, on its own clock.
    today = datetime.now(UTC).date()
    demo.manage(
        "simulate", "--days=2", f"--until={today}", f"--viewers=demo:{VIEWERS}", f"--seed={SEED}"
    )
    demo.manage("shell", "-v0", "-c", LATER.format(date=today + timedelta(days=2)))
    rows, rewards = demo.ask(
        "SELECT rows, rewards FROM personalization_sealedday WHERE day = %s", today
    )[0]
    assert rows > 0
    assert rewards > 0

    # Its candidate serves: by the gate, or, where that held it, by a person with a reason.
    candidate = demo.ask("SELECT max(id) FROM personalization_modelversion")[0][0]
    assert candidate != first_model
    if serving(demo) != candidate:
        sign_out(page)
        sign_in(page, demo, "operator@marquee.example")
        page.goto(f"{demo.address}/admin/personalization/modelversion/{candidate}/promote/")
        assert "These conditions hold it:" in page.inner_text("body")
        page.fill("[name=reason]", "The walk along the whole path.")
        page.locator(".submit-row input[type=submit]").click()
        eventually(lambda: serving(demo) == candidate)

    # The same processes serve it, to who opens a window now.
    sign_out(page)
    sign_in(page, demo, "viewer@marquee.example")
    choose_profile(page, demo, "Kit")
    assert model_of_newest_window(demo, "Kit") == candidate

    # The auditor opens the candidate's run.
    sign_out(page)
    sign_in(page, demo, "auditor@marquee.example")
    run = demo.ask("SELECT min(id) FROM record.runs WHERE model_id = %s", candidate)[0][0]
    page.goto(f"{demo.address}/admin/audits/auditrun/{run}/change/")
    text = page.inner_text("body")
    assert "leakage" in text.lower()
    assert "synthetic" in text.lower()
    assert complaints == []
