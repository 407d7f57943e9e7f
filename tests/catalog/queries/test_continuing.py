"""Continue watching, the title's page and the player agree on where a viewer is."""

from datetime import timedelta
from uuid import uuid4

import pytest

from catalog.actions.watching import record_play
from catalog.models import Episode, Season, Title, WatchEvent
from catalog.queries.continuing import newest_plays, to_continue
from catalog.queries.titles import resume_at, story_of
from catalog.queries.watched import tile_marks
from tests.factories import NOW, make_many_events, make_title

HALF_AN_HOUR = 1800
WHOLE = 2400  # of an episode


@pytest.fixture
def play(viewer):
    """Send the opening heartbeat of a new play and, if it watched anything, a second one."""
    clock = iter(range(10_000))

    def send(title, episode=None, *, position=0, watched=0):
        at = NOW + timedelta(hours=next(clock))
        about = {"title": title, "episode": episode, "play_id": uuid4(), "origin": "home"}
        first = {"position_seconds": position if not watched else 0, "watched_seconds": 0}
        kept = record_play(viewer, **about, **first, now=at)
        if watched:
            second = {"position_seconds": position, "watched_seconds": watched}
            kept = record_play(viewer, **about, **second, now=at + timedelta(minutes=50))
        return kept

    return send


@pytest.fixture
def place(viewer):
    """Return where home, the title's page and the resume position say the viewer is."""

    def of(title):
        on_home = to_continue(viewer, newest_plays(viewer), limit=20).get(title.pk)
        on_page = story_of(viewer, title).progress
        assert on_home == on_page
        if on_home is None:
            return None
        assert resume_at(viewer, title, on_home.episode) == on_home.position_seconds
        return (on_home.episode and on_home.episode.name, on_home.position_seconds)

    return of


def make_series(seasons):
    """Return a series and its episodes by name; `seasons` maps numbers to episode counts."""
    title = make_title(kind=Title.Kind.SERIES)
    episodes = {}
    for number, count in seasons.items():
        season = Season.objects.create(title=title, number=number)
        for part in range(1, count + 1):
            name = f"S{number}E{part}"
            episodes[name] = Episode.objects.create(
                season=season, number=part, name=name, runtime_minutes=40
            )
    return title, episodes


class TestOpenings:
    @pytest.mark.parametrize("position", [0, HALF_AN_HOUR, 6000])
    def test_an_opening_that_watched_nothing_undoes_nothing_of_a_film(self, play, place, position):
        film = make_title()
        play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        play(film, position=position)
        assert place(film) == (None, HALF_AN_HOUR)

    @pytest.mark.parametrize("opened", ["S1E1", "S1E2", "S1E3", "S0E1"])
    def test_an_opening_that_watched_nothing_undoes_nothing_of_a_series(self, play, place, opened):
        series, episodes = make_series({0: 1, 1: 3})
        play(series, episodes["S1E2"], position=600, watched=600)
        play(series, episodes[opened])
        assert place(series) == ("S1E2", 600)

    def test_an_opening_does_not_take_back_the_end(self, play, place):
        film = make_title()
        play(film, position=6000, watched=3000)
        play(film)
        assert place(film) is None

    def test_going_to_the_end_without_watching_is_no_end(self, viewer, play, place):
        film = make_title()
        play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        WatchEvent.objects.filter(pk=play(film).pk).update(position_seconds=6000, finished=True)
        assert place(film) == (None, HALF_AN_HOUR)
        assert not story_of(viewer, film).watched
        assert not tile_marks(viewer, [film.pk]).watched

    def test_a_beginning_is_not_an_opening(self, play, place):
        film = make_title()
        play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        play(film, position=5, watched=5)
        assert place(film) == (None, 5)

    def test_many_openings_do_not_push_out_what_was_watched(self, viewer, play, place):
        film, other = make_title(), make_title()
        play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        make_many_events(viewer, other, 400)
        WatchEvent.objects.filter(title=other).update(
            watched_seconds=0, quality_at=None, started_at=NOW + timedelta(days=9)
        )
        assert place(film) == (None, HALF_AN_HOUR)


class TestSpecials:
    def test_a_new_viewer_starts_with_the_first_regular_episode(self, viewer):
        series, episodes = make_series({0: 2, 1: 2, 2: 1})
        story = story_of(viewer, series)
        assert story.first_episode == episodes["S1E1"]
        assert [season.name for season in story.seasons] == ["Season 1", "Season 2", "Specials"]
        assert story.regular_seasons == 2

    def test_a_new_viewer_starts_with_no_special_even_if_there_is_nothing_else(self, viewer):
        series, _ = make_series({0: 2})
        assert story_of(viewer, series).first_episode is None

    def test_the_last_regular_episode_leads_to_no_special(self, play, place):
        series, episodes = make_series({0: 2, 1: 1})
        play(series, episodes["S1E1"], position=WHOLE, watched=WHOLE)
        assert place(series) is None

    def test_nothing_comes_after_the_last_special(self, play, place):
        series, episodes = make_series({0: 2, 1: 2})
        play(series, episodes["S0E2"], position=WHOLE, watched=WHOLE)
        assert place(series) is None

    def test_a_special_leads_to_the_next_special(self, play, place):
        series, episodes = make_series({0: 2, 1: 2})
        play(series, episodes["S0E1"], position=WHOLE, watched=WHOLE)
        assert place(series) == ("S0E2", 0)

    def test_a_special_is_resumed(self, play, place):
        series, episodes = make_series({0: 1, 1: 2})
        play(series, episodes["S0E1"], position=300, watched=300)
        assert place(series) == ("S0E1", 300)

    @pytest.mark.parametrize(("position", "expected"), [(900, ("S1E2", 900)), (WHOLE, ("S1E3", 0))])
    @pytest.mark.parametrize("special", ["S0E1", "S0E2"])
    def test_after_a_special_the_viewer_returns_to_what_they_were_watching(
        self, play, place, position, expected, special
    ):
        series, episodes = make_series({0: 2, 1: 3})
        play(series, episodes["S1E2"], position=position, watched=900)
        play(series, episodes[special], position=WHOLE, watched=WHOLE)
        assert place(series) == expected


class TestUnknownRuntimes:
    def test_a_film_of_unknown_runtime_is_kept_and_resumed(self, play, place):
        film = make_title(runtime_minutes=None)
        kept = play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        assert (kept.watched_seconds, kept.finished) == (HALF_AN_HOUR, False)
        assert kept.quality_at is not None
        assert place(film) == (None, HALF_AN_HOUR)

    def test_an_episode_of_unknown_runtime_is_kept_and_resumed(self, play, place):
        series, episodes = make_series({1: 2})
        Episode.objects.update(runtime_minutes=None)
        episode = Episode.objects.select_related("season").get(pk=episodes["S1E1"].pk)
        kept = play(series, episode, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        assert (kept.watched_seconds, kept.finished) == (HALF_AN_HOUR, False)
        assert place(series) == ("S1E1", HALF_AN_HOUR)

    def test_progress_says_that_the_runtime_is_unknown(self, viewer, play):
        film = make_title(runtime_minutes=None)
        play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        progress = story_of(viewer, film).progress
        assert (progress.runtime_seconds, progress.minutes_left) == (None, None)


class TestRuntimesEnteredLater:
    @pytest.mark.parametrize("before", [None, 100])
    def test_a_film_that_was_played_past_its_new_end_is_not_resumed_there(
        self, viewer, play, place, before
    ):
        film = make_title(runtime_minutes=before)
        play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        film.runtime_minutes = 20
        film.save()
        assert place(film) is None
        assert resume_at(viewer, film, None) == 0

    def test_a_series_goes_on_after_an_episode_that_was_played_past_its_new_end(
        self, viewer, play, place
    ):
        series, episodes = make_series({1: 2})
        play(series, episodes["S1E1"], position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        Episode.objects.update(runtime_minutes=20)
        assert place(series) == ("S1E2", 0)
        assert story_of(viewer, series).episode_states[episodes["S1E1"].pk].position_seconds == 0


class TestClocks:
    def test_a_play_under_a_clock_that_was_ahead_does_not_stay_the_newest(
        self, viewer, play, place
    ):
        film = make_title()
        wrong = play(film, position=HALF_AN_HOUR, watched=HALF_AN_HOUR)
        ahead = NOW + timedelta(days=730)
        WatchEvent.objects.filter(pk=wrong.pk).update(started_at=ahead, last_at=ahead)
        play(film, position=600, watched=600)
        assert place(film) == (None, 600)
        assert viewer.watch_events.filter(last_at__gt=NOW + timedelta(days=1)).count() == 0

    def test_a_play_of_a_clock_that_differs_a_little_keeps_its_time(self, viewer, play):
        film = make_title()
        soon = NOW + timedelta(hours=1, minutes=3)
        kept = play(film, position=600, watched=600)
        WatchEvent.objects.filter(pk=kept.pk).update(last_at=soon)
        play(film)
        kept.refresh_from_db()
        assert kept.last_at == soon


class TestRemovals:
    def test_a_removed_episode_is_not_offered(self, play, place):
        series, episodes = make_series({1: 3})
        play(series, episodes["S1E1"], position=WHOLE, watched=WHOLE)
        episodes["S1E2"].delete()
        assert place(series) == ("S1E3", 0)

    def test_a_viewer_of_a_removed_episode_returns_to_the_one_before(self, play, place):
        series, episodes = make_series({1: 3})
        play(series, episodes["S1E1"], position=WHOLE, watched=WHOLE)
        play(series, episodes["S1E2"], position=600, watched=600)
        episodes["S1E2"].delete()
        assert place(series) == ("S1E3", 0)

    def test_nothing_is_offered_when_the_season_is_gone(self, play, place):
        series, episodes = make_series({1: 1, 2: 1})
        play(series, episodes["S1E1"], position=600, watched=600)
        series.seasons.get(number=1).delete()
        assert place(series) is None
