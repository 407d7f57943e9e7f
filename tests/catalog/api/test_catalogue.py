import pytest
from django.urls import reverse
from rest_framework.throttling import ScopedRateThrottle

from catalog.models import Title
from tests.catalog.api.conftest import as_viewer
from tests.factories import (
    make_artwork,
    make_credit,
    make_person,
    make_title,
    make_viewer,
    make_watch_event,
)

pytestmark = pytest.mark.django_db


def slugs(response):
    assert response.status_code == 200, response.content
    return [title["slug"] for title in response.json()["results"]]


class TestTitles:
    address = "/api/v1/titles/"

    def test_it_lists_newest_first_with_their_artwork(self, api):
        old, new = make_title(year=1990), make_title(year=2020)
        artwork = make_artwork(new, alt="A street.")
        response = api.get(self.address)
        assert slugs(response) == [new.slug, old.slug]
        shown = response.json()["results"][0]["artwork"]
        assert shown["alt"] == "A street."
        assert shown["src"].endswith(artwork.renditions[0]["name"])
        assert shown["token"] == f"browse-{artwork.pk}"
        assert response.json()["results"][1]["artwork"] is None

    def test_it_lists_a_genre(self, api):
        crime = make_title(genres=("crime", "drama"))
        make_title(genres=("comedy",))
        assert slugs(api.get(self.address, {"genre": "crime"})) == [crime.slug]

    @pytest.mark.parametrize("genre", ["nothing", "\n", "%"])
    def test_it_knows_no_other_genre(self, api, genre):
        make_title()
        assert api.get(self.address, {"genre": genre}).status_code == 404

    def test_it_goes_from_page_to_page(self, api):
        titles = [make_title(year=2000 + number) for number in range(5)]
        first = api.get(self.address, {"limit": 3})
        second = api.get(first.json()["next"])
        expected = [title.slug for title in reversed(titles)]
        assert slugs(first) + slugs(second) == expected
        assert second.json()["next"] is None

    def test_it_limits_a_page(self, api):
        for _ in range(3):
            make_title()
        assert len(slugs(api.get(self.address, {"limit": 10**9}))) == 3
        assert len(slugs(api.get(self.address, {"limit": "-1"}))) == 3

    def test_it_refuses_an_invented_cursor(self, api):
        assert api.get(self.address, {"cursor": "nonsense"}).status_code == 404

    def test_it_costs_the_same_for_many(self, api, django_assert_max_num_queries):
        for _ in range(8):
            make_artwork(make_title())
        with django_assert_max_num_queries(14):
            api.get(self.address)


class TestTitle:
    def test_it_tells_the_cast_in_billing_order_and_the_episodes(self, api):
        title = make_title(kind=Title.Kind.SERIES, synopsis="They meet.")
        for billing, name in ((2, "Second"), (1, "First")):
            make_credit(title, person=make_person(name=name), billing=billing)
        make_credit(title, person=make_person(name="Writer"), role="writer")
        season = title.seasons.create(number=1)
        season.episodes.create(number=1, name="Pilot")
        artwork = make_artwork(title)
        story = api.get(f"/api/v1/titles/{title.slug}/").json()
        assert [credit["name"] for credit in story["credits"]] == ["First", "Second", "Writer"]
        assert [(at["season"], at["name"]) for at in story["episodes"]] == [(1, "Pilot")]
        assert story["genres"] == [{"slug": "drama", "name": "Drama"}]
        assert story["artwork"]["token"] == f"title-{artwork.pk}"

    def test_it_lists_the_specials_last(self, api):
        title = make_title(kind=Title.Kind.SERIES, runtime_minutes=None)
        for number in (0, 2, 1):
            title.seasons.create(number=number).episodes.create(number=1, name="One")
        story = api.get(f"/api/v1/titles/{title.slug}/").json()
        assert [episode["season"] for episode in story["episodes"]] == [1, 2, 0]
        assert story["runtime_minutes"] is None

    @pytest.mark.parametrize("count", [0, 1, 40])
    def test_it_answers_with_any_number_of_artworks(self, api, count):
        title = make_title()
        for _ in range(count):
            make_artwork(title)
        shown = api.get(f"/api/v1/titles/{title.slug}/").json()["artwork"]
        assert (shown is None) == (count == 0)

    def test_it_hides_what_is_not_published(self, api):
        title = make_title(published=False)
        assert api.get(f"/api/v1/titles/{title.slug}/").status_code == 404
        assert slugs(api.get("/api/v1/titles/")) == []


class TestChild:
    @pytest.fixture
    def api(self, client):
        return as_viewer(client, make_viewer(is_child=True))

    def test_it_shows_a_child_only_what_it_may_see(self, api):
        grim = make_title(maturity=16, name="Grim", genres=("horror",))
        kind = make_title(maturity=7, name="Kind")
        actor = make_person(name="Ada Quill")
        for title in (grim, kind):
            make_credit(title, person=actor)
            make_artwork(title)
        only_grim = make_person(name="Ada Grim")
        make_credit(grim, person=only_grim)
        assert slugs(api.get("/api/v1/titles/")) == [kind.slug]
        assert api.get(f"/api/v1/titles/{grim.slug}/").status_code == 404
        assert [genre["slug"] for genre in api.get("/api/v1/genres/").json()] == ["drama"]
        found = api.get("/api/v1/search/", {"q": "ada"}).json()
        assert [title["name"] for title in found["titles"]] == ["Kind"]
        assert [person["name"] for person in found["people"]] == ["Ada Quill"]
        story = api.get(f"/api/v1/people/{actor.slug}/").json()
        assert [credit["title"]["name"] for credit in story["credits"]] == ["Kind"]
        assert api.get(f"/api/v1/people/{only_grim.slug}/").status_code == 404
        home = api.get("/api/v1/home/").json()
        assert "Grim" not in str(home)


class TestSearchAndPeople:
    def test_seeing_what_was_searched_for_counts_for_nothing(self, api):
        title, person = make_title(name="Harbour Lights"), make_person(name="Ada Quill")
        make_credit(title, person=person, character="A Cook")
        make_artwork(title)
        found = api.get("/api/v1/search/", {"q": "harb"}).json()
        assert found["titles"][0]["artwork"]["token"] == ""
        story = api.get(f"/api/v1/people/{person.slug}/").json()
        assert story["credits"][0]["character"] == "A Cook"
        assert story["credits"][0]["title"]["artwork"]["token"] == ""

    def test_it_finds_names_however_they_are_written(self, api):
        make_title(name="Cœur-Łuna", genres=("film-noir",))
        for words in ("coeurluna", "Cœur-Łuna", "ŒUR", "coeur lnua"):
            found = api.get("/api/v1/search/", {"q": words}).json()
            assert [title["name"] for title in found["titles"]] == ["Cœur-Łuna"]
            assert found["genres"] == []
        found = api.get("/api/v1/search/", {"q": "film noir"}).json()
        assert found["genres"] == [{"slug": "film-noir", "name": "Film-Noir"}]
        assert [title["name"] for title in found["titles"]] == ["Cœur-Łuna"]

    @pytest.mark.parametrize("words", ["", "\n", "' & | !", "x" * 5000, "é"])
    def test_it_answers_any_words(self, api, words):
        make_title()
        assert api.get("/api/v1/search/", {"q": words}).status_code == 200

    def test_it_limits_searches(self, api, monkeypatch):
        monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "search", "2/min")
        answers = [api.get(reverse("catalog-api:search")).status_code for _ in range(3)]
        assert answers == [200, 200, 429]


class TestHome:
    def test_it_has_a_billboard_and_rows_with_tokens(self, api):
        artworks = {}
        for _ in range(6):
            title = make_title()
            artworks[title.slug] = make_artwork(title).pk
        home = api.get("/api/v1/home/").json()
        board = home["billboard"]
        assert board["artwork"]["token"] == f"home-{artworks[board['slug']]}"
        assert home["rows"]
        for row in home["rows"]:
            for title in row["titles"]:
                assert title["artwork"]["token"] == f"home-{artworks[title['slug']]}"

    def test_what_to_continue_has_its_place_and_no_token(self, api, viewer):
        title = make_title()
        make_artwork(title)
        make_watch_event(viewer, title, position_seconds=1200, watched_seconds=1200)
        home = api.get("/api/v1/home/").json()
        row = home["rows"][0]
        assert (row["kind"], row["titles"][0]["slug"]) == ("continue", title.slug)
        assert row["titles"][0]["artwork"]["token"] == ""
        assert home["progress"] == [
            {
                "title": title.slug,
                "progress": {"position_seconds": 1200, "runtime_seconds": 6000, "episode": None},
            }
        ]

    def test_it_answers_for_an_empty_catalogue(self, api):
        assert api.get("/api/v1/home/").json() == {"billboard": None, "rows": [], "progress": []}

    def test_it_costs_the_same_for_many(self, api, django_assert_max_num_queries):
        for _ in range(12):
            make_artwork(make_title())
        with django_assert_max_num_queries(16):
            api.get("/api/v1/home/")
