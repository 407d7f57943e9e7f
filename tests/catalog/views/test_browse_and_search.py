from datetime import timedelta

import pytest

from catalog.models import Genre
from tests.factories import (
    NOW,
    make_artwork,
    make_credit,
    make_mood,
    make_person,
    make_title,
    make_viewer,
    make_watch_event,
)

HTMX = {"HX-Request": "true"}


def test_it_shows_a_genre_and_the_others_to_choose(as_viewer, viewer):
    make_title(name="Riders", genres=("western",))
    make_title(name="Laughter", genres=("comedy",))
    page = as_viewer(viewer).get("/browse/western/").content.decode()
    assert "Riders" in page
    assert "Laughter" not in page
    assert 'href="/browse/comedy/"' in page


def test_it_does_not_find_a_genre_that_is_not_there(as_viewer, viewer):
    assert as_viewer(viewer).get("/browse/polka/").status_code == 404


def test_it_gives_htmx_the_next_page_alone(as_viewer, viewer):
    for number in range(30):
        make_title(year=2000 + number)
    client = as_viewer(viewer)
    whole = client.get("/browse/").content.decode()
    assert whole.count('class="tile"') == 24
    # Without JavaScript it is a link, to a page that holds the first titles too.
    assert 'href="/browse/?upto=2#more-2"' in whole
    assert client.get("/browse/?upto=2").content.decode().count('class="tile"') == 30
    part = client.get("/browse/?page=2", headers=HTMX)
    assert part.headers["HX-Replace-Url"] == "/browse/?upto=2"
    assert part.content.decode().count('class="tile"') == 6
    assert b"<html" not in part.content
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", ""])
def test_it_shows_the_nearest_page_there_is(as_viewer, viewer, page):
    make_title(name="The only one")
    assert b"The only one" in as_viewer(viewer).get(f"/browse/?page={page}").content


def test_it_browses_at_a_constant_number_of_queries(
    as_viewer, viewer, django_assert_max_num_queries
):
    for _ in range(40):
        make_artwork(make_title())
    client = as_viewer(viewer)
    with django_assert_max_num_queries(13):
        client.get("/browse/")


@pytest.mark.parametrize(
    "text",
    ["a & b | !c", "'", "\\", "a:*", "<-> (", "'; DROP TABLE", "%", "\n", "a" * 10_000, "🎬"],
)
def test_it_takes_any_text(as_viewer, viewer, text):
    client = as_viewer(viewer)
    assert client.get("/search/", {"q": text}).status_code == 200
    names = ("person", "mood", "decade", "length", "kind", "sort", "genre", "upto")
    assert client.get("/browse/", dict.fromkeys(names, text)).status_code == 200


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000, "ß" * 10_000, "👩‍👩‍👧‍👦" * 50, "' OR 1=1 --", "<img src=x onerror=alert(1)>",
        "\u202egnp", "  ", "=%", "\\u0000", "🎬 komödie",
    ],
)  # fmt: skip
def test_search_takes_any_text_in_each_language_and_in_the_api(as_viewer, viewer, text, language):
    make_title(name="The Red Harbour", genres=("comedy",))
    viewer.language = language
    viewer.save()
    client = as_viewer(viewer)
    page = client.get("/search/", {"q": text})
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert client.get("/api/v1/search/", {"q": text}).status_code == 200


@pytest.mark.parametrize(
    ("text", "status"), [("%00", 400), ("red%00har", 400), ("%ed%a0%80", 200), ("%ff%fe", 200)]
)
def test_search_refuses_nul_and_reads_broken_bytes_as_such(as_viewer, viewer, text, status):
    client = as_viewer(viewer)
    for address in ("/search/", "/api/v1/search/"):
        assert client.get(f"{address}?q={text}").status_code == status


def test_it_gives_htmx_the_results_alone(as_viewer, viewer):
    make_title(name="The Red Harbour")
    client = as_viewer(viewer)
    whole = client.get("/search/?q=red").content.decode()
    part = client.get("/search/?q=red", headers=HTMX).content.decode()
    assert "The Red Harbour" in whole
    assert "The Red Harbour" in part
    assert "<form" in whole
    assert "<form" not in part


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("red", "Found 1 title."),
        ("dara", "Found 1 title and 1 person."),
        ("drama", "Found 2 titles and 1 genre."),
        ("zebra", "Nothing found."),
    ],
)
def test_while_one_types_it_says_how_much_it_found(as_viewer, viewer, text, said):
    make_title(name="The Red Harbour")
    make_credit(make_title(), person=make_person(name="Dara Lind"))
    client = as_viewer(viewer)
    part = client.get("/search/", {"q": text}, headers=HTMX).content.decode()
    assert said in part
    assert said not in client.get("/search/", {"q": text}).content.decode()


def test_it_says_what_it_searched_for_and_escapes_it(as_viewer, viewer):
    page = as_viewer(viewer).get("/search/", {"q": '"><script>x'}).content.decode()
    assert "<script>x" not in page
    assert "No title, person, genre or mood matches." in page


def test_it_links_to_the_genres_it_found(as_viewer, viewer):
    make_title(name="Riders", genres=("western",))
    page = as_viewer(viewer).get("/search/?q=weestern").content.decode()
    assert 'href="/browse/western/"' in page
    assert "Riders" in page


def test_it_searches_at_a_constant_number_of_queries(
    as_viewer, viewer, django_assert_max_num_queries
):
    for number in range(30):
        title = make_title(name=f"Harbour {number}", genres=(f"harbour-{number}",))
        make_artwork(title)
        make_credit(title, person=make_person(name=f"Harbour {number}"))
    client = as_viewer(viewer)
    with django_assert_max_num_queries(24):
        client.get("/search/?q=harbour")
    with django_assert_max_num_queries(24):
        client.get("/search/?q=harbuor")


def test_it_shows_a_persons_titles(as_viewer, viewer):
    person = make_person(name="Dara Lind", slug="dara-lind")
    make_credit(make_title(name="The Red Harbour"), person=person)
    make_title(name="Without her")
    page = as_viewer(viewer).get("/people/dara-lind/").content.decode()
    assert "The Red Harbour" in page
    assert "Without her" not in page
    assert "1 title" in page


def test_it_says_whether_the_genre_or_the_whole_catalogue_is_empty(as_viewer, viewer):
    Genre.objects.create(slug="drama", name="Drama")
    client = as_viewer(viewer)
    empty = client.get("/browse/").text
    assert "as soon as an editor" in empty
    assert 'class="filters"' not in empty
    assert "no titles of this genre" in client.get("/browse/drama/").text


def names_on(client, url):
    found = client.get(url).context["tiles"]
    return [tile.title.name for tile in found]


@pytest.fixture
def shelf(viewer):
    """Three titles that differ in all that browse filters by."""
    person = make_person(name="Dara Lind", slug="dara-lind")
    short = make_title(name="Short", year=1994, runtime_minutes=30, kind="series", added_at=NOW)
    usual = make_title(
        name="Usual", year=2003, runtime_minutes=89, added_at=NOW + timedelta(hours=1)
    )
    long = make_title(name="Long", year=1999, runtime_minutes=120, genres=("war",))
    long.moods.add(make_mood("dark"))
    make_credit(long, person=person)
    for _ in range(2):
        make_watch_event(make_viewer(account=viewer.account), long)
    make_watch_event(make_viewer(account=viewer.account), short)
    return short, usual, long


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Usual", "Long", "Short"]),
        ("sort=name", ["Long", "Short", "Usual"]),
        ("sort=added", ["Usual", "Short", "Long"]),
        ("sort=popular", ["Long", "Short", "Usual"]),
        ("sort=you", ["Long", "Short", "Usual"]),  # nothing is known of them
        ("mood=dark", ["Long"]),
        ("decade=1990", ["Long", "Short"]),
        ("length=under-45", ["Short"]),
        ("length=over-120", ["Long"]),
        ("length=45-90", ["Usual"]),
        ("kind=series", ["Short"]),
        ("person=dara-lind", ["Long"]),
        ("person=dara", ["Long"]),
        ("person=nobody", []),
        ("genre=war", ["Long"]),
        ("kind=film&decade=1990&genre=war&mood=dark", ["Long"]),
        ("mood=none&decade=x&length=1&kind=book&sort=worst", ["Usual", "Long", "Short"]),
    ],
)
def test_it_filters_and_sorts(as_viewer, viewer, shelf, query, names):
    assert names_on(as_viewer(viewer), f"/browse/?{query}") == names


def test_for_you_puts_what_a_viewer_watches_first_and_what_they_watched_last(
    as_viewer, viewer, shelf
):
    seen = make_title(name="Seen", genres=("western",))
    make_title(name="Like it", genres=("western",))
    make_watch_event(viewer, seen)
    viewer.history_length = 1
    viewer.save()
    client = as_viewer(viewer)
    names = names_on(client, "/browse/?sort=you")
    assert (names[0], names[-1]) == ("Like it", "Seen")
    assert "For you" in client.get("/browse/").content.decode()
    viewer.personalised = False
    viewer.save()
    page = client.get("/browse/?sort=you").content.decode()
    assert "There is no order for you without personalisation." in page
    assert "For you</option>" not in page
    assert '<option value="popular" selected>' in page
    assert names_on(client, "/browse/?sort=you")[0] == "Long"


def test_each_filter_has_a_chip_that_removes_it_alone(as_viewer, viewer, shelf):
    client = as_viewer(viewer)
    chips = client.get("/browse/war/?mood=dark&decade=1990&sort=name").context["chips"]
    assert {chip.label: chip.href for chip in chips} == {
        "War": "/browse/?mood=dark&decade=1990&sort=name",
        "Dark": "/browse/war/?decade=1990&sort=name",
        "1990s": "/browse/war/?mood=dark&sort=name",
    }


def test_it_says_what_to_do_where_no_title_has_all_of_it(as_viewer, viewer, shelf):
    page = as_viewer(viewer).get("/browse/?mood=dark&kind=series").content.decode()
    assert "No title has all of this. Remove a filter." in page
    page = as_viewer(viewer).get("/browse/", {"person": "<b>Nobody"}).content.decode()
    assert "&lt;b&gt;Nobody" in page
    assert "<b>Nobody" not in page


def test_a_child_can_choose_only_what_its_titles_have(as_viewer, child, viewer, shelf):
    long = shelf[2]
    long.maturity = 16
    long.save()
    page = as_viewer(child).get("/browse/?person=dara-lind&mood=dark").content.decode()
    assert "Dark" not in page
    assert "Dara Lind" not in page


def test_it_gives_htmx_the_list_with_other_filters_and_a_clean_address(as_viewer, viewer, shelf):
    answer = as_viewer(viewer).get(
        "/browse/war/?mood=dark&decade=&length=&kind=&person=&sort=year", headers=HTMX
    )
    assert answer.headers["HX-Push-Url"] == "/browse/war/?mood=dark"
    assert b"<html" not in answer.content
    assert b"Long" in answer.content


def test_search_finds_moods(as_viewer, viewer, shelf):
    page = as_viewer(viewer).get("/search/?q=dark").content.decode()
    assert 'href="/browse/?mood=dark"' in page
    assert "Long" in page


def test_search_suggests_where_nothing_is_asked_or_found(as_viewer, viewer, shelf):
    client = as_viewer(viewer)
    for url in ("/search/", "/search/?q=zzzzzz"):
        assert names_on(client, url)[0] == "Long"
        assert 'href="/browse/war/"' in client.get(url).content.decode()


def test_search_offers_nothing_where_there_is_nothing(as_viewer, viewer):
    page = as_viewer(viewer).get("/search/?q=zzzzzz").text
    assert "Check the spelling" in page
    assert "is it one of these?" not in page


def test_the_last_searches_are_kept_by_the_browser_of_this_profile_alone(as_viewer, viewer):
    client = as_viewer(viewer)
    page = client.get("/search/?q=harbour").content.decode()
    assert f'data-searches="{viewer.public_id}"' in page
    assert "harbour" not in client.get("/search/").content.decode()
    assert 'logout/" data-forget-searches' in page
