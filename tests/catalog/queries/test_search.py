"""What viewers find: titles, people and genres that they may see, nearest first."""

import pytest
from django.utils.translation import gettext, override

from catalog.queries.search import MAX_TITLES, search
from tests.factories import make_credit, make_genre, make_mood, make_person, make_title


def titles(viewer, text):
    return [title.name for title in search(viewer, text).titles]


@pytest.mark.parametrize(
    "text", ["red har", "RED", "harbour red", "  the   red ", "réd", "red-harb", "har", "arbour"]
)
def test_it_finds_a_title_by_parts_of_its_words(viewer, text):
    make_title(name="The Red Harbour")
    make_title(name="Something Else")
    assert titles(viewer, text) == ["The Red Harbour"]


@pytest.mark.parametrize(
    "text", ["harboured", "red zebra", "hered", "", "   ", "!!!", "_", "xyzzy"]
)
def test_it_finds_nothing_that_does_not_resemble_the_text(viewer, text):
    make_credit(make_title(name="The Red Harbour"), person=make_person(name="Dara Lind"))
    assert not search(viewer, text)


@pytest.mark.parametrize(
    "text", ["dara l", "DÁRA", "dara-lind", "lind dara", "daralind", "dara lnid"]
)
def test_it_finds_people_and_what_they_are_in(viewer, text):
    title = make_title(name="The Red Harbour")
    make_title(name="Something Else")
    make_credit(title, person=make_person(name="Dara Lind"))
    result = search(viewer, text)
    assert [person.name for person in result.people] == ["Dara Lind"]
    assert [title.name for title in result.titles] == ["The Red Harbour"]


@pytest.mark.parametrize(
    "text", ["science fiction", "Science-Fiction", "sciencefiction", "sceince"]
)
def test_it_finds_genres_and_their_titles(viewer, text):
    make_genre("unused-science")
    make_title(name="Rockets", genres=("science-fiction",))
    make_title(name="Something Else")
    result = search(viewer, text)
    assert [genre.slug for genre in result.genres] == ["science-fiction"]
    assert [title.name for title in result.titles] == ["Rockets"]


def test_part_of_a_genres_name_gives_the_genre_and_not_its_titles(viewer):
    make_title(name="Rockets", genres=("science-fiction",))
    result = search(viewer, "sci")
    assert [genre.slug for genre in result.genres] == ["science-fiction"]
    assert result.titles == []


def test_it_puts_names_before_people_and_people_before_genres(viewer):
    make_title(name="A", genres=("harbour",), year=2030)
    make_credit(make_title(name="B"), person=make_person(name="Harbour Jones"))
    make_title(name="Harbour", year=1990)
    assert titles(viewer, "harbour") == ["Harbour", "B", "A"]


def test_what_a_person_is_in_comes_before_titles_that_only_hold_the_letters(viewer):
    make_title(name="Sparks")
    make_credit(make_title(name="B"), person=make_person(name="Park Jones"))
    assert titles(viewer, "park") == ["B", "Sparks"]


def test_a_name_as_typed_is_not_followed_by_names_that_resemble_it(viewer):
    make_title(name="Alien")
    make_title(name="Allen")
    assert titles(viewer, "alien") == ["Alien"]
    assert titles(viewer, "alein") == ["Alien"]
    assert titles(viewer, "alen") == ["Alien", "Allen"]


def test_many_names_that_resemble_the_text_do_not_push_out_the_one_as_typed(viewer):
    for number in range(MAX_TITLES + 5):
        make_title(name=f"Harbor {number}")
    make_title(name="Zz Harbour")
    found = titles(viewer, "harbour")
    assert found == ["Zz Harbour"]
    assert len(titles(viewer, "harbor")) == MAX_TITLES


@pytest.mark.parametrize(
    "text", ["red harbour", "harb", "arbou", "harbuor", "dara", "dara lnid", "noir"]
)
def test_it_keeps_a_childs_limit_and_what_is_not_published(child, viewer, text):
    for fields in ({"maturity": 16}, {"published": False}):
        title = make_title(name="The Red Harbour", genres=("noir",), **fields)
        make_credit(title, person=make_person(name="Dara Lind"))
    assert not search(child, text)
    shown = search(viewer, text)
    assert [title.published for title in shown.titles] == [True]
    assert len(shown.people) <= 1


def test_it_finds_a_title_once(viewer):
    title = make_title(name="Harbour", genres=("harbour",))
    make_credit(title, person=make_person(name="Harbour Jones"))
    make_credit(title, person=make_person(name="Jo Harbour"))
    assert titles(viewer, "harbour") == ["Harbour"]


@pytest.mark.parametrize(
    "text", ["Komödie", "komodie", "KOMÖDIE", "komo", "kommödie", "Comedy", "comedy", "comdy"]
)
def test_a_german_page_finds_genres_by_their_german_and_english_names(viewer, text):
    make_genre("comedy")
    make_title(name="Jokes", genres=("comedy",))
    make_title(name="Something Else", genres=("western",))
    with override("de"):
        found = search(viewer, text)
        assert gettext("Comedy") == "Komödie"
    assert [genre.slug for genre in found.genres] == ["comedy"]
    assert [title.name for title in found.titles] == (["Jokes"] if text != "komo" else [])


def test_a_german_page_finds_moods_and_an_english_page_no_german_names(viewer):
    title = make_title(name="Jokes")
    title.moods.add(make_mood("tense"))
    with override("de"):
        for text in ("Spannend", "spannend", "tense"):
            found = search(viewer, text)
            assert [mood.slug for mood in found.moods] == ["tense"], text
            assert [each.name for each in found.titles] == ["Jokes"], text
    assert not search(viewer, "Spannend")


def test_a_german_page_keeps_a_childs_limit(child):
    make_genre("comedy")
    make_title(name="Grim", genres=("comedy",), maturity=16)
    with override("de"):
        assert not search(child, "Komödie")
