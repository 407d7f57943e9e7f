import pytest
from django.urls import reverse

from catalog.models import Artwork
from catalog.queries.artwork import look_alikes
from tests.factories import make_artwork, make_credit, make_person, make_title

pytestmark = pytest.mark.django_db


def test_it_lists_titles_with_how_their_artwork_stands(studio):
    title = make_title(name="Harbour Lights")
    make_artwork(title)
    make_artwork(title, state=Artwork.State.PENDING)
    page = studio.get(reverse("catalog:studio"), {"words": "harbour lights"}).content.decode()
    assert "Harbour Lights" in page
    assert "1 approved" in page
    assert "1 waiting" in page


def test_it_says_apart_that_nothing_matches_and_that_there_is_nothing(studio):
    address = reverse("catalog:studio")
    assert "There are no titles yet" in studio.get(address).text
    make_title(name="Harbour Lights")
    assert "No title matches this search" in studio.get(address, {"words": "zebra"}).text


@pytest.mark.parametrize("words", ["luna", "ŁUNA", "luna 9", "una", "lnua"])
def test_it_finds_titles_as_viewers_do(studio, words):
    title = make_title(name="Łuna-9", published=False)
    make_artwork(title, state=Artwork.State.PENDING)
    make_artwork(make_title(name="Something Else"), state=Artwork.State.PENDING)
    listed = studio.get(reverse("catalog:studio"), {"words": words}).context["titles"]
    assert [title.name for title in listed] == ["Łuna-9"]
    waiting = studio.get(reverse("catalog:studio_review"), {"words": words}).context["artworks"]
    assert [artwork.title.name for artwork in waiting] == ["Łuna-9"]


def test_it_finds_what_lacks_something(studio):
    bare, chosen, whole = make_title(name="Bare"), make_title(name="One"), make_title(name="Whole")
    make_artwork(chosen)
    whole.default_artwork, _ = make_artwork(whole), make_artwork(whole)
    whole.save()

    def found(lacking):
        response = studio.get(reverse("catalog:studio"), {"lacking": lacking})
        return {title.name for title in response.context["titles"]}

    assert found("artwork") == {bare.name}
    assert found("choice") == {bare.name, chosen.name}
    assert found("default") == {bare.name, chosen.name}
    assert found("") == found("nonsense") == {bare.name, chosen.name, whole.name}


@pytest.mark.parametrize("words", ["%", "x" * 5000, "' OR 1=1"])
def test_it_answers_any_search(studio, words):
    make_title()
    for name in ("studio", "studio_review"):
        assert studio.get(reverse(f"catalog:{name}"), {"words": words}).status_code == 200


def test_its_lists_cost_the_same_for_many(studio, django_assert_max_num_queries):
    for number in range(6):
        title = make_title()
        for _ in range(3):
            state = Artwork.State.PENDING if number else Artwork.State.APPROVED
            make_artwork(title, state=state, depicted=(make_person(),))
    for address in (reverse("catalog:studio"), reverse("catalog:studio_review")):
        studio.get(address)
        with django_assert_max_num_queries(13):
            studio.get(address)


def test_the_queue_holds_what_waits_oldest_first(studio):
    title = make_title(name="Harbour Lights")
    make_artwork(title)
    waiting = [make_artwork(title, state="pending", kind=kind) for kind in ("lead", "scene")]
    address = reverse("catalog:studio_review")
    assert list(studio.get(address).context["artworks"]) == waiting
    assert list(studio.get(address, {"kind": "scene"}).context["artworks"]) == waiting[1:]
    assert list(studio.get(address, {"words": "harbour"}).context["artworks"]) == waiting
    assert list(studio.get(address, {"words": "desert"}).context["artworks"]) == []


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_board_shows_any_number_of_artworks(studio, count, django_assert_max_num_queries):
    title, person = make_title(), make_person(name="Ada Quill")
    make_credit(title, person=person)
    for _ in range(count):
        make_artwork(title, depicted=(person,))
    address = reverse("catalog:studio_title", args=[title.slug])
    studio.get(address)
    with django_assert_max_num_queries(10):
        page = studio.get(address).content.decode()
    assert page.count("studio-card") == count
    assert page.count("Ada Quill") == count
    assert ("no artwork yet" in page) == (count == 0)
    assert ("nothing to choose from" in page) == (count == 1)


def test_a_board_puts_what_waits_first_and_marks_the_default(studio):
    title = make_title()
    withdrawn = make_artwork(title, state="withdrawn", state_reason="Rights ended")
    plain, default = make_artwork(title), make_artwork(title)
    pending = make_artwork(title, state="pending")
    title.default_artwork = default
    title.save()
    response = studio.get(reverse("catalog:studio_title", args=[title.slug]))
    order = [artwork for artwork, _ in response.context["cards"]]
    assert order == [pending, default, plain, withdrawn]
    assert "Rights ended" in response.content.decode()


def test_the_links_of_the_queue_have_names(studio):
    artwork = make_artwork(make_title(name="Harbour Lights"), state="pending", alt="")
    page = studio.get(reverse("catalog:studio_review")).content.decode()
    assert f'aria-label="Annotate artwork {artwork.pk} of Harbour Lights"' in page


def test_it_finds_look_alikes():
    title = make_title()
    one = make_artwork(title, perceptual_hash="ffffffffffffffff")
    near = make_artwork(title, perceptual_hash="fffffffffffffff0")
    far = make_artwork(title, perceptual_hash="00000000ffffffff")
    assert look_alikes([one, near, far]) == {one.pk: [near], near.pk: [one]}
