"""The key pages, at a desk's width and a phone's: they fit, complain of nothing, can be read."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.walking import choose_profile, sign_in

pytestmark = pytest.mark.browser

WIDTHS = {"phone": (390, 844), "desk": (1440, 900)}
GRAVE = {"serious", "critical"}  # axe-core's words for what shuts people out
# Who looks, as which profile, at what. Lou is added for this: what Ada or Kit saw or began here
# would change the walk along the whole path, which looks at the same demo.
LOOKS = [
    (
        "viewer",
        "Ada",
        [
            "/why/{film}/",
            "/pictures/",
            "/pictures/{film}/",
            "/pictures/{film}/report/",
            "/reports/",
            "/data/{ada}/",
            "/data/{ada}/decisions/",
            "/how-pictures-are-chosen/",
        ],
    ),
    (
        "viewer",
        "Lou",
        [
            "/",
            "/profiles/",
            "/titles/{film}/",
            "/titles/{series}/",
            "/watch/{film}/",
            "/history/",
        ],
    ),
    ("editor", None, ["/studio/", "/styleguide/"]),
    (
        "auditor",
        None,
        [
            "/admin/audits/auditrun/",
            "/admin/audits/auditrun/{run}/change/",
            "/admin/audits/auditrun/start/",
            "/admin/audits/auditrun/readings/",
            "/admin/personalization/picturereport/",
            "/styleguide/admin/",
        ],
    ),
    (
        "operator",
        None,
        [
            "/admin/",
            "/admin/personalization/modelversion/",
            "/admin/personalization/modelversion/{model}/change/",
            "/admin/personalization/modelversion/{model}/roll-back/",
            "/admin/personalization/night/",
            "/admin/personalization/sealedday/",
            "/admin/personalization/decision/{decision}/change/",
        ],
    ),
]


@pytest.fixture(scope="session")
def places(demo):
    """What the addresses above leave open: a film, a series, a decision, the model that serves."""

    def first(query):
        return demo.ask(query)[0][0]

    return {
        "film": first("SELECT slug FROM catalog_title WHERE kind = 'film' ORDER BY id"),
        "series": first("SELECT slug FROM catalog_title WHERE kind = 'series' ORDER BY id"),
        "ada": first("SELECT public_id FROM catalog_viewer WHERE name = 'Ada' ORDER BY id"),
        "decision": first("SELECT min(id) FROM personalization_decision"),
        "run": first("SELECT max(id) FROM record.runs"),
        "model": first("SELECT id FROM personalization_modelversion WHERE state = 'serving'"),
    }


@pytest.fixture
def page(page):
    """A page that holds still: what fades in has no contrast to measure on its way."""
    page.emulate_media(reduced_motion="reduce")
    return page


@pytest.mark.parametrize(
    ("who", "profile", "paths"),
    LOOKS,
    ids=[f"{who}-{profile or 'staff'}" for who, profile, _ in LOOKS],
)
def test_the_key_pages_fit_and_can_be_read(demo, places, page, complaints, who, profile, paths):
    sign_in(page, demo, f"{who}@marquee.example")
    if profile:
        page.goto(f"{demo.address}/profiles/")
        if not page.get_by_role("button", name=profile).count():
            page.goto(f"{demo.address}/profiles/add/")
            page.get_by_label("Name").fill(profile)
            page.get_by_role("button", name="Add profile").click()
        choose_profile(page, demo, profile)
    faults = []
    for path in (path.format(**places) for path in paths):
        faults += [f"{path} {fault}" for fault in _faults(page, demo.address + path, complaints)]
    assert faults == []


def _faults(page, address, complaints):
    """Open a page and say what is wrong with it; the widths are tried on the page as it is."""
    complaints.clear()
    response = page.goto(address)
    if not response.ok or page.url != address:
        yield f"answered {response.status} at {page.url}"
    for name, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"({name}) is {wide} px too wide"
        # Before axe-core, which reads style sheets in a way that the page's policy refuses.
        yield from (f"({name}) complains: {complaint}" for complaint in complaints)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in GRAVE:
                where = [node["target"] for node in violation["nodes"]]
                yield f"({name}) {violation['id']}: {where}"
        complaints.clear()
