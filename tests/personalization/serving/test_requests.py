"""Which queries a page makes: the window, and never the journal."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.middleware import SESSION_KEY
from personalization.actions.journal import record_seen
from personalization.models import Decision, Impression, Window
from personalization.serving.chooser import PersonalChooser
from tests.personalization.serving.worlds import make_catalogue, make_model, make_watcher

PAGES = ("/", "/browse/", "/search/?q=e", "/titles/{}/", "/why/{}/", "/history/", "/api/v1/home/")


@pytest.fixture
def world(db, client):
    titles = make_catalogue(titles=3)
    make_model()
    viewer = make_watcher(*titles)
    client.force_login(viewer.account)
    session = client.session
    session[SESSION_KEY] = viewer.pk
    session.save()
    return titles, viewer


def read_journal(queries):
    tables = [model._meta.db_table for model in (Decision, Impression)]
    return [q["sql"] for q in queries if any(table in q["sql"] for table in tables)]


def see(viewer, titles):
    now = timezone.now()
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=now)
    sent = [choice.token for choice in choices.values()]
    record_seen(viewer, sent, page_view=uuid.uuid4(), now=now)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_reads_the_journal(world, client, page):
    titles, viewer = world
    url = page.format(titles[0].slug)
    with CaptureQueriesContext(connection) as opening:
        assert client.get(url).status_code == 200
    see(viewer, titles)
    assert Decision.objects.exists()
    with CaptureQueriesContext(connection) as later:
        assert client.get(url).status_code == 200
    assert read_journal([*opening, *later]) == []


@pytest.mark.parametrize("page", ["/", "/titles/{}/", "/api/v1/home/"])
def test_a_page_reads_its_window_once(world, client, page):
    titles, viewer = world
    see(viewer, titles)
    with CaptureQueriesContext(connection) as queries:
        client.get(page.format(titles[0].slug))
    windows = [q["sql"] for q in queries if f'FROM "{Window._meta.db_table}"' in q["sql"]]
    assert len(windows) == 1


def test_what_was_seen_is_written_to_the_journal(world):
    """So that the tests above would notice a page that reads it."""
    titles, viewer = world
    with CaptureQueriesContext(connection) as queries:
        see(viewer, titles)
    assert read_journal(queries)
