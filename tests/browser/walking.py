"""What every walk through the demo does: sign in, choose a profile, wait, press Tab."""

import time

from config.demo.steps import PASSWORD

# For axe-core. It would fetch style sheets again by script, and look for what they import beside
# the page: none is there.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}


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


def focused(page, what):
    """Return a property of the focused element, such as `className`; "" if it has none."""
    return page.evaluate("name => document.activeElement[name] ?? ''", what)
