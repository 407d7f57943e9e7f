"""The page of home: its pictures, what it says, and what it costs."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.actions.opinions import put_on_list
from catalog.choosing import Choice
from catalog.models import Title, Viewer, WatchEvent
from tests.factories import (
    NOW,
    make_artwork,
    make_begun,
    make_genre,
    make_many_events,
    make_series,
    make_title,
    make_viewer,
    make_watch_event,
)


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
    make_begun(viewer, made[0])
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


def test_each_of_two_rows_in_one_strip_has_its_own_name_and_link(as_viewer, viewer):
    titles = [make_title() for _ in range(8)]
    put_on_list(viewer, titles[0], now=NOW)
    page = as_viewer(viewer).get("/").text
    assert 'aria-labelledby="shelf-1-1 shelf-1-2"' in page
    [mine, _new] = page.split('class="shelf-part')[1:3]
    assert re.search(r'<h2 id="shelf-1-1">My list</h2><a class="shelf-more" href="/my-list/"', mine)


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
    make_begun(viewer, series, episode=parts[0])
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
