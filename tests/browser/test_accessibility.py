"""Every page, for everybody who can see it: axe-core finds nothing, it fits, it complains not.

Each page is looked at in English at a desk's width and in German at a phone's; staff's pages, which
are in English, at both. That it fits is tried at both widths in both languages, and the contrast of
colours by night and, where they differ, by day. What holds still is looked at: what fades in has no
contrast to measure on its way.
"""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from config.demo.steps import PASSWORD
from tests.browser import places
from tests.browser.household import EMAIL, SECURED_EMAIL
from tests.browser.places import addresses
from tests.browser.walking import choose_profile, sign_in
from tests.config.codes import code_of

pytestmark = pytest.mark.browser

DESK, PHONE = (1440, 900), (390, 844)
BOTH = {"en": (DESK,), "de": (PHONE,)}
ENGLISH = {"en": (DESK, PHONE)}  # staff's pages have no other language
SECRET = "JBSWY3DPEHPK3PXP"
# Rows of a table are alike: the first ones stand for the others. Style sheets are not fetched again
# by script, which the pages' policy refuses. Colours that fade are looked at when they have faded.
LOOK = """
async (rules) => {
  await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})));
  const found = await axe.run(
    { exclude: [["tbody tr:nth-child(n + 6)"]] },
    { ...rules, resultTypes: ["violations"], preload: false },
  );
  const where = (nodes) => nodes.map((node) => node.target).join(" | ");
  return found.violations.map(({ id, nodes }) => `${id}: ${where(nodes)}`);
}
"""
ALL, CONTRAST = {}, {"runOnly": ["color-contrast"]}
# Whether daylight changes the page.
GROUND = """
[document.documentElement, document.body].map((each) => getComputedStyle(each).backgroundColor) + ""
"""
# What the server writes for a profile that looks as its device says.
THEME = "document.documentElement.dataset.theme"
TOO_WIDE = "document.scrollingElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def known(demo):
    """What fills in the addresses: of the household, and of what the demo's nights made."""
    build = "from tests.browser.household import build; build()"
    printed = demo.manage("shell", "-v0", "-c", build)
    return json.loads(printed.splitlines()[-1]) | {
        "run": str(demo.ask("SELECT max(id) FROM record.runs")[0][0]),
        "decision": str(demo.ask("SELECT min(id) FROM personalization_decision")[0][0]),
    }


@pytest.fixture
def page(page):
    page.emulate_media(reduced_motion="reduce", color_scheme="dark")
    return page


@pytest.fixture
def faults(demo, page, complaints):
    """Return a function that says what is wrong with the pages at some addresses, a fault a line.

    `looks` names the widths at which axe-core looks in each language.
    """
    page.context.add_init_script(AXE_SCRIPT)

    def found(paths, looks):
        wrong = []
        for language, widths in looks.items():
            page.context.set_extra_http_headers({"Accept-Language": language})
            for path in paths:
                complaints.clear()
                wrong += [f"{path} {language} {each}" for each in _look(page, demo, path, widths)]
                wrong += [f"{path} {language} complains: {each}" for each in complaints]
        return "\n".join(wrong)

    return found


def _look(page, demo, path, widths):
    response = page.goto(demo.address + path, wait_until="domcontentloaded")
    if page.url != demo.address + path and page.locator("main input[name=password]").count():
        page.locator("main input[name=password]").evaluate(
            "(field, word) => { field.value = word; field.form.requestSubmit(); }", PASSWORD
        )
        page.wait_for_url(demo.address + path)
    elif not response.ok or page.url != demo.address + path:
        yield f"answered {response.status} at {page.url}"
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate(TOO_WIDE)
        if wide > 0:
            yield f"{width} is {wide} px too wide"
        if (width, height) in widths:
            yield from (f"{width} {violation}" for violation in page.evaluate(LOOK, ALL))
        if (width, height) == widths[0]:
            yield from (f"{width} by day {violation}" for violation in _by_day(page))


def _by_day(page):
    theme = page.evaluate(THEME)
    page.evaluate(f"{THEME} = 'device'")
    night = page.evaluate(GROUND)
    page.emulate_media(color_scheme="light")
    found = page.evaluate(LOOK, CONTRAST) if page.evaluate(GROUND) != night else []
    page.emulate_media(color_scheme="dark")
    page.evaluate(f"theme => {{ {THEME} = theme }}", theme)
    return found


def test_a_visitors_pages(known, faults):
    assert faults([*addresses(places.VISITOR, known), "/account/login/?next=/"], BOTH) == ""


def test_a_viewers_pages(demo, known, page, faults):
    sign_in(page, demo, EMAIL)
    choose_profile(page, demo, "Nell")
    assert faults(addresses(places.VIEWER, known), BOTH) == ""


def test_a_childs_pages(demo, known, page, faults):
    sign_in(page, demo, EMAIL)
    choose_profile(page, demo, "Mia")
    assert faults(addresses(places.CHILD, known), BOTH) == ""


def test_the_pages_of_an_account_with_a_second_factor(demo, known, page, faults):
    _add_factors(demo, totp={"secret": SECRET}, recovery_codes={"seed": "00ff", "used_mask": 0})
    page.goto(f"{demo.address}/account/login/")
    page.fill("input[name=login]", SECURED_EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/2fa/authenticate/")
    assert faults(addresses("mfa_authenticate", known), BOTH) == ""
    page.locator("input[name=code]").fill(code_of(SECRET))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo.address}/profiles/")
    # Not before the sign-in, which would ask for this key.
    key = _add_factors(demo, webauthn={"name": "Nell's key", "credential": {}})
    pages = places.SECURED.replace("mfa_authenticate", "")
    assert faults(addresses(pages, known | {"key": key}), BOTH) == ""


def test_an_editors_pages(demo, known, page, faults):
    sign_in(page, demo, "editor@marquee.example")
    assert faults(addresses(places.EDITOR, known), ENGLISH) == ""


def test_an_auditors_pages(demo, known, page, faults):
    sign_in(page, demo, "auditor@marquee.example")
    wrong = faults(["/admin/", *addresses(places.AUDITOR, known)], ENGLISH)
    page.goto(f"{demo.address}/admin/")
    lists = _links(page, "#content-main th a", demo)
    assert len(lists) > 5
    for each in lists:
        wrong += faults([each], ENGLISH)
        wrong += faults(_links(page, "#result_list tbody th a", demo)[:1], ENGLISH)
    assert wrong == ""


def test_an_operators_pages(demo, known, page, faults):
    sign_in(page, demo, "operator@marquee.example")
    assert faults(addresses(places.OPERATOR, known), ENGLISH) == ""


def _links(page, where, demo):
    links = page.locator(where).evaluate_all("links => links.map(link => link.href)")
    return [link.removeprefix(demo.address) for link in links]


def _add_factors(demo, **factors):
    """Give the secured account second factors, as if set up; return the id of the last."""
    for kind, data in factors.items():
        rows = demo.ask(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
            " SELECT id, %s, %s, now() FROM catalog_account WHERE email = %s RETURNING id",
            kind,
            json.dumps(data),
            SECURED_EMAIL,
        )
    return str(rows[0][0])
