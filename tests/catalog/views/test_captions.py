"""Who may not read captions is tested with the pages (test_access.py)."""

import pytest

from catalog.models import Episode, Season, Title
from tests.factories import make_artwork, make_title


@pytest.fixture
def series(db):
    title = make_title(kind=Title.Kind.SERIES, slug="shown", synthetic=True)
    season = Season.objects.create(title=title, number=1)
    Episode.objects.create(season=season, number=1, name="One", runtime_minutes=40)
    return title


def test_it_describes_the_picture_that_the_player_shows(as_viewer, viewer):
    title = make_title(slug="shown")
    make_artwork(title, alt="A lighthouse.")
    response = as_viewer(viewer).get("/watch/shown/captions.vtt")
    assert response.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "[On the screen: A lighthouse]" in response.content.decode()


def test_it_names_the_chapters_of_an_episode(as_viewer, viewer, series):
    text = as_viewer(viewer).get("/watch/shown/1/1/captions.vtt").content.decode()
    assert "00:00:30.000 --> 00:00:38.000\n[Opening titles]" in text


def test_a_childs_limit_and_another_maturity_hold(as_viewer, child):
    make_title(slug="shown", maturity=12)
    make_title(slug="mild", maturity=7)
    client = as_viewer(child)
    assert client.get("/watch/shown/captions.vtt").status_code == 404
    assert client.get("/watch/mild/captions.vtt").status_code == 200


def test_it_sends_a_stranger_to_the_sign_in_page(client, db):
    make_title(slug="shown")
    assert client.get("/watch/shown/captions.vtt").status_code == 302


@pytest.mark.parametrize("part", ["", "1/2/", "2/1/"])
def test_it_finds_no_captions_of_what_is_not_there(as_viewer, viewer, series, part):
    assert as_viewer(viewer).get(f"/watch/shown/{part}captions.vtt").status_code == 404


def test_it_costs_the_same_however_many_episodes_there_are(
    as_viewer, viewer, series, django_assert_max_num_queries
):
    season = series.seasons.get()
    for number in range(2, 30):
        Episode.objects.create(season=season, number=number, name=f"Part {number}")
    client = as_viewer(viewer)
    with django_assert_max_num_queries(8):
        client.get("/watch/shown/1/1/captions.vtt")
