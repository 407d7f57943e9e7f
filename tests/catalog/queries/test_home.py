"""What stands in a viewer's home, and in which order."""

from collections import Counter
from datetime import timedelta

import pytest

from catalog.actions.opinions import put_on_list, rate
from catalog.models import Episode, Viewer
from catalog.queries.home import home_for
from catalog.sections import SECTIONS
from tests.factories import (
    NOW,
    make_begun,
    make_series,
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


def test_it_continues_what_was_begun_and_not_finished(viewer):
    make_begun(viewer, make_title(name="Begun"))
    make_begun(viewer, make_title(name="Finished"), finished=True)
    make_begun(viewer, make_title(name="Only opened"), watched_seconds=0)
    assert rows(viewer)["continue"] == ["Begun"]


def test_it_goes_by_the_newest_play_of_a_title(viewer):
    title = make_title()
    make_begun(viewer, title)
    make_begun(viewer, title, finished=True, last_at=NOW + timedelta(hours=1))
    assert "continue" not in rows(viewer)


def test_it_continues_with_the_next_episode_after_a_finished_one(viewer):
    title, (first, second) = make_series()
    make_begun(viewer, title, episode=first, finished=True)
    progress = home_for(viewer, now=NOW).progress[title.pk]
    assert (progress.episode, progress.position_seconds) == (second, 0)


def test_it_is_done_with_a_series_after_its_last_episode(viewer):
    title, (_, last) = make_series()
    make_begun(viewer, title, episode=last, finished=True)
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
    make_begun(child, grim)
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


@pytest.mark.parametrize("fields", [{"personalised": False}, {"is_child": True}])
def test_without_personalisation_the_rows_are_the_same_for_everybody(db, fields):
    """Whatever was watched. Only what the viewer has begun is added."""
    titles = [make_title(genres=(genre,)) for genre in ("drama", "war", "comedy") * 8]
    one, other = make_viewer(**fields), make_viewer(**fields)
    personal = make_viewer()
    for viewer in (one, personal):
        for title in titles[1:5:3]:
            make_watch_event(viewer, title, finished=True)
    make_begun(other, titles[0])
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
    make_begun(viewer, titles[0])
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
    make_begun(viewer, titles[0])
    put_on_list(viewer, titles[1], now=NOW)
    found = [(row.kind, row.joins) for row in home_for(viewer, now=NOW).rows]
    assert found[:3] == [("continue", False), ("list", True), ("new", True)]


def test_a_viewer_sees_what_they_began_even_if_nothing_else_is_there(viewer):
    make_begun(viewer, make_title())
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
