"""Pages fade into each other, and a fade that is cut short is nobody's complaint."""

import json

import pytest

from tests.browser.walking import eventually

pytestmark = pytest.mark.browser
NAME = "Ula"  # a profile of this test's own
# What is done next, in which moment of the page that is on its way.
MOMENTS = {
    "at once": "go()",
    "as it is shown": "addEventListener('pagereveal', go)",
    "a moment later": "addEventListener('pagereveal', () => setTimeout(go, 40))",
    "while it loads": "addEventListener('DOMContentLoaded', go)",
    "when it is there": "addEventListener('load', () => setTimeout(go, 30))",
}
HOPS = """
{
  const [hop, ...rest] = JSON.parse(sessionStorage.getItem("hops") ?? "[]");
  addEventListener("pagereveal", ({ viewTransition }) => {
    const faded = JSON.parse(sessionStorage.getItem("faded") ?? "[]");
    sessionStorage.setItem("faded", JSON.stringify([...faded, Boolean(viewTransition)]));
  });
  if (hop) {
    const go = () => {
      window.gone = true;
      sessionStorage.setItem("hops", JSON.stringify(rest));
      if (hop.to === "back") return history.back();
      const link = document.createElement("a");
      link.href = hop.to;
      link.click();
    };
    ({ MOMENTS })[hop.when]();
  }
}
""".replace(
    "MOMENTS", ", ".join(f"{json.dumps(name)}: () => {does}" for name, does in MOMENTS.items())
)


def follow(page, hops):
    """Leave a page for /browse/, and each of the next pages when and where to a hop says."""
    page.evaluate("hops => sessionStorage.setItem('hops', JSON.stringify(hops))", hops)
    page.evaluate("sessionStorage.removeItem('faded')")
    page.evaluate("location.assign('/browse/')")
    eventually(lambda: settled(page))
    page.wait_for_timeout(300)  # for what the last fade might still say
    return json.loads(page.evaluate("sessionStorage.getItem('faded')"))


def settled(page):
    try:
        return page.evaluate(
            "!window.gone && document.readyState === 'complete' && sessionStorage.hops === '[]'"
        )
    except Exception as error:  # the page went while it was asked
        assert "navigat" in str(error) or "context" in str(error)
        return False


def test_a_page_fades_into_the_next_unless_motion_is_unwanted(own_profile, demo, complaints):
    own_profile.add_init_script(HOPS)
    own_profile.goto(f"{demo.address}/")
    assert follow(own_profile, []) == [True]
    own_profile.emulate_media(reduced_motion="reduce")
    assert follow(own_profile, []) == [False]
    assert complaints == []


# A page of errors is one more kind of page: it has no other script.
@pytest.mark.parametrize("to", ["/my-list/", "/nothing/", "back"])
def test_a_fade_that_is_cut_short_is_no_complaint(own_profile, demo, complaints, to):
    own_profile.add_init_script(HOPS)
    own_profile.goto(f"{demo.address}/")
    names = list(MOMENTS)
    for when, then in zip(names, [*names[1:], names[0]], strict=True):
        for next_one in (when, then):
            follow(own_profile, [{"when": when, "to": to}, {"when": next_one, "to": "/history/"}])
            follow(own_profile, [{"when": when, "to": "/search/"}, {"when": next_one, "to": to}])
    assert complaints == []


def test_two_quick_clicks_arrive_at_the_second(own_profile, demo, complaints):
    own_profile.goto(f"{demo.address}/")
    for place in ("Browse", "My list", "History", "Home"):
        own_profile.get_by_role("navigation", name="Catalogue").get_by_role(
            "link", name=place
        ).click(no_wait_after=True)
    own_profile.wait_for_url(f"{demo.address}/")
    own_profile.wait_for_timeout(400)
    assert complaints == []
