"""Two requests at once: one window, one decision, one impression, and none of them fails."""

import threading
import uuid

import pytest
from django.db import connection

from catalog.actions.viewers import remove_viewer
from catalog.models import Viewer
from personalization.actions.journal import record_seen
from personalization.models import Decision, Impression, Window
from personalization.serving.chooser import PersonalChooser
from tests.factories import NOW
from tests.serving.worlds import make_catalogue, make_watcher

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls in threads that start together; return what each gave or raised."""
    barrier = threading.Barrier(len(calls))
    found = [None] * len(calls)

    def run(number, call):
        barrier.wait()
        try:
            found[number] = call()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def choose(viewer, titles):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=NOW)
    return {title: choice.artwork_id for title, choice in choices.items()}


def tokens_for(viewer, titles):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=NOW)
    return [choice.token for choice in choices.values()]


def test_pages_that_open_a_window_at_once_show_the_same():
    titles = make_catalogue(titles=3)
    viewer = make_watcher(*titles)
    pages = at_once(*[lambda: choose(viewer, titles)] * 4)
    assert pages == [pages[0]] * 4
    assert len(pages[0]) == 3
    assert Window.objects.count() == 1


def test_batches_in_any_order_at_once_record_each_impression_once():
    titles = make_catalogue(titles=6)
    viewer = make_watcher(*titles)
    sent, page = tokens_for(viewer, titles), uuid.uuid4()

    def report(tokens):
        return lambda: record_seen(viewer, tokens, page_view=page, now=NOW)

    counted = at_once(*[report(sent), report(sent[::-1])] * 3)
    assert sum(each.accepted for each in counted) == 6
    assert sum(each.repeated for each in counted) == 30
    assert Decision.objects.count() == Impression.objects.count() == 6


def test_a_profile_removed_while_its_pages_report_leaves_nothing():
    titles = make_catalogue(titles=6)
    for _ in range(5):
        viewer = make_watcher(*titles)
        sent = tokens_for(viewer, titles)
        removed, *counted = at_once(
            lambda pk=viewer.pk: remove_viewer(Viewer.objects.get(pk=pk)),
            *[lambda who=viewer, t=sent: record_seen(who, t, page_view=uuid.uuid4(), now=NOW)] * 2,
        )
        assert removed is None
        assert all(each.accepted + each.refused == 6 for each in counted)
        assert not Decision.objects.exists()
