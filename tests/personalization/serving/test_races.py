"""Two requests at once: one window, one decision, one impression, and none of them fails."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction

from catalog.actions.viewers import remove_viewer
from catalog.models import Viewer
from personalization.actions.journal import record_seen
from personalization.journal import partitions
from personalization.models import Decision, Impression, Window
from personalization.serving.chooser import PersonalChooser
from tests.factories import NOW
from tests.personalization.serving.worlds import make_catalogue, make_watcher

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


def tokens_for(viewer, titles, *, now=NOW):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=now)
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
    sent = tokens_for(viewer, titles)

    def report(tokens):
        return lambda: record_seen(viewer, tokens, page_view=uuid.uuid4(), now=NOW)

    counted = at_once(*[report(sent), report(sent[::-1])] * 3)
    assert sum(each.accepted for each in counted) == 6
    assert sum(each.repeated for each in counted) == 30
    assert Decision.objects.count() == Impression.objects.count() == 6


def test_a_decision_reported_for_two_days_at_once_is_one():
    titles = make_catalogue(titles=6)
    for _ in range(5):
        viewer = make_watcher(*titles)
        sent = tokens_for(viewer, titles)

        def report(days, who=viewer, tokens=sent):
            now = NOW + timedelta(days=days)
            return lambda: record_seen(who, tokens, page_view=uuid.uuid4(), now=now)

        counted = at_once(report(0), report(1), report(2), report(1))
        assert [each.accepted + each.repeated for each in counted] == [6] * 4
        found = Decision.objects.filter(viewer=viewer)
        assert found.count() == 6
        impressions = Impression.objects.filter(decision__in=found)
        assert impressions.count() == sum(each.accepted for each in counted)
        # Whatever the order, one at most of each day.
        days = impressions.values_list("decision", "seen_at")
        assert len(set(days)) == len(days)


def test_writers_that_come_to_a_day_without_a_partition_make_one():
    titles = make_catalogue(titles=2)
    viewers = [make_watcher(*titles) for _ in range(4)]
    for number in range(5):
        now = NOW + timedelta(days=number)
        partitions.drop(now.date())
        sent = [tokens_for(viewer, titles, now=now) for viewer in viewers]
        counted = at_once(
            *[
                lambda who=viewer, t=tokens, at=now: record_seen(
                    who, t, page_view=uuid.uuid4(), now=at
                )
                for viewer, tokens in zip(viewers, sent, strict=True)
            ]
        )
        assert [each.accepted for each in counted] == [2] * 4


def test_a_partition_is_made_while_another_is_read_and_written():
    day = NOW.date() + timedelta(days=40)
    partitions.drop(day)
    begun, done = threading.Event(), threading.Event()

    def holds():
        with transaction.atomic():
            Decision.objects.count()
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE personalization_decision IN ROW EXCLUSIVE MODE")
            begun.set()
            return done.wait(30)

    def makes():
        begun.wait(30)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        partitions.ensure([day])
        done.set()
        return day in partitions.days()

    assert at_once(holds, makes) == [True, True]


def test_a_day_that_is_being_read_is_dropped_later(monkeypatch):
    day = NOW.date() + timedelta(days=41)
    partitions.ensure([day])
    monkeypatch.setattr(partitions, "PATIENCE", "50ms")
    begun, done = threading.Event(), threading.Event()

    def reads():
        with transaction.atomic():
            Decision.objects.count()
            begun.set()
            return done.wait(30)

    def drops():
        begun.wait(30)
        try:
            partitions.drop(day)
        finally:
            done.set()

    read, dropped = at_once(reads, drops)
    assert read is True
    assert isinstance(dropped, partitions.PartitionBusy)
    assert "is being read" in str(dropped)
    partitions.drop(day)
    assert day not in partitions.days()


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
        assert all(each.accepted + each.repeated + each.refused == 6 for each in counted)
        assert not Decision.objects.exists()
