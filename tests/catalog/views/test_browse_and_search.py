import pytest
from django.db import connection

from catalog.models import Genre, Title
from catalog.models.wording import words_of
from catalog.queries.search import query_of, search
from tests.factories import make_artwork, make_credit, make_person, make_title

HTMX = {"HX-Request": "true"}


def found(viewer, text):
    return {title.name for title in search(viewer, text).titles}


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
    assert 'href="?page=2"' in whole  # without JavaScript it is a link
    part = client.get("/browse/?page=2", headers=HTMX)
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
    with django_assert_max_num_queries(8):
        client.get("/browse/")


@pytest.mark.parametrize(
    "text", ["red har", "RED", "harbour red", "  the   red ", "réd", "red-harb", "har"]
)
def test_it_finds_a_title_by_the_beginnings_of_its_words(viewer, text):
    make_title(name="The Red Harbour")
    make_title(name="Something Else")
    assert found(viewer, text) == {"The Red Harbour"}


@pytest.mark.parametrize("text", ["harboured", "arbour", "red zebra", "", "   ", "!!!", "_"])
def test_it_finds_nothing_else(viewer, text):
    make_title(name="The Red Harbour")
    assert found(viewer, text) == set()


def test_it_finds_accents_however_they_are_typed(viewer):
    make_title(name="Amélie à Zürich")
    assert found(viewer, "AMELIE zurich") == {"Amélie à Zürich"}
    assert found(viewer, "amelie") == {"Amélie à Zürich"}
    assert found(viewer, "Ame\u0301lie") == {"Amélie à Zürich"}


@pytest.mark.parametrize(
    "text",
    ["a & b | !c", "'", "\\", "a:*", "<-> (", "'; DROP TABLE", "%", "\n", "a" * 5000, "🎬"],
)
def test_it_takes_any_text(as_viewer, viewer, text):
    assert as_viewer(viewer).get("/search/", {"q": text}).status_code == 200


def test_it_finds_people_and_what_they_are_in(viewer):
    title = make_title(name="The Red Harbour")
    make_credit(title, person=make_person(name="Dara Lind"))
    result = search(viewer, "dara l")
    assert [person.name for person in result.people] == ["Dara Lind"]
    assert [title.name for title in result.titles] == ["The Red Harbour"]


def test_it_puts_names_before_people(viewer):
    by_person = make_title(name="Another")
    make_credit(by_person, person=make_person(name="Harbour Jones"))
    make_title(name="Harbour")
    assert [title.name for title in search(viewer, "harbour").titles] == ["Harbour", "Another"]


def test_it_names_nobody_to_a_child_who_is_only_in_what_is_not_for_it(child, viewer):
    make_credit(make_title(maturity=16), person=make_person(name="Dara Lind"))
    assert not search(child, "dara")
    assert search(viewer, "dara")


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
    assert "No such" in page


def test_it_uses_the_index_of_words(db):
    make_title(name="The Red Harbour")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Title.objects.annotate(words=words_of("name")).filter(words=query_of("red")).explain()
    assert "title_words" in plan


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
    assert "as soon as an editor" in client.get("/browse/").text
    assert "no titles of this genre" in client.get("/browse/drama/").text
