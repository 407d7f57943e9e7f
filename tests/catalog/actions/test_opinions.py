from datetime import timedelta

import pytest

from catalog.actions import opinions
from catalog.actions.opinions import OpinionRefused
from catalog.actions.watching import remove_from_history
from catalog.models import (
    Episode,
    HiddenTitle,
    ListedTitle,
    PutAside,
    Rating,
    Season,
    Title,
    Viewer,
    WatchedMark,
)
from tests.factories import NOW, make_title, make_viewer, make_watch_event

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def title(viewer):
    return make_title()


def test_a_title_is_listed_once_and_keeps_its_place(viewer, title):
    opinions.put_on_list(viewer, title, now=NOW)
    opinions.put_on_list(viewer, title, now=LATER)
    assert ListedTitle.objects.get().added_at == NOW
    opinions.take_off_list(viewer, title)
    opinions.take_off_list(viewer, title)
    assert not ListedTitle.objects.exists()


def test_a_rating_takes_the_place_of_the_one_before_and_is_removed(viewer, title):
    opinions.rate(viewer, title, "no", now=NOW)
    opinions.rate(viewer, title, "love", now=LATER)
    assert list(Rating.objects.values_list("value", "rated_at")) == [("love", LATER)]
    opinions.rate(viewer, title, "", now=LATER)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("value", ["hate", "LOVE", "5"])
def test_it_refuses_a_rating_that_there_is_not(viewer, title, value):
    with pytest.raises(OpinionRefused):
        opinions.rate(viewer, title, value, now=NOW)


def test_what_one_profile_says_is_not_said_by_another(viewer, child, title):
    opinions.hide(viewer, title, now=NOW)
    opinions.unhide(child, title)
    assert HiddenTitle.objects.get().viewer == viewer
    opinions.unhide(viewer, title)
    assert not HiddenTitle.objects.exists()


def test_nothing_is_written_for_a_profile_that_is_gone(viewer, title):
    gone = Viewer.objects.get(pk=viewer.pk)
    viewer.delete()
    opinions.put_on_list(gone, title, now=NOW)
    opinions.mark_watched(gone, title, watched=True, now=NOW)
    assert not ListedTitle.objects.exists()
    assert not WatchedMark.objects.exists()


def test_a_removed_profile_takes_all_of_it_along(viewer, title):
    opinions.put_on_list(viewer, title, now=NOW)
    opinions.rate(viewer, title, "like", now=NOW)
    opinions.hide(viewer, title, now=NOW)
    opinions.put_aside(viewer, title, now=NOW)
    opinions.mark_watched(viewer, title, watched=True, now=NOW)
    viewer.delete()
    for model in (ListedTitle, Rating, HiddenTitle, PutAside, WatchedMark):
        assert not model.objects.exists()


class TestMarks:
    @pytest.fixture
    def series(self, viewer):
        series = make_title(kind=Title.Kind.SERIES)
        season = Season.objects.create(title=series, number=1)
        for number in (1, 2):
            Episode.objects.create(season=season, number=number, name=f"{number}")
        return series

    def test_a_mark_is_replaced(self, viewer, title):
        opinions.mark_watched(viewer, title, watched=True, now=NOW)
        opinions.mark_watched(viewer, title, watched=False, now=LATER)
        assert list(WatchedMark.objects.values_list("watched", "marked_at")) == [(False, LATER)]

    def test_episodes_are_marked_one_by_one(self, viewer, series):
        episodes = Episode.objects.select_related("season")
        opinions.mark_watched(viewer, series, episodes=episodes, watched=True, now=NOW)
        opinions.mark_watched(viewer, series, episodes=episodes[:1], watched=False, now=LATER)
        assert set(WatchedMark.objects.values_list("episode__number", "watched")) == {
            (1, False),
            (2, True),
        }

    def test_it_is_no_play(self, viewer, title):
        opinions.mark_watched(viewer, title, watched=True, now=NOW)
        viewer.refresh_from_db()
        assert viewer.history_length == 0
        assert not viewer.watch_events.exists()

    def test_it_refuses_what_cannot_be_marked(self, viewer, title, series):
        for wrong, episodes in ((series, None), (title, Episode.objects.select_related("season"))):
            with pytest.raises(OpinionRefused):
                opinions.mark_watched(viewer, wrong, episodes=episodes, watched=True, now=NOW)
        other = make_title(kind=Title.Kind.SERIES)
        with pytest.raises(OpinionRefused):
            foreign = Episode.objects.select_related("season")
            opinions.mark_watched(viewer, other, episodes=foreign, watched=True, now=NOW)

    def test_removing_a_title_from_the_history_removes_its_marks(self, viewer, title):
        other = make_title()
        for each in (title, other):
            opinions.mark_watched(viewer, each, watched=True, now=NOW)
        opinions.put_aside(viewer, title, now=NOW)
        make_watch_event(viewer, title)
        opinions.mark_watched(make_viewer(), title, watched=True, now=NOW)
        remove_from_history(viewer, title=title)
        assert set(WatchedMark.objects.filter(viewer=viewer).values_list("title", flat=True)) == {
            other.pk
        }
        assert WatchedMark.objects.count() == 2
        assert not PutAside.objects.exists()
