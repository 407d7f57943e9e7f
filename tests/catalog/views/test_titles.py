from datetime import timedelta

import pytest

from catalog.actions.opinions import hide
from catalog.models import Credit, Episode, Mood, Season, Title
from catalog.queries.alike import similar_to
from tests.factories import (
    NOW,
    make_artwork,
    make_credit,
    make_person,
    make_title,
    make_watch_event,
)

LATER = NOW + timedelta(hours=1)


def make_series(**fields):
    title = make_title(kind=Title.Kind.SERIES, slug="shown", **fields)
    for number in (2, 1):
        season = Season.objects.create(title=title, number=number)
        for part in (2, 1):
            Episode.objects.create(season=season, number=part, name=f"Part {number}.{part}")
    return title


@pytest.fixture
def open_page(as_viewer, viewer):
    return lambda address: as_viewer(viewer).get(address).content.decode()


def test_it_bills_the_cast_in_order(open_page):
    title = make_title(slug="shown")
    for billing, name in ((3, "Third"), (1, "First"), (2, "Second")):
        make_credit(title, billing=billing, person=make_person(name=name))
    make_credit(title, role=Credit.Role.DIRECTOR, person=make_person(name="Boss"))
    page = open_page("/titles/shown/")
    places = [page.index(name) for name in ("First", "Second", "Third", "Boss")]
    assert places == sorted(places)


def test_it_lists_the_episodes_of_one_season_in_order(open_page):
    make_series()
    page = open_page("/titles/shown/")
    assert page.index("Part 1.1") < page.index("Part 1.2")
    assert "Part 2.1" not in page
    page = open_page("/titles/shown/?season=2")
    assert page.index("Part 2.1") < page.index("Part 2.2")
    assert 'href="/watch/shown/2/1/?from=title"' in page


@pytest.mark.parametrize("season", ["7", "x", "", "-1", "9" * 40])
def test_it_shows_the_first_season_where_there_is_none_such(open_page, season):
    make_series()
    assert "Part 1.1" in open_page(f"/titles/shown/?season={season}")


def test_htmx_gets_the_season_alone_or_where_the_viewer_is(as_viewer, viewer):
    title = make_series()
    client = as_viewer(viewer)
    asked = {"HX-Request": "true", "HX-Target": "episodes"}
    page = client.get("/titles/shown/?season=2", headers=asked).content.decode()
    assert page.lstrip().startswith("<section")
    assert "Part 2.1" in page
    make_watch_event(viewer, title, episode=Episode.objects.get(name="Part 1.1"), finished=True)
    asked["HX-Target"] = "title-now"
    page = " ".join(client.get("/titles/shown/", headers=asked).content.decode().split())
    assert "Play</a>" not in page
    assert "Next up: Season 1, episode 2" in page
    assert 'hx-swap-oob="true"' in page


def test_it_shows_what_was_watched_of_each_episode_and_what_is_next(open_page, viewer):
    title = make_series()
    first, second = (Episode.objects.get(name=f"Part 1.{number}") for number in (1, 2))
    make_watch_event(viewer, title, episode=first, finished=True)
    make_watch_event(viewer, title, episode=second, position_seconds=600, started_at=LATER,
                     last_at=LATER)  # fmt: skip
    page = open_page("/titles/shown/")
    assert page.count(">Watched</span>") == 1
    assert page.count("Next up</span>") == 1
    assert page.index("Part 1.1") < page.index("Next up</span>")
    assert "35 min left" in page


@pytest.mark.parametrize(
    ("fields", "repeated"),
    [({"synthetic": True}, False), ({"kind": "type"}, False), ({"kind": "scene"}, True)],
)
def test_the_name_is_not_repeated_beside_a_picture_that_has_it(open_page, fields, repeated):
    title = make_title(slug="shown")
    make_artwork(title, **fields)
    heading = '<h1 id="name" dir="auto">' if repeated else '<h1 id="name" dir="auto" class="sr">'
    assert heading in open_page("/titles/shown/")


def test_a_hidden_title_opens_and_says_that_it_is_hidden(open_page, viewer):
    title = make_title(slug="shown")
    assert "You hid this title" not in open_page("/titles/shown/")
    hide(viewer, title, now=NOW)
    assert "You hid this title" in open_page("/titles/shown/")


@pytest.mark.parametrize(
    ("came", "origin"),
    [("?from=home", "home"), ("?from=search", "search"), ("", "title"), ("?from=import", "title"),
     ("?from=x%22", "title")],
)  # fmt: skip
def test_it_carries_to_the_player_where_the_viewer_came_from(open_page, came, origin):
    make_title(slug="shown")
    assert f'href="/watch/shown/?from={origin}"' in open_page(f"/titles/shown/{came}")


def test_it_offers_to_resume(open_page, viewer):
    title = make_series()
    episode = Episode.objects.get(name="Part 1.2")
    make_watch_event(viewer, title, episode=episode, position_seconds=600)
    page = open_page("/titles/shown/")
    assert "Resume S1 E2" in " ".join(page.split())
    assert 'href="/watch/shown/1/2/?from=title"' in page


def test_it_offers_no_play_where_a_series_has_no_episode(open_page):
    make_title(kind=Title.Kind.SERIES, slug="shown")
    page = open_page("/titles/shown/")
    assert "No episodes yet" in page
    assert "/watch/shown/" not in page


def test_it_lists_the_specials_last_and_starts_with_another_episode(open_page):
    title = make_series()
    special = Season.objects.create(title=title, number=0)
    Episode.objects.create(season=special, number=1, name="Behind the scenes")
    page = open_page("/titles/shown/")
    assert page.index("Season 2") < page.index("Specials")
    assert "Behind the scenes" in open_page("/titles/shown/?season=0")
    assert 'href="/watch/shown/1/1/?from=title"><svg' in page
    assert "2 seasons" in page


def test_it_says_where_there_are_only_specials(open_page):
    title = make_title(kind=Title.Kind.SERIES, slug="shown")
    season = Season.objects.create(title=title, number=0)
    Episode.objects.create(season=season, number=1, name="Behind the scenes")
    page = open_page("/titles/shown/")
    assert "Only specials so far" in page
    assert 'href="/watch/shown/0/1/?from=title"' in page


@pytest.mark.parametrize("address", ["/", "/titles/shown/", "/watch/shown/", "/history/"])
def test_a_page_shows_a_title_of_unknown_runtime(open_page, viewer, address):
    title = make_title(slug="shown", runtime_minutes=None)
    make_watch_event(viewer, title, position_seconds=1800)
    page = open_page(address)
    assert "None" not in page


def test_it_says_how_much_was_watched_of_an_unknown_runtime(open_page, viewer):
    make_watch_event(viewer, make_title(slug="shown", runtime_minutes=None), position_seconds=1800)
    assert "30 min watched" in open_page("/titles/shown/")


def test_it_says_that_a_synthetic_title_is_synthetic(open_page):
    make_title(slug="shown", synthetic=True)
    assert open_page("/titles/shown/").count(">synthetic<") == 1


def test_it_finds_alike_what_shares_most(viewer):
    tense = Mood.objects.create(slug="tense", name="Tense")
    title = make_title(genres=("horror", "comedy"))
    title.moods.add(tense)
    person = make_credit(title).person
    one = make_title(name="A genre", genres=("horror",))
    mood = make_title(name="And a mood", genres=("horror",))
    mood.moods.add(tense)
    both = make_title(name="Both genres", genres=("horror", "comedy"))
    everything = make_title(name="All", genres=("horror", "comedy"))
    everything.moods.add(tense)
    make_credit(everything, person=person)
    make_title(name="Nothing", genres=("war",))
    assert similar_to(viewer, title) == [everything, both, mood, one]


def test_it_costs_a_constant_number_of_queries(as_viewer, viewer, django_assert_max_num_queries):
    title = make_series()
    for billing in range(1, 30):
        make_credit(title, billing=billing)
    for _ in range(40):
        make_artwork(make_title())
        make_artwork(title)
    client = as_viewer(viewer)
    with django_assert_max_num_queries(16):
        client.get("/titles/shown/")
