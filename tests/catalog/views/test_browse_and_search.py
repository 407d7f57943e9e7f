import pytest

from catalog.models import Genre
from tests.factories import make_artwork, make_credit, make_person, make_title

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
    with django_assert_max_num_queries(9):
        client.get("/browse/")


@pytest.mark.parametrize(
    "text",
    ["a & b | !c", "'", "\\", "a:*", "<-> (", "'; DROP TABLE", "%", "\n", "a" * 5000, "🎬"],
)
def test_it_takes_any_text(as_viewer, viewer, text):
    assert as_viewer(viewer).get("/search/", {"q": text}).status_code == 200


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
    assert "No title, person or genre matches." in page


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
    with django_assert_max_num_queries(21):
        client.get("/search/?q=harbour")
    with django_assert_max_num_queries(21):
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
    assert "as soon as an editor" in client.get("/browse/").text
    assert "no titles of this genre" in client.get("/browse/drama/").text
