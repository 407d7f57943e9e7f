"""Marquee itself under its shipped configuration: slow clients, and the numbers of two workers."""

import re
import time
from contextlib import ExitStack, closing

import pytest

from tests.config.server.servers import serving

TOKEN = "a-token-for-the-tests"
WORKERS = 2
SLOW = 60
SOON = 10


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with serving(
        "config.wsgi", folder, WEB_CONCURRENCY=str(WORKERS), METRICS_TOKEN=TOKEN, HTTPS="false"
    ) as server:
        yield server.wait("/healthz")


def test_slow_headers_and_bodies_stop_nobody_else(site):
    with ExitStack() as stack:
        for number in range(SLOW):
            client = stack.enter_context(closing(site.connect()))
            client.sendall(
                b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n"
                + (b"\r\nlogin=" if number % 2 else b"X-Slow: ")
            )
        began = time.monotonic()
        for _ in range(4):
            assert b'{"status": "ok"}' in site.get("/healthz", timeout=SOON)
        assert time.monotonic() - began < SOON


def test_every_worker_tells_the_numbers_of_all(site):
    before = count(site)
    for _ in range(6 * WORKERS):
        site.get("/healthz")
    counts = {count(site) for _ in range(3 * WORKERS)}
    assert counts == {before + 6 * WORKERS}


def count(site):
    answer = site.get("/metrics", Authorization=f"Bearer {TOKEN}").decode()
    name = "django_http_requests_total_by_view_transport_method_total"
    found = re.search(rf'^{name}{{[^}}]*view="health"[^}}]*}} ([0-9.]+)$', answer, re.MULTILINE)
    return float(found[1])


def test_a_client_cannot_choose_its_scheme_or_address(site):
    answer = site.get("/healthz", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.1")
    assert b"200 OK" in answer
    assert "192.0.2.1" not in site.log.read_text()


def test_the_folder_of_numbers_goes_with_the_server(tmp_path):
    with serving(
        "tests.config.server.application:application", tmp_path, MARQUEE_DATA=str(tmp_path / "data")
    ) as server:
        server.wait()
        (folder,) = (tmp_path / "data" / "metrics").iterdir()
        assert folder.name == str(server.process.pid)
    assert list((tmp_path / "data" / "metrics").iterdir()) == []


def test_a_killed_servers_folder_goes_with_the_next(tmp_path):
    left = tmp_path / "data" / "metrics" / "999999999"
    left.mkdir(parents=True)
    with serving(
        "tests.config.server.application:application", tmp_path, MARQUEE_DATA=str(tmp_path / "data")
    ) as server:
        server.wait()
        assert not left.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("NIGHT_HOUR", "late"), ("WEB_CONCURRENCY", "0"), ("MARQUEE_DATA", "/dev/null/data")],
)
def test_a_wrong_setting_stops_the_server_in_words(tmp_path, name, value):
    with serving("config.wsgi", tmp_path, **{name: value}) as server:
        assert server.process.wait(60) != 0
        assert name in server.log.read_text()


def test_a_chooser_that_leads_nowhere_stops_the_server_in_words(tmp_path):
    with serving("config.wsgi", tmp_path, ARTWORK_CHOOSER="catalog.nowhere.Chooser") as server:
        assert server.process.wait(60) != 0
        assert "ARTWORK_CHOOSER" in server.log.read_text()
