"""How many bytes home's first load takes, before anybody scrolls, and how many a repeat visit.

It needs the demo, running at `--address` (`make demo`), and the system's Chromium. Bytes are those
over the wire, headers included. The largest paint and the shifts of the layout are measured too.
"""

import argparse
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.obd import NoData
from benchmarks.results import BenchmarkReport, Figure

ADDRESS = "http://localhost:8000"
ACCOUNT, PASSWORD = "viewer@marquee.example", "marquee-demo"  # as the README says
REPEAT = 40.0  # kB
SHIFT = 0.01
SETTLED = 1_000  # milliseconds after the last request
# Collected in the page: the time of the largest paint, and how far the layout moved.
OBSERVE = """
window.seen = { paint: 0, shift: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.seen.paint = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.seen.shift += entry.value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True)
class Screen:
    name: str
    width: int
    height: int
    density: int
    most: float  # kB of a first load


SCREENS = (Screen("1440@1x", 1440, 900, 1, 300.0), Screen("390@3x", 390, 844, 3, 450.0))


def run(arguments: Sequence[str] = ()) -> BenchmarkReport:
    """Measure home on each screen. Raises NoData without the demo or Chromium."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks weight", description=__doc__)
    parser.add_argument("--address", default=ADDRESS, help="Of the running demo.")
    options = parser.parse_args(arguments)
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        raise NoData("It needs the system's Chromium: apt-get install chromium.")
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            measured = [_measure(browser, screen, options.address) for screen in SCREENS]
        except Error as error:
            raise NoData(f"The demo does not answer at {options.address}: {error}") from error
        finally:
            browser.close()
    return BenchmarkReport("weight", [figure for figures in measured for figure in figures])


def _measure(browser: Any, screen: Screen, address: str) -> list[Figure]:
    shape = {
        "viewport": {"width": screen.width, "height": screen.height},
        "device_scale_factor": screen.density,
    }
    state = _signed_in(browser, shape, address)
    context = browser.new_context(**shape, storage_state=state, service_workers="block")
    context.add_init_script(OBSERVE)
    page = context.new_page()
    first, repeat = _bytes_by_kind(page, address), _bytes_by_kind(page, address)
    seen = page.evaluate("window.seen")
    context.close()
    kinds = [
        Figure(f"{screen.name}: {kind}", size / 1_000, "kB") for kind, size in sorted(first.items())
    ]
    return [
        Figure(f"{screen.name}: first load", sum(first.values()) / 1_000, "kB", target=screen.most),
        *kinds,
        Figure(f"{screen.name}: repeat", sum(repeat.values()) / 1_000, "kB", target=REPEAT),
        Figure(f"{screen.name}: largest paint, repeat", seen["paint"] / 1_000, "s"),
        Figure(f"{screen.name}: layout shift", seen["shift"], "CLS", target=SHIFT),
    ]


def _signed_in(browser: Any, shape: dict[str, Any], address: str) -> Any:
    context = browser.new_context(**shape)
    page = context.new_page()
    page.goto(f"{address}/account/login/")
    page.fill("[name=login]", ACCOUNT)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").first.click()
    page.locator(".who-one").first.click()
    page.wait_for_url(f"{address}/")
    state = context.storage_state()
    context.close()
    return state


def _bytes_by_kind(page: Any, address: str) -> dict[str, float]:
    """Load home and return the bytes over the wire of each kind of file."""
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def answered(event: dict[str, Any]) -> None:
        response = event["response"]
        if response["url"].startswith(address):
            kinds[event["requestId"]] = _kind(response["mimeType"])

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"])
        if kind:
            sizes[kind] = sizes.get(kind, 0) + event["encodedDataLength"]

    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.responseReceived", answered)
    devtools.on("Network.loadingFinished", finished)
    page.goto(f"{address}/", wait_until="networkidle")
    page.wait_for_timeout(SETTLED)
    devtools.detach()
    return sizes


def _kind(media_type: str) -> str:
    whole, _, part = media_type.partition("/")
    return "pictures" if whole == "image" else "fonts" if whole == "font" else part
