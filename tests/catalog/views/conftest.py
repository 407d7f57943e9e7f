"""A browser that is signed in, for what only a browser can show."""

import os

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def _database_beside_a_browser(monkeypatch):
    """Playwright runs an event loop in this thread; the test waits for it, so nothing races."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="module")
def served(django_db_setup):
    """A server that stops, and lets go of the database, before the database is dropped."""
    server = LiveServer("localhost")
    yield server
    server.stop()


def _bad(said):
    """Errors are bad, except for a connection that a test cut on purpose."""
    return said.type == "error" and "ERR_INTERNET_DISCONNECTED" not in said.text


@pytest.fixture
def page(as_viewer, viewer, served, _database_beside_a_browser):
    """A page of a browser that is signed in as `viewer`. It complains of script errors."""
    playwright = pytest.importorskip("playwright.sync_api")
    cookie = as_viewer(viewer).cookies["sessionid"]
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context = browser.new_context(base_url=served.url)
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": served.url}])
        opened = context.new_page()
        complaints = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda said: complaints.append(said.text) if _bad(said) else None)
        yield opened
        # Inside Playwright's event loop Django gives the test a connection of its own.
        connection.close()
        browser.close()
    assert not complaints
