"""The real demo, built and served as `make demo` does, and a browser that looks at it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import sync_playwright

from config import paths
from config.embedded.cluster import Cluster
from tests.browser.walking import choose_profile, sign_in

BUILD_SECONDS = 600  # most that a busy machine may take; an idle one needs about a minute
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Demo:
    """A running demo: its address, its data directory, and ways to ask it things."""

    address: str
    data: Path

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MARQUEE_")}
        return kept | {"MARQUEE_DATA": str(self.data)}

    def manage(self, *command: str) -> str:
        """Run manage.py against the demo's data and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=paths.BASE,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def ask(self, query: str, *values: object) -> list[tuple]:
        """Ask the demo's database, as the role that serves pages."""
        dsn = Cluster(self.data / "postgres").dsn("marquee", "marquee")
        with psycopg.connect(dsn) as connection:
            return connection.execute(query, values).fetchall()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Demo(f"http://localhost:{port}", tmp_path_factory.mktemp("demo"))
    printed = running.data / "printed.txt"
    with printed.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=paths.BASE,
            env=running.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + BUILD_SECONDS
        while "Marquee is open" not in printed.read_text():
            assert process.poll() is None, printed.read_text()
            assert time.monotonic() < deadline, printed.read_text()
            time.sleep(0.5)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert "Stopped." in printed.read_text()


@pytest.fixture(scope="session")
def chromium():
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "The browser tests need the system's Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    """What pages complained of: script errors, policy violations, failed requests."""
    return []


@pytest.fixture(params=[pytest.param((1440, 900), id="desktop")])
def page(request, chromium, complaints):
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    page.on(
        "response",
        lambda response: (
            complaints.append(f"{response.status} {response.url}")
            if response.status >= 500
            else None
        ),
    )
    yield page
    context.close()


@pytest.fixture(params=[pytest.param((1440, 900), id="desk"), pytest.param((390, 844), id="phone")])
def own_profile(request, page, demo):
    """The page at both widths, as the profile that the test module calls NAME.

    A module has a profile of its own, so that the other walks see what they expect.
    """
    width, height = request.param
    name = request.module.NAME
    page.set_viewport_size({"width": width, "height": height})
    sign_in(page, demo, "viewer@marquee.example")
    page.goto(f"{demo.address}/profiles/")
    if not page.get_by_role("button", name=name).count():
        page.goto(f"{demo.address}/profiles/add/")
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Add profile").click()
    choose_profile(page, demo, name)
    return page
