import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from catalog.actions.watching import PlayRefused, record_play
from catalog.models import Episode, Season, Title, WatchEvent
from tests.factories import NOW, make_many_events, make_title, make_viewer

PLAY = uuid.UUID("0f0e0d0c-0b0a-4908-8706-050403020100")


def beat(viewer, title, *, after=0, position=0, watched=0, **fields):
    """Send one heartbeat, `after` seconds from the first."""
    return record_play(
        viewer,
        **{
            "title": title,
            "episode": None,
            "play_id": PLAY,
            "origin": WatchEvent.Origin.HOME,
            "position_seconds": position,
            "watched_seconds": watched,
            "now": NOW + timedelta(seconds=after),
        }
        | fields,
    )


def make_episode(title=None, number=1, **fields):
    title = title or make_title(kind=Title.Kind.SERIES)
    season, _ = Season.objects.get_or_create(title=title, number=1)
    return Episode.objects.create(season=season, number=number, name="One", **fields)


@pytest.fixture
def title(db):
    return make_title(runtime_minutes=100)


def test_it_opens_a_play_with_the_first_heartbeat(viewer, title):
    play = beat(viewer, title, position=30, origin="search")
    assert (play.position_seconds, play.watched_seconds, play.origin) == (30, 0, "search")
    assert (play.started_at, play.last_at) == (NOW, NOW)


def test_it_keeps_the_newest_position_and_the_cumulative_time(viewer, title):
    beat(viewer, title)
    beat(viewer, title, after=10, position=10, watched=10)
    play = beat(viewer, title, after=20, position=500, watched=20)
    assert (play.position_seconds, play.watched_seconds) == (500, 20)
    assert viewer.watch_events.count() == 1


def test_it_counts_a_repeated_heartbeat_once(viewer, title):
    beat(viewer, title)
    first = beat(viewer, title, after=10, position=10, watched=10)
    again = beat(viewer, title, after=10, position=10, watched=10)
    assert again.watched_seconds == first.watched_seconds == 10


def test_it_ignores_a_heartbeat_that_comes_late(viewer, title):
    beat(viewer, title)
    beat(viewer, title, after=20, position=20, watched=20)
    beat(viewer, title, after=21, position=10, watched=10)
    play = WatchEvent.objects.get()
    assert (play.position_seconds, play.watched_seconds) == (20, 20)


@pytest.mark.parametrize("name", ["position", "watched"])
def test_it_refuses_negative_seconds(viewer, title, name):
    with pytest.raises(PlayRefused, match="negative"):
        beat(viewer, title, **{name: -1})
    assert not viewer.watch_events.exists()


def test_it_ends_at_the_runtime(viewer, title):
    beat(viewer, title, position=10**30)
    play = beat(viewer, title, after=10**6, position=10**30, watched=10**30)
    assert (play.position_seconds, play.watched_seconds) == (6000, 6000)
    assert play.finished


def test_it_believes_no_more_than_the_fastest_player_could_have_played(viewer, title, settings):
    settings.PLAYER_MAX_SPEED = 64
    beat(viewer, title)
    assert beat(viewer, title, after=10, watched=5000).watched_seconds == 640


def test_it_gives_a_single_heartbeat_no_quality_play(viewer, title):
    assert beat(viewer, title, watched=6000).quality_at is None


def test_it_stands_still_while_the_clock_jumps_back(viewer, title):
    beat(viewer, title)
    beat(viewer, title, after=60, position=60, watched=60)
    play = beat(viewer, title, after=-3600, position=65, watched=65)
    assert play.last_at == NOW + timedelta(seconds=60)
    assert (play.position_seconds, play.watched_seconds) == (65, 65)


def test_it_is_a_quality_play_from_the_threshold_on(viewer, title):
    beat(viewer, title)
    assert beat(viewer, title, after=299, watched=299).quality_at is None
    assert beat(viewer, title, after=300, watched=300).quality_at == NOW + timedelta(seconds=300)
    later = beat(viewer, title, after=400, watched=400)
    assert later.quality_at == NOW + timedelta(seconds=300)


def test_it_needs_thirty_percent_of_a_short_title(viewer, db):
    short = make_title(runtime_minutes=10)
    beat(viewer, short)
    assert beat(viewer, short, after=179, watched=179).quality_at is None
    assert beat(viewer, short, after=180, watched=180).quality_at is not None


def test_it_counts_seconds_alone_where_the_runtime_is_unknown(viewer, db):
    title = make_title(runtime_minutes=None)
    beat(viewer, title)
    assert beat(viewer, title, after=299, watched=299).quality_at is None
    play = beat(viewer, title, after=300, position=300, watched=300)
    assert (play.quality_at is not None, play.finished) == (True, False)


def test_it_ends_a_play_of_unknown_runtime_somewhere(viewer, db):
    title = make_title(runtime_minutes=None)
    beat(viewer, title, position=10**30)
    play = beat(viewer, title, after=10**7, position=10**30, watched=10**30)
    assert play.position_seconds == play.watched_seconds == 32_767 * 60


def test_it_is_finished_only_while_the_viewer_is_at_the_end(viewer, title):
    beat(viewer, title)
    assert beat(viewer, title, after=1, position=5990, watched=1).finished
    assert not beat(viewer, title, after=2, position=100, watched=2).finished


def test_it_counts_a_title_in_the_history_once(viewer, title):
    for play in (PLAY, uuid.uuid4()):
        beat(viewer, title, play_id=play)
        beat(viewer, title, play_id=play, after=400, watched=400)
    viewer.refresh_from_db()
    assert viewer.history_length == 1


def test_it_does_not_count_what_was_only_opened(viewer, title):
    beat(viewer, title)
    beat(viewer, title, after=5, watched=5)
    viewer.refresh_from_db()
    assert viewer.history_length == 0


def test_it_keeps_the_plays_of_two_viewers_apart(viewer, title):
    beat(viewer, title)
    beat(make_viewer(), title)
    assert WatchEvent.objects.filter(play_id=PLAY).count() == 2


def test_it_refuses_another_title_under_the_same_play(viewer, title):
    beat(viewer, title)
    with pytest.raises(PlayRefused, match="another title"):
        beat(viewer, make_title(), after=10, watched=10)


def test_it_refuses_an_episode_of_another_title(viewer, db):
    with pytest.raises(PlayRefused, match="another title"):
        beat(viewer, make_title(kind=Title.Kind.SERIES), episode=make_episode())


def test_it_refuses_an_episode_of_a_film(viewer, title):
    with pytest.raises(PlayRefused, match="another title"):
        beat(viewer, title, episode=make_episode())


def test_it_refuses_a_series_without_an_episode(viewer, db):
    with pytest.raises(PlayRefused, match="by episode"):
        beat(viewer, make_title(kind=Title.Kind.SERIES))


@pytest.mark.parametrize("origin", ["import", "", "elsewhere"])
def test_it_refuses_an_origin_that_no_page_has(viewer, title, origin):
    with pytest.raises(PlayRefused, match="page"):
        beat(viewer, title, origin=origin)


def test_it_takes_an_episodes_own_runtime(viewer, db):
    episode = make_episode(runtime_minutes=20)
    beat(viewer, episode.season.title, episode=episode)
    play = beat(viewer, episode.season.title, episode=episode, after=2000, position=9999, watched=9)
    assert play.position_seconds == 1200


def test_it_costs_the_same_after_fifty_thousand_events(
    viewer, title, django_assert_max_num_queries
):
    make_many_events(viewer, make_title(), 50_000)
    beat(viewer, title)
    with django_assert_max_num_queries(7):
        beat(viewer, title, after=400, watched=400)


@pytest.mark.django_db(transaction=True)
def test_it_counts_heartbeats_that_come_at_the_same_time_once():
    viewer, title = make_viewer(), make_title()
    failures = []

    def send(number):
        try:
            for after in (0, 400):
                beat(viewer, title, after=after, position=number, watched=after, play_id=PLAY)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    viewer.refresh_from_db()
    assert not failures
    assert (viewer.watch_events.count(), viewer.history_length) == (1, 1)
    assert viewer.watch_events.get().watched_seconds == 400
