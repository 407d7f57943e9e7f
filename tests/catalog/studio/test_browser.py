"""The studio's scripts, in a real browser, against the policy that pages are served with."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.urls import reverse
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from catalog.actions import artwork as actions
from catalog.models import Artwork, ArtworkEvent
from tests.browser.walking import AXE_OPTIONS
from tests.catalog.artwork.pictures import picture
from tests.factories import NOW, make_account, make_artwork, make_credit, make_title

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def served(django_db_setup):
    """A server that stops, and lets go of the database, before the database is dropped."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def page(served, client, monkeypatch):
    """A page of an editor who has signed in; the test fails if the policy was violated."""
    # Playwright keeps an event loop in this thread, and Django would refuse its queries there.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    client.force_login(make_account(is_staff=True, is_superuser=True))
    violations = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        context = browser.new_context(base_url=served.url)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": served.url}])
        page = context.new_page()
        page.on("pageerror", lambda problem: violations.append(str(problem)))
        page.on("console", lambda m: violations.append(m.text) if "Content" in m.text else None)
        yield page
        # Inside Playwright's event loop Django gives the test a connection of its own.
        connection.close()
        browser.close()
    assert violations == []


def file(name, data, kind="image/png"):
    return {"name": name, "mimeType": kind, "buffer": data}


def test_it_sends_files_one_by_one_and_answers_for_each(page):
    title = make_title()
    page.goto(reverse("catalog:studio_upload", args=[title.slug]))
    page.set_input_files(
        "[name=pictures]", [file("good.png", picture()), file("bad.png", b"Dear editor")]
    )
    page.select_option("[name=kind]", "scene")
    page.fill("[name=alt]", "A street.")
    page.get_by_role("button", name="Upload").click()
    page.wait_for_selector(".upload-list .refused")
    assert "waiting for review" in page.locator(".taken").inner_text()
    assert "not a picture" in page.locator(".refused").inner_text()
    assert page.input_value("[name=alt]") == "A street."
    assert title.artworks.get().alt == "A street."


def test_a_file_can_be_dropped_and_removed(page):
    page.goto(reverse("catalog:studio_upload", args=[make_title().slug]))
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["x"], "dropped.png", { type: "image/png" }));
            const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true });
            document.querySelector("[data-drop]").dispatchEvent(drop);
        }"""
    )
    assert "dropped.png" in page.locator(".upload-list").inner_text()
    page.get_by_role("button", name="Remove dropped.png").click()
    assert page.locator(".upload-list li").count() == 0


def test_a_folder_and_an_unreadable_file_get_an_answer(page):
    title = make_title()
    page.goto(reverse("catalog:studio_upload", args=[title.slug]))
    # A browser gives a folder as an item without content, and only its entry tells.
    page.evaluate(
        """() => {
            const item = { kind: "file", webkitGetAsEntry: () => (
                { isDirectory: true, name: "Holiday" }) };
            const drop = new Event("drop", { bubbles: true });
            drop.dataTransfer = { items: [item], files: [] };
            document.querySelector("[data-drop]").dispatchEvent(drop);
        }"""
    )
    assert "This is a folder" in page.locator(".upload-list .refused").inner_text()
    page.evaluate("() => { Blob.prototype.arrayBuffer = () => Promise.reject(new Error()); }")
    page.set_input_files("[name=pictures]", [file("gone.png", picture())])
    page.select_option("[name=kind]", "scene")
    page.get_by_role("button", name="Upload").press("Enter")
    page.get_by_text("This file cannot be read").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Upload"
    assert not title.artworks.exists()


@pytest.mark.parametrize("width", [1440, 390])
def test_saving_untouched_keeps_the_exact_focal_point(page, width):
    focal = (1 / 3, 0.1 + 0.2)
    artwork = actions.upload(
        make_title(), picture(1280, 1280), kind="scene", by=None, now=NOW, alt="A\nb", focal=focal
    )
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(reverse("catalog:studio_artwork", args=[artwork.pk]))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("Saved.").wait_for()
    after = Artwork.objects.get()
    assert (after.focal_x, after.focal_y, after.alt) == (*focal, "A\nb")
    assert ArtworkEvent.objects.count() == 1


def test_a_pointer_and_the_keyboard_move_the_focal_point(page):
    title = make_title()
    page.goto(reverse("catalog:studio_upload", args=[title.slug]))
    page.set_input_files("[name=pictures]", [file("good.png", picture(1280, 1280))])
    page.select_option("[name=kind]", "scene")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Annotate").click()
    image = page.locator(".focal img")
    image.evaluate("image => image.decode()")
    box = image.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.25)
    page.focus("[name=focal_x]")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".focal-mark").evaluate("mark => mark.style.left") == "79%"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    artwork = Artwork.objects.get()
    assert (artwork.focal_x, artwork.focal_y) == (0.79, 0.25)


def test_its_pages_are_accessible(page):
    title = make_title()
    make_credit(title)
    copy = make_artwork(make_title(), alt="A street.")
    waiting = make_artwork(title, state="pending", sha256=copy.sha256, perceptual_hash="f" * 32)
    last = make_artwork(title, alt="A street.")
    addresses = [
        reverse("catalog:studio_artwork", args=[waiting.pk]),
        reverse("catalog:studio_artwork", args=[last.pk]),
        reverse("catalog:studio_step", args=[last.pk, "withdraw"]),
        reverse("catalog:studio"),
        reverse("catalog:studio_review"),
        reverse("catalog:studio_title", args=[title.slug]),
        reverse("catalog:studio_upload", args=[title.slug]),
        reverse("docs"),
    ]
    for address in addresses:
        page.goto(address)
        report = Axe().run(page, options=AXE_OPTIONS)
        assert report.violations_count == 0, f"{address}\n{report.generate_report()}"
