"""What browsers fetch on their own, which is the same for everybody."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from catalog.views.installing import ICONS, OFFLINE_FILES
from tests.factories import make_viewer

ADDRESSES = ["/manifest.webmanifest", "/service-worker.js", "/offline/", "/robots.txt"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_the_same_for_everybody_and_sets_no_cookie(as_viewer, address):
    visitor = Client().get(address)
    viewer = make_viewer(name="Somebody", theme="light")
    watching = as_viewer(viewer).get(address)
    assert visitor.status_code == watching.status_code == 200
    assert visitor.content == watching.content
    assert not watching.cookies
    assert "Somebody" not in watching.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_can_only_be_read(client, address):
    assert client.post(address).status_code == 405


def test_the_manifest_has_icons_that_exist():
    response = Client().get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    described = json.loads(response.content)
    assert (described["start_url"], described["scope"], described["display"]) == (
        "/", "/", "standalone",
    )  # fmt: skip
    assert {icon["purpose"] for icon in described["icons"]} == {"any", "maskable"}
    assert all(finders.find(name) for name, *_ in ICONS)


def test_the_worker_keeps_the_page_without_a_connection_and_nothing_personal():
    worker = Client().get("/service-worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    text = worker.content.decode()
    files = re.search(r"FILES = \[(.*?)\]", text)[1]
    assert len(re.findall(r'"[^"]+"', files)) == len(OFFLINE_FILES)
    assert "media" not in text
    # Nothing that is fetched later is put into the cache.
    assert text.count("cache.add") == 2
    assert ".put(" not in text


def test_the_policy_allows_the_worker_and_the_manifest(client):
    policy = client.get("/offline/").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_robots_leave_accounts_alone(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /account/" in text
    assert "Disallow: /\n" not in text
