import json
import re
import uuid
from datetime import timedelta

import pytest

from catalog.actions.watching import record_play
from catalog.models import Episode, Season, Title, WatchEvent
from tests.factories import NOW, make_artwork, make_title, make_watch_event


@pytest.fixture
def series(db):
    title = make_title(kind=Title.Kind.SERIES, slug="shown")
    season = Season.objects.create(title=title, number=1)
    for number in (1, 2):
        Episode.objects.create(
            season=season, number=number, name=f"Part {number}", runtime_minutes=40
        )
    return title


@pytest.fixture
def watch(as_viewer, viewer):
    def open_player(address):
        page = as_viewer(viewer).get(address).content.decode()
        told = re.search(r'<script id="player" type="application/json">(.*?)</script>', page)
        return page, json.loads(told[1])

    return open_player


def test_it_tells_the_player_what_it_plays(watch):
    title = make_title(slug="shown", runtime_minutes=90)
    _, told = watch("/watch/shown/?from=browse")
    assert told["url"] == "/api/v1/plays/"
    assert told["runtime"] == 5400
    play = told["play"]
    assert (play["title"], play["episode"], play["origin"]) == (title.pk, None, "browse")
    uuid.UUID(play["play_id"])


def test_it_is_a_new_play_each_time(watch):
    make_title(slug="shown")
    first, second = (watch("/watch/shown/")[1]["play"]["play_id"] for _ in range(2))
    assert first != second


def test_it_resumes(watch, viewer):
    title = make_title(slug="shown")
    make_watch_event(viewer, title, position_seconds=1234)
    assert watch("/watch/shown/")[1]["start"] == 1234
    assert watch("/watch/shown/?start=0")[1]["start"] == 0


def test_it_starts_over_what_was_finished(watch, viewer):
    make_watch_event(viewer, make_title(slug="shown"), finished=True)
    assert watch("/watch/shown/")[1]["start"] == 0


def test_it_plays_an_episode_and_then_the_next(watch, series):
    page, told = watch("/watch/shown/1/1/?from=home")
    assert told["play"]["episode"] == Episode.objects.get(number=1).pk
    assert told["runtime"] == 2400
    assert 'href="/watch/shown/1/2/?from=home"' in page
    assert "data-next" not in watch("/watch/shown/1/2/")[0]


def test_it_opens_a_series_where_the_viewer_left_off(watch, series, viewer):
    assert watch("/watch/shown/")[1]["play"]["episode"] == Episode.objects.get(number=1).pk
    first = Episode.objects.get(number=1)
    make_watch_event(viewer, series, episode=first, finished=True)
    assert watch("/watch/shown/")[1]["play"]["episode"] == Episode.objects.get(number=2).pk


def test_it_leads_from_no_regular_episode_to_a_special(watch, series):
    special = Season.objects.create(title=series, number=0)
    for number in (1, 2):
        Episode.objects.create(season=special, number=number, name=f"Special {number}")
    assert watch("/watch/shown/")[1]["play"]["episode"] == Episode.objects.get(name="Part 1").pk
    assert "data-next" not in watch("/watch/shown/1/2/")[0]
    assert 'href="/watch/shown/0/2/' in watch("/watch/shown/0/1/")[0]
    assert "data-next" not in watch("/watch/shown/0/2/")[0]


def test_it_goes_to_the_title_where_there_are_only_specials(as_viewer, viewer, series):
    Season.objects.update(number=0)
    assert as_viewer(viewer).get("/watch/shown/").url == "/titles/shown/"


def test_it_plays_without_an_end_where_the_runtime_is_unknown(watch):
    make_title(slug="shown", runtime_minutes=None)
    page, told = watch("/watch/shown/")
    assert told["runtime"] is None
    assert "the runtime is unknown" in page


def test_it_offers_only_speeds_that_are_believed(watch, settings):
    settings.PLAYER_MAX_SPEED = 8
    make_title(slug="shown")
    page, _ = watch("/watch/shown/")
    assert '<option value="8"' in page
    assert '<option value="16"' not in page
    assert re.search(r'<option value="1"[^>]* selected>', page)


def test_it_says_that_it_needs_javascript(watch):
    make_title(slug="shown")
    assert "needs JavaScript" in watch("/watch/shown/")[0]


@pytest.mark.parametrize("address", ["/watch/shown/1/3/", "/watch/shown/2/1/", "/watch/none/"])
def test_it_does_not_find_an_episode_that_is_not_there(as_viewer, viewer, series, address):
    assert as_viewer(viewer).get(address).status_code == 404


def test_it_does_not_find_an_episode_of_a_film(as_viewer, viewer):
    make_title(slug="film")
    assert as_viewer(viewer).get("/watch/film/1/1/").status_code == 404


def test_it_goes_back_to_the_page_of_a_series_without_episodes(as_viewer, viewer):
    make_title(kind=Title.Kind.SERIES, slug="empty")
    assert as_viewer(viewer).get("/watch/empty/").url == "/titles/empty/"


def test_it_says_once_that_no_film_plays(watch):
    make_title(slug="shown", synthetic=True)
    page, _ = watch("/watch/shown/")
    assert page.count("no film plays") == 1
    assert page.count(">synthetic<") == 1


def test_it_marks_chapters_and_what_can_be_skipped_of_an_invented_series(watch, series):
    Title.objects.update(synthetic=True)
    _, told = watch("/watch/shown/1/1/")
    assert told["intro"] == [30, 75]
    assert [chapter["name"] for chapter in told["chapters"]][:3] == [
        "Cold open",
        "Opening titles",
        "Part 1",
    ]
    assert told["captions"] == "/watch/shown/1/1/captions.vtt"


def test_it_marks_nothing_of_a_real_title(watch, series):
    _, told = watch("/watch/shown/1/1/")
    assert (told["chapters"], told["intro"]) == ([], None)


def test_its_picture_is_no_impression(watch):
    title = make_title(slug="shown")
    artwork = make_artwork(title)
    page, _ = watch("/watch/shown/")
    assert artwork.renditions[0]["name"] in page
    assert "data-decision" not in page


def test_two_devices_at_once_resume_where_the_server_heard_last(watch, viewer):
    """Each device has a play of its own. The heartbeat that arrives last decides the place."""
    title = make_title(slug="shown")
    told = {"title": title, "episode": None, "origin": WatchEvent.Origin.HOME}
    sofa, phone = uuid.uuid4(), uuid.uuid4()
    heard = [(sofa, 0, 0), (phone, 1, 0), (sofa, 60, 900), (phone, 61, 300), (sofa, 62, 901)]
    for play_id, after, position in heard:
        now = NOW + timedelta(seconds=after)
        record_play(
            viewer,
            play_id=play_id,
            position_seconds=position,
            watched_seconds=after,
            now=now,
            **told,
        )
    assert viewer.watch_events.count() == 2
    assert watch("/watch/shown/")[1]["start"] == 901
