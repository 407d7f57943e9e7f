import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.actions.opinions import put_on_list, rate
from catalog.choosing import Choice
from catalog.models import Episode, Season, Title, Viewer, WatchEvent
from catalog.queries.home import home_for
from catalog.sections import SECTIONS
from tests.factories import (
    NOW,
    make_artwork,
    make_genre,
    make_many_events,
    make_title,
    make_viewer,
    make_watch_event,
)


@pytest.fixture
def short_rows(monkeypatch):
    """Show rows of one title too, and no billboard, so that a test needs few titles."""
    for module in ("home", "home_rows"):
        monkeypatch.setattr(f"catalog.queries.{module}.SHORTEST", 1)
    monkeypatch.setattr("catalog.queries.home._billboard", lambda *_: None)


def rows(viewer):
    """Return {kind: titles' names} of a viewer's home; genres by their name."""
    home = home_for(viewer, now=NOW)
    return {
        row.about if row.kind == "genre" else row.kind: [title.name for title in row.titles]
        for row in home.rows
    }


def make_series(episodes=2, **fields):
    title = make_title(kind=Title.Kind.SERIES, **fields)
    season = Season.objects.create(title=title, number=1)
    return title, [
        Episode.objects.create(season=season, number=number, name=f"Part {number}")
        for number in range(1, episodes + 1)
    ]


def begun(viewer, title, **fields):
    return make_watch_event(viewer, title, **{"position_seconds": 600, "quality_at": None} | fields)


def test_it_continues_what_was_begun_and_not_finished(viewer):
    begun(viewer, make_title(name="Begun"))
    begun(viewer, make_title(name="Finished"), finished=True)
    begun(viewer, make_title(name="Only opened"), watched_seconds=0)
    assert rows(viewer)["continue"] == ["Begun"]


def test_it_goes_by_the_newest_play_of_a_title(viewer):
    title = make_title()
    begun(viewer, title)
    begun(viewer, title, finished=True, last_at=NOW + timedelta(hours=1))
    assert "continue" not in rows(viewer)


def test_it_continues_with_the_next_episode_after_a_finished_one(viewer):
    title, (first, second) = make_series()
    begun(viewer, title, episode=first, finished=True)
    progress = home_for(viewer, now=NOW).progress[title.pk]
    assert (progress.episode, progress.position_seconds) == (second, 0)


def test_it_is_done_with_a_series_after_its_last_episode(viewer):
    title, (_, last) = make_series()
    begun(viewer, title, episode=last, finished=True)
    assert "continue" not in rows(viewer)


def test_it_says_because_of_what_and_puts_the_most_alike_first(viewer, short_rows):
    make_title(name="Far", genres=("western",))
    make_title(name="Near", genres=("horror",))
    make_title(name="Nearest", genres=("horror", "comedy"))
    make_watch_event(viewer, make_title(name="Seen", genres=("horror", "comedy")))
    home = home_for(viewer, now=NOW)
    because = next(row for row in home.rows if row.kind == "because")
    assert because.about == "Seen"
    assert [title.name for title in because.titles] == ["Nearest", "Near"]


def test_it_calls_popular_what_most_viewers_watched_and_not_most_plays(viewer, short_rows):
    often, many = make_title(name="Often"), make_title(name="Many")
    for _ in range(5):
        make_watch_event(make_viewer(), many)
    one = make_viewer()
    for _ in range(9):
        make_watch_event(one, often)
    assert rows(viewer)["popular"] == ["Many", "Often"]


def test_it_calls_nothing_popular_that_was_only_opened(viewer):
    make_watch_event(make_viewer(), make_title(), quality_at=None)
    assert "popular" not in rows(viewer)


def test_it_offers_nothing_anew_that_was_watched(viewer):
    seen = make_title(name="Seen")
    make_title(name="Unseen")
    make_watch_event(viewer, seen, finished=True)
    assert "Seen" not in {name for names in rows(viewer).values() for name in names}


def test_it_puts_the_newest_first(viewer, short_rows):
    for days in (3, 1, 2):
        make_title(name=f"{days} days", added_at=NOW - timedelta(days=days))
    assert rows(viewer)["new"] == ["1 days", "2 days", "3 days"]


def test_it_puts_the_genres_that_a_viewer_watches_first(viewer, short_rows, monkeypatch):
    monkeypatch.setattr("catalog.queries.home_rows.UNIQUE_SHELVES", 0)
    for number in range(4):
        make_title(genres=("comedy",))
        make_title(genres=("western",), name=f"W{number}")
    make_watch_event(viewer, make_title(genres=("western",)))
    genres = [name for name in rows(viewer) if name in ("Comedy", "Western")]
    assert genres == ["Western", "Comedy"]


def test_it_shows_a_child_only_what_is_for_it(child):
    make_title(name="For all")
    grim = make_title(name="Grim", maturity=12)
    for _ in range(3):
        make_watch_event(make_viewer(), grim)
    begun(child, grim)
    make_watch_event(child, grim)
    home = home_for(child, now=NOW)
    assert [title.name for title in home.titles()] == ["For all"]
    assert "because" not in {row.kind for row in home.rows}


def test_it_changes_the_billboard_from_day_to_day_and_not_within_one(viewer):
    for number in range(6):
        make_title(added_at=NOW - timedelta(days=number))
    names = {home_for(viewer, now=NOW + timedelta(days=day)).billboard for day in range(5)}
    assert len(names) == 5
    same = {home_for(viewer, now=NOW + timedelta(hours=hour)).billboard for hour in range(11)}
    assert len(same) == 1


def test_it_says_so_where_there_is_nothing_to_show(as_viewer, viewer):
    assert "Nothing is on yet" in " ".join(as_viewer(viewer).get("/").content.decode().split())


def test_it_asks_the_chooser_once_with_distinct_titles_in_page_order(
    as_viewer, viewer, monkeypatch
):
    asked = []

    class Recorder:
        def choose(self, viewer, titles, *, surface, now):
            asked.append((viewer, titles, surface))
            return {title.pk: Choice(artworks[title.pk], f"token-{title.slug}") for title in titles}

    made = [make_title(genres=("drama", "comedy")) for _ in range(8)]
    artworks = {title.pk: make_artwork(title).pk for title in made}
    begun(viewer, made[0])
    monkeypatch.setattr("catalog.views.tiles.chooser", lambda: Recorder())
    page = as_viewer(viewer).get("/").content.decode()
    [(who, titles, surface)] = asked
    assert (who, surface) == (viewer, "home")
    assert max(Counter(titles).values()) == 1
    assert set(titles) == set(made)
    assert page.index(titles[0].name) < page.index(titles[1].name)
    assert f'data-decision="token-{made[1].slug}"' in page
    # Continue-watching earns artwork no credit, so nothing is reported from there.
    strip = page[page.index("data-strip") : page.index("shelf-turn")]
    assert made[0].name in strip
    assert "data-decision" not in strip


def test_it_shows_pictures_in_all_their_sizes(as_viewer, viewer):
    title = make_title()
    sizes = [
        {"width": width, "height": width * 9 // 16, "format": "webp", "name": f"ab/{width}.webp"}
        for width in (1280, 640, 320)
    ]
    make_artwork(title, renditions=sizes, placeholder="data:image/webp;base64,AA", alt="A <hill>")
    page = as_viewer(viewer).get("/").content.decode()
    assert "/media/ab/320.webp 320w, /media/ab/640.webp 640w, /media/ab/1280.webp 1280w" in page
    assert 'src="/media/ab/640.webp"' in page
    assert 'width="640" height="360"' in page
    assert 'alt="A &lt;hill&gt;"' in page
    assert 'src="data:image/webp;base64,AA"' in page
    assert "<picture>" not in page


def test_it_asks_first_for_the_first_picture_and_later_for_smaller_files(as_viewer, viewer):
    for title in [make_title() for _ in range(8)]:
        make_artwork(
            title,
            renditions=[
                {"width": 640, "height": 360, "format": kind, "name": f"ab/{title.pk}.{kind}"}
                for kind in ("webp", "avif")
            ],
        )
    page = as_viewer(viewer).get("/").content.decode()
    [preload] = re.findall(r'<link rel="preload" as="image"[^>]*>', page)
    shown = re.search(r'<img class="picture"[^>]*>', page)[0]
    assert re.search(r'srcset="([^"]*)"', shown)[1] in preload
    assert re.search(r'sizes="([^"]*)"', shown)[1] in preload
    assert 'fetchpriority="high"' in shown
    assert 'loading="lazy"' not in shown
    assert re.search(r'<source type="image/avif" srcset="/media/ab/[0-9]+[.]avif 640w"', page)
    assert page.count('loading="lazy"') >= 7


@pytest.mark.parametrize("number", [0, 1, 40])
def test_it_shows_a_title_whatever_its_number_of_artworks(as_viewer, viewer, number):
    title = make_title(name="Letters on a board")
    for _ in range(number):
        make_artwork(title)
    page = as_viewer(viewer).get("/").content.decode()
    assert ("board-letters" in page) == (number == 0)
    assert "Letters on a board" in page


def test_it_says_where_a_page_shows_synthetic_data(as_viewer, viewer):
    title = make_title()
    assert b"synthetic" not in as_viewer(viewer).get("/").content
    Title.objects.filter(pk=title.pk).update(synthetic=True)
    page = as_viewer(viewer).get("/").text
    assert page.count(">synthetic<") == 1
    assert "What this page shows is invented" in page


def fill(viewer, titles, viewers, plays):
    genres = [make_genre(slug) for slug in ("drama", "comedy", "horror", "western", "war")]
    made = [make_title(genres=("drama",)) for _ in range(titles)]
    for number, title in enumerate(made):
        title.genres.add(genres[number % 5])
        make_artwork(title)
    series, parts = make_series(6)
    begun(viewer, series, episode=parts[0])
    others = [make_viewer(account=viewer.account) for _ in range(viewers)]
    now = timezone.now()
    WatchEvent.objects.bulk_create(
        WatchEvent(
            viewer=who,
            title=made[number % len(made)],
            play_id=f"00000000-0000-4000-8000-{number:012x}",
            origin="home",
            started_at=now - timedelta(minutes=number),
            last_at=now - timedelta(minutes=number),
            position_seconds=600,
            watched_seconds=600,
            quality_at=now - timedelta(minutes=number) if number % 2 else None,
        )
        for who in (viewer, *others)
        for number in range(plays)
    )


def queries_of_home(client):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get("/").status_code == 200
    return [query["sql"] for query in captured]


def test_it_costs_at_most_twelve_queries_whatever_the_size(as_viewer, viewer):
    fill(viewer, titles=8, viewers=1, plays=10)
    client = as_viewer(viewer)
    few = queries_of_home(client)
    fill(make_viewer(), titles=90, viewers=30, plays=120)
    fill(viewer, titles=30, viewers=0, plays=0)
    assert Title.objects.count() > 120
    assert Viewer.objects.count() > 30
    many = queries_of_home(client)
    assert len(few) == len(many) <= 12, "\n\n".join(many)


def test_it_costs_the_same_with_fifty_thousand_events(as_viewer, viewer):
    for _ in range(30):
        make_artwork(make_title())
    make_watch_event(viewer, make_title())
    client = as_viewer(viewer)
    few = queries_of_home(client)
    make_many_events(viewer, make_title(), 50_000)
    assert len(queries_of_home(client)) == len(few)


@pytest.mark.parametrize("fields", [{"personalised": False}, {"is_child": True}])
def test_without_personalisation_the_rows_are_the_same_for_everybody(db, fields):
    """Whatever was watched. Only what the viewer has begun is added."""
    titles = [make_title(genres=(genre,)) for genre in ("drama", "war", "comedy") * 8]
    one, other = make_viewer(**fields), make_viewer(**fields)
    personal = make_viewer()
    for viewer in (one, personal):
        for title in titles[1:5:3]:
            make_watch_event(viewer, title, finished=True)
    begun(other, titles[0])
    mine, theirs = rows(one), rows(other)
    assert "because" not in mine
    assert theirs.pop("continue") == [titles[0].name]
    assert mine == theirs
    assert list(mine) == list(theirs)
    assert home_for(one, now=NOW).billboard == home_for(other, now=NOW).billboard
    assert "because" in rows(personal)
    assert rows(personal) != mine


def make_titles(number, **fields):
    return [make_title(added_at=NOW - timedelta(days=at), **fields) for at in range(number)]


def kinds(viewer):
    return [row.kind for row in home_for(viewer, now=NOW).rows]


def test_no_title_stands_twice_in_the_first_five_strips(viewer):
    titles = make_titles(60, genres=("drama", "war"))
    for title in titles[:30]:
        for _ in range(3):
            make_watch_event(make_viewer(account=viewer.account), title)
    for title in titles[30:34]:
        make_watch_event(viewer, title, finished=True)
    begun(viewer, titles[0])
    put_on_list(viewer, titles[1], now=NOW)
    home = home_for(viewer, now=NOW)
    strips, shown = 0, [home.billboard]
    for row in home.rows:
        strips += not row.joins
        if strips <= 5:
            shown += row.titles
    assert strips >= 3
    assert max(Counter(shown).values()) == 1


def test_a_list_has_a_row_and_nothing_else_repeats_it(viewer):
    titles = make_titles(20)
    for title in titles[:6]:
        put_on_list(viewer, title, now=NOW)
    found = rows(viewer)
    assert set(found["list"]) == {title.name for title in titles[:6]}
    assert not set(found["list"]) & set(found["new"])


def make_fans(viewer, seen, shared, number):
    # Rows further up would show the same titles.
    viewer.home_hidden = [name for name in SECTIONS if name != "also"]
    for _ in range(number):
        fan = make_viewer(account=viewer.account)
        make_watch_event(fan, seen)
        for title in shared:
            make_watch_event(fan, title)


def test_it_shows_what_people_watch_who_watched_the_same(viewer, short_rows):
    first, second, shared, other = make_titles(4)
    make_watch_event(viewer, first, last_at=NOW - timedelta(days=1))
    make_watch_event(viewer, second)
    make_fans(viewer, first, [shared], 10)
    make_watch_event(make_viewer(), other)
    [also] = [row for row in home_for(viewer, now=NOW).rows if row.kind == "also"]
    assert (also.about, also.titles, also.from_ratings) == (first.name, [shared], False)


@pytest.mark.parametrize("fields", [{}, {"personalised": False}, {"is_child": True}])
def test_it_tells_nothing_of_fewer_than_ten_people(viewer, short_rows, fields):
    """Those who opted out and children are not counted."""
    first, second, shared = make_titles(3)
    make_watch_event(viewer, first, last_at=NOW - timedelta(days=1))
    make_watch_event(viewer, second)
    make_fans(viewer, first, [shared], 9)
    fan = make_viewer(account=viewer.account, **fields)
    make_watch_event(fan, first)
    assert ("also" in kinds(viewer)) == (not fields)


def test_ratings_speak_where_ten_people_gave_them(viewer, short_rows):
    liked, shared = make_titles(2)
    rate(viewer, liked, "love", now=NOW)
    make_fans(viewer, liked, [shared], 10)
    for fan in Viewer.objects.exclude(pk=viewer.pk):
        rate(fan, liked, "like", now=NOW)
    [also] = [row for row in home_for(viewer, now=NOW).rows if row.kind == "also"]
    assert (also.about, also.titles, also.from_ratings) == (liked.name, [shared], True)


def test_it_shows_new_episodes_but_not_series_that_came_whole(viewer, short_rows):
    """For thirty days, and joined with the next row where there are few."""
    old = NOW - timedelta(days=100)
    new, _whole, past = (make_series(added_at=at)[0] for at in (old, NOW, old))
    Episode.objects.update(added_at=NOW - timedelta(hours=1))
    Episode.objects.filter(season__title=past).update(added_at=NOW - timedelta(days=40))
    assert rows(viewer)["episodes"] == [new.name]


def test_short_rows_of_the_viewers_own_join_the_next(viewer):
    titles = make_titles(12)
    begun(viewer, titles[0])
    put_on_list(viewer, titles[1], now=NOW)
    found = [(row.kind, row.joins) for row in home_for(viewer, now=NOW).rows]
    assert found[:3] == [("continue", False), ("list", True), ("new", True)]


def test_a_viewer_sees_what_they_began_even_if_nothing_else_is_there(viewer):
    begun(viewer, make_title())
    assert kinds(viewer) == ["continue"]


def test_short_rows_of_others_are_not_shown_and_what_is_left_stands_together(viewer):
    make_titles(3, genres=("war",))
    home = home_for(viewer, now=NOW)
    assert [(row.kind, len(row.titles)) for row in home.rows] == [("more", 2)]


def test_it_follows_the_viewers_order_and_leaves_out_what_they_hid(viewer):
    make_titles(30)
    assert kinds(viewer) == ["new", "genre"]
    viewer.home_order = ["genre", "gone", "new"]
    assert kinds(viewer) == ["genre", "new"]
    viewer.home_hidden = ["genre"]
    assert kinds(viewer) == ["new"]
