"""Whoever follows `next` reads every row once and comes to an end."""

import base64
from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.utils import timezone

from catalog.api.paging import NewestPlays, NewestTitles
from catalog.models import Title, WatchEvent
from tests.factories import NOW, make_many_events, make_title

pytestmark = pytest.mark.django_db

TITLES = "/api/v1/titles/?limit=100"
HISTORY = "/api/v1/history/?limit=100"


def walk(api, url, *, key, link="next"):
    """Follow the links and return the pages, each a list of keys."""
    pages = []
    while url:
        assert len(pages) < 40, "it never ends"
        page = api.get(url).json()
        pages.append([row[key] for row in page["results"]])
        last, url = url, page[link]
    return pages, last


def flat(pages):
    return [row for page in pages for row in page]


def make_ties(count, **fields):
    now = timezone.now()
    about = {"name": "Same", "year": 2019, "added_at": now}
    Title.objects.bulk_create(
        Title(slug=f"same-{number}", **about | fields) for number in range(count)
    )


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 1100])
def test_it_gives_every_title_of_one_year_and_name_once(api, count):
    make_ties(count)
    pages, _ = walk(api, TITLES, key="slug")
    assert sorted(flat(pages)) == sorted(Title.objects.values_list("slug", flat=True))
    assert len(pages) == max(1, -(-count // 100))


def test_it_comes_to_what_is_older_than_the_ties(api):
    make_ties(250)
    old = make_title(year=1950)
    pages, _ = walk(api, TITLES, key="slug")
    assert flat(pages)[-1] == old.slug
    assert len(set(flat(pages))) == 251


def test_it_gives_every_play_of_one_moment_once(api, viewer):
    make_many_events(viewer, make_title(), 1100)
    WatchEvent.objects.update(started_at=NOW)
    pages, _ = walk(api, HISTORY, key="play_id")
    assert len(flat(pages)) == len(set(flat(pages))) == 1100


def test_it_leads_back_the_same_way(api):
    make_ties(230)
    forwards, last = walk(api, TITLES, key="slug")
    backwards, _ = walk(api, last, key="slug", link="previous")
    assert backwards[::-1] == forwards


def test_it_skips_and_repeats_nothing_while_rows_come_and_go(api):
    for number in range(6):
        make_title(year=2000, name=f"Title {number}")
    first = api.get("/api/v1/titles/?limit=3").json()
    make_title(year=2024)
    Title.objects.get(name="Title 0").delete()
    second = api.get(first["next"]).json()
    names = [title["name"] for title in first["results"] + second["results"]]
    assert names == [f"Title {number}" for number in range(6)]


def test_it_ends_where_the_rest_was_removed(api):
    make_ties(4)
    first = api.get("/api/v1/titles/?limit=2").json()
    Title.objects.all().delete()
    rest = api.get(first["next"]).json()
    assert (rest["results"], rest["next"]) == ([], None)


def test_it_pages_through_a_genre(api):
    titles = [make_title(genres=("crime",), year=2000, name="Same") for _ in range(5)]
    make_title(genres=("drama",), year=2000, name="Same")
    pages, _ = walk(api, "/api/v1/titles/?limit=2&genre=crime", key="slug")
    assert flat(pages) == [title.slug for title in titles]


def encoded(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("path", ["titles", "history"])
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "\udc80".encode("utf-8", "surrogateescape").decode("latin-1"),
        encoded("p=abc"),
        encoded("p="),
        encoded("p=1.5"),
        encoded("p=9999-12-31 23:59:59+00:00"),
        encoded("o=99999999999999999999"),
        "x" * 100_000,
        ":::",
        Signer(salt="another").sign_object([False, [1, "a", 1]]),
    ],
)
def test_it_finds_no_cursor_that_it_did_not_give_out(api, path, cursor):
    make_title()
    assert api.get(f"/api/v1/{path}/", {"cursor": cursor}).status_code == 404


@pytest.mark.parametrize("cursor", ["%ED%A0%80", "%FF", "%"])
def test_it_finds_no_cursor_that_is_no_text(api, cursor):
    assert api.get(f"/api/v1/titles/?cursor={cursor}").status_code == 404


def test_a_cursor_of_one_list_is_refused_by_another(api):
    make_ties(2)
    cursor = api.get("/api/v1/titles/?limit=1").json()["next"].split("cursor=")[1].split("&")[0]
    assert api.get(f"/api/v1/history/?cursor={cursor}").status_code == 404


@pytest.mark.parametrize("kind", [NewestTitles, NewestPlays])
def test_every_ordering_ends_with_something_unique(kind):
    assert kind.ordering[-1].lstrip("-") == "id"


def test_the_newest_play_comes_first(api, viewer):
    make_many_events(viewer, make_title(), 5)
    pages, _ = walk(api, "/api/v1/history/?limit=2", key="started_at")
    assert flat(pages) == sorted(flat(pages), reverse=True)
    assert NOW - timedelta(minutes=1) in list(
        WatchEvent.objects.values_list("started_at", flat=True)
    )
