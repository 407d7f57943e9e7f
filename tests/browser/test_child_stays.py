"""A child at the household's screen: what it can reach by itself, by guessing, and with the PIN."""

import pytest

pytestmark = pytest.mark.browser
PIN = "4711"
PASSWORD = "a household of its own"
GUESSES, BY_HAND = 20, 6
# What belongs to the grown-ups: the account, its limits, other profiles, everybody's data.
GROWN_UPS = ("/account/email/", "/account/pin/", "/account/sessions/", "/profiles/add/")


@pytest.fixture(params=[pytest.param((1440, 900), id="desk"), pytest.param((390, 844), id="phone")])
def household(request, page, demo):
    """The page at both widths, signed in to a new account with a grown-up, a child and a PIN.

    The other walks share an account. A PIN on it would ask them too.
    """
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{demo.address}/account/signup/")
    page.locator("[name=email]").fill(f"household-{width}@marquee.example")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/profiles/")
    add_profile(page, demo, "Mum")
    add_profile(page, demo, "Pip", child=True)
    page.goto(f"{demo.address}/account/pin/")
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("The same PIN again").fill(PIN)
    page.get_by_role("button", name="Set the PIN").click()
    page.get_by_text("The PIN was saved.").wait_for()
    return page


def add_profile(page, demo, name, *, child=False):
    page.goto(f"{demo.address}/profiles/add/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("A child's profile").set_checked(child)
    page.get_by_role("button", name="Add profile").click()
    page.get_by_text(f"Welcome, {name}.").wait_for()


def choose(page, demo, name):
    page.goto(f"{demo.address}/profiles/")
    page.get_by_role("button", name=name).click()


def asks(page):
    return page.get_by_role("heading", name="Ask a grown-up").is_visible()


def guess(page, pin):
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_role("button", name="Continue").click()
    page.locator(".form-errors").wait_for()
    return page.inner_text(".form-errors")


def guess_fast(page, pin):
    """Guess as a program does that has the page's token, and return what the page says."""
    token = page.locator("form [name=csrfmiddlewaretoken]").first.input_value()
    return page.request.post(page.url, form={"csrfmiddlewaretoken": token, "pin": pin}).text()


def whose(page):
    return page.locator(".top summary").get_attribute("aria-label")


def test_a_child_stays_in_its_profile_until_the_pin_is_entered(household, demo, complaints):
    page = household
    choose(page, demo, "Pip")
    page.wait_for_url(f"{demo.address}/")
    assert whose(page) == "Pip’s menu"

    # Every way out that the menu and the address bar offer.
    for path in GROWN_UPS:
        page.goto(demo.address + path)
        assert asks(page), path
    page.goto(f"{demo.address}/profiles/?manage")
    for name in ("Mum", "Add a profile"):
        with page.expect_navigation():
            page.get_by_role("link", name=name).click()
        assert asks(page), name
        page.go_back()
    # Its own settings change its looks and no limit.
    page.get_by_role("link", name="Pip").click()
    page.get_by_text("This is a child's profile.").wait_for()
    assert not page.locator("[name=is_child], [name=maturity], [name=asks_pin]").count()
    assert not page.get_by_role("link", name="Remove profile").count()

    # Another profile, with twenty guesses: the sixth and the rest are not even compared.
    choose(page, demo, "Mum")
    page.wait_for_url("**/enter/**")
    said = [guess(page, f"{number:04}") for number in range(BY_HAND)]
    said += [guess_fast(page, f"{number:04}") for number in range(BY_HAND, GUESSES)]
    assert said[0] == "That is not the PIN."
    assert all("Too many wrong PINs" in answer for answer in said[5:]), said
    assert "Too many wrong PINs" in guess(page, PIN)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"{demo.address}/")
    assert whose(page) == "Pip’s menu"

    # The password is never locked by that. It opens the door, and unlocks the PIN.
    choose(page, demo, "Mum")
    page.get_by_text("Use the password instead").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{demo.address}/")
    assert whose(page) == "Mum’s menu"

    # With the PIN a grown-up lifts the limit, and leaves the child's profile.
    choose(page, demo, "Pip")
    page.wait_for_url(f"{demo.address}/")
    page.locator(".top summary").click()
    page.get_by_role("link", name="Profile settings").click()
    page.get_by_role("link", name="A grown-up can change that").click()
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("A child's profile").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved Pip's profile.").wait_for()
    assert demo.ask(
        "SELECT v.is_child FROM catalog_viewer v JOIN catalog_account a ON a.id = v.account_id"
        " WHERE v.name = 'Pip' AND a.email = %s",
        f"household-{page.viewport_size['width']}@marquee.example",
    ) == [(False,)]
    assert complaints == []
