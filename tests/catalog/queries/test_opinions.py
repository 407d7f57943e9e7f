"""What viewers say, and where it is respected."""

from datetime import timedelta

import pytest

from catalog.actions import opinions
from catalog.models import Episode, Season, Title
from catalog.queries.alike import similar_to
from catalog.queries.browse import Filters, genres_for, titles_of
from catalog.queries.continuing import newest_plays, to_continue
from catalog.queries.home import home_for
from catalog.queries.opinions import Opinion, hidden_of, list_of, opinion_of
from catalog.queries.search import search
from catalog.queries.titles import resume_at, story_of
from tests.factories import NOW, make_title, make_viewer, make_watch_event

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(hours=1)
LATER = NOW + timedelta(hours=1)


def test_an_opinion_is_of_one_viewer_and_title(viewer, child, django_assert_num_queries):
    title, other = make_title(), make_title()
    opinions.put_on_list(viewer, title, now=NOW)
    opinions.rate(viewer, title, "love", now=NOW)
    opinions.hide(viewer, other, now=NOW)
    opinions.put_aside(viewer, other, now=NOW)
    with django_assert_num_queries(1):
        assert opinion_of(viewer, title) == Opinion(listed=True, rating="love")
    assert opinion_of(viewer, other) == Opinion(hidden=True, aside=True)
    assert opinion_of(child, title) == Opinion()


def test_the_list_is_newest_first_without_what_may_not_be_offered(viewer):
    first, second, hidden, withdrawn = (make_title() for _ in range(4))
    for minute, title in enumerate((first, second, hidden, withdrawn)):
        opinions.put_on_list(viewer, title, now=NOW + timedelta(minutes=minute))
    opinions.hide(viewer, hidden, now=NOW)
    Title.objects.filter(pk=withdrawn.pk).update(published=False)
    assert list(list_of(viewer, page="1")) == [second, first]
    assert hidden_of(viewer) == [hidden]


def test_a_hidden_title_is_offered_nowhere(viewer):
    shown, hidden = (
        make_title(name="Red one"),
        make_title(name="Red two", genres=("drama", "crime")),
    )
    make_watch_event(viewer, hidden, watched_seconds=60, quality_at=None)
    opinions.hide(viewer, hidden, now=NOW)
    other = make_viewer()
    assert titles_of(viewer, Filters(), page="1").titles == [shown]
    assert [genre.slug for genre in genres_for(viewer)] == ["drama"]
    assert search(viewer, "red").titles == [shown]
    assert similar_to(viewer, shown) == []
    assert home_for(viewer, now=NOW).titles() == [shown]
    assert set(home_for(other, now=NOW).titles()) == {shown, hidden}
    assert similar_to(other, shown) == [hidden]


def test_home_goes_on_from_the_newest_watched_title_that_is_not_hidden(viewer):
    older, newer, *alike = (make_title() for _ in range(8))
    make_watch_event(viewer, older, started_at=BEFORE, last_at=BEFORE, finished=True)
    make_watch_event(viewer, newer, finished=True)
    opinions.hide(viewer, newer, now=NOW)
    because = next(row for row in home_for(viewer, now=NOW).rows if row.kind == "because")
    assert because.about == older.name
    assert set(because.titles) < set(alike)


def test_what_is_not_for_somebody_leaves_their_home_and_nothing_else(viewer):
    shown, disliked = make_title(), make_title()
    opinions.rate(viewer, disliked, "no", now=NOW)
    assert home_for(viewer, now=NOW).titles() == [shown]
    assert set(titles_of(viewer, Filters(), page="1").titles) == {shown, disliked}
    make_watch_event(viewer, disliked, watched_seconds=60, quality_at=None)
    assert home_for(viewer, now=NOW).rows[0].kind == "continue"
    viewer.personalised = False
    assert disliked in home_for(viewer, now=NOW).rows[-1].titles


def continuing(viewer):
    return to_continue(viewer, newest_plays(viewer), limit=20)


def test_what_was_put_aside_comes_back_with_the_next_play(viewer):
    title = make_title()
    make_watch_event(viewer, title, position_seconds=600)
    assert set(continuing(viewer)) == {title.pk}
    opinions.put_aside(viewer, title, now=LATER)
    assert continuing(viewer) == {}
    assert viewer.watch_events.exists()
    again = LATER + timedelta(minutes=5)
    make_watch_event(viewer, title, started_at=again, last_at=again)
    assert set(continuing(viewer)) == {title.pk}


def test_undoing_brings_back_what_was_put_aside(viewer):
    title = make_title()
    make_watch_event(viewer, title)
    opinions.put_aside(viewer, title, now=LATER)
    opinions.take_up(viewer, title)
    assert set(continuing(viewer)) == {title.pk}


class TestMarks:
    @pytest.mark.parametrize("watched", [True, False])
    def test_a_marked_film_is_no_longer_continued_and_starts_anew(self, viewer, watched):
        film = make_title()
        make_watch_event(viewer, film, position_seconds=600)
        opinions.mark_watched(viewer, film, watched=watched, now=LATER)
        assert continuing(viewer) == {}
        assert resume_at(viewer, film, None) == 0
        again = LATER + timedelta(minutes=5)
        make_watch_event(viewer, film, started_at=again, last_at=again, position_seconds=700)
        assert continuing(viewer)[film.pk].position_seconds == 700
        assert resume_at(viewer, film, None) == 700

    @pytest.fixture
    def episodes(self, viewer):
        series = make_title(kind=Title.Kind.SERIES)
        season = Season.objects.create(title=series, number=1)
        return [
            Episode.objects.create(season=season, number=number, name=f"Part {number}")
            for number in (1, 2, 3)
        ]

    def test_a_series_goes_on_after_the_last_episode_marked(self, viewer, episodes):
        series = episodes[0].season.title
        make_watch_event(viewer, series, episode=episodes[0], position_seconds=600)
        opinions.mark_watched(viewer, series, episodes=episodes[:2], watched=True, now=LATER)
        assert continuing(viewer)[series.pk].episode == episodes[2]
        opinions.mark_watched(viewer, series, episodes=episodes, watched=True, now=LATER)
        assert continuing(viewer) == {}

    def test_a_title_page_knows_what_was_watched(self, viewer, episodes):
        series = episodes[0].season.title
        make_watch_event(viewer, series, episode=episodes[0], finished=True)
        make_watch_event(viewer, series, episode=episodes[1], position_seconds=600)
        states = story_of(viewer, series).episode_states
        assert [states[each.pk].watched for each in episodes] == [True, False, False]
        assert states[episodes[1].pk].position_seconds == 600
        opinions.mark_watched(viewer, series, episodes=episodes[:1], watched=False, now=LATER)
        assert not story_of(viewer, series).episode_states[episodes[0].pk].watched
