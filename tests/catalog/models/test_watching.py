"""`history_length` is true after every deletion, whoever deletes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.urls import reverse

from catalog.actions.watching import recount_history
from catalog.models import Account, Episode, Season, Title, Viewer, WatchEvent
from tests.factories import make_account, make_title, make_viewer, make_watch_event


@pytest.fixture
def watched(viewer):
    """Two titles, each watched by two viewers."""
    titles = [make_title(), make_title()]
    for who in (viewer, make_viewer()):
        for title in titles:
            make_watch_event(who, title)
        recount_history(who)
    return titles


def lengths():
    return list(Viewer.objects.order_by("pk").values_list("history_length", flat=True))


def test_it_counts_again_when_a_title_is_deleted(watched):
    assert lengths() == [2, 2]
    watched[0].delete()
    assert lengths() == [1, 1]


def test_it_counts_again_after_a_bulk_deletion(watched):
    Title.objects.filter(pk__in=[title.pk for title in watched]).delete()
    assert lengths() == [0, 0]


def test_it_counts_again_after_a_deletion_in_sql(viewer, watched):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_watchevent WHERE viewer_id = %s", [viewer.pk])
    assert lengths() == [0, 2]


def test_it_counts_again_when_an_administrator_deletes_titles(client, watched):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    chosen = {
        "action": "delete_selected",
        "_selected_action": [watched[0].pk],
        "post": "yes",
    }
    assert client.post(reverse("admin:catalog_title_changelist"), chosen).status_code == 302
    assert lengths() == [1, 1]


def test_it_keeps_counting_a_title_of_which_one_play_is_left(viewer):
    title = make_title()
    first, _ = make_watch_event(viewer, title), make_watch_event(viewer, title)
    recount_history(viewer)
    first.delete()
    assert lengths() == [1]


def test_it_deletes_a_viewer_and_an_account_with_what_they_watched(viewer, watched):
    viewer.delete()
    Account.objects.all().delete()
    assert not WatchEvent.objects.exists()


def test_what_was_watched_stays_when_its_season_is_deleted(viewer):
    series = make_title(kind=Title.Kind.SERIES)
    season = Season.objects.create(title=series, number=1)
    episode = Episode.objects.create(season=season, number=1, name="One")
    make_watch_event(viewer, series, episode=episode)
    recount_history(viewer)
    season.delete()
    assert (viewer.watch_events.get().episode, lengths()) == (None, [1])


@pytest.mark.parametrize("runtime", [0, -1, 2**15])
def test_a_runtime_is_at_least_a_minute(runtime, db):
    series = make_title(kind=Title.Kind.SERIES)
    season = Season.objects.create(title=series, number=1)
    for row in (series, Episode(season=season, number=1, name="One")):
        row.runtime_minutes = runtime
        with pytest.raises(ValidationError, match="runtime_minutes"):
            row.full_clean()
        row.runtime_minutes = None
        row.full_clean()


def test_the_database_takes_no_runtime_of_zero(db):
    with pytest.raises(IntegrityError, match="title_runtime_from_one"):
        make_title(runtime_minutes=0)
