"""The public page of a title."""

import pytest
from django.test import Client

from catalog.models import Title
from tests.factories import make_artwork, make_title

pytestmark = pytest.mark.django_db


@pytest.fixture
def title():
    title = make_title(slug="shown", name="Shown", synopsis="What happens.")
    make_artwork(title)
    title.default_artwork = make_artwork(title, alt="The standard one")
    title.save()
    return title


def shared(client):
    return client.get("/share/shown/").content.decode()


def test_anybody_sees_the_facts_and_the_standard_picture_alone(title, client):
    page = shared(client)
    standard = title.default_artwork.renditions[0]["name"]
    assert f'<meta property="og:image" content="http://testserver/media/{standard}">' in page
    assert 'content="http://testserver/share/shown/"' in page
    assert "What happens." in page
    other = title.artworks.exclude(pk=title.default_artwork_id).get()
    assert other.renditions[0]["name"] not in page


def test_a_viewer_sees_the_same_picture(title, as_viewer, viewer):
    assert title.default_artwork.renditions[0]["name"] in shared(as_viewer(viewer))


def test_the_picture_of_an_adult_title_is_not_public(title):
    Title.objects.update(maturity=18)
    page = shared(Client())
    assert "Shown" in page
    assert "og:image" not in page
    assert "What happens." not in page
    assert "/media/" not in page


def test_a_child_does_not_find_what_it_may_not_see(title, as_viewer, child):
    Title.objects.update(maturity=16)
    assert as_viewer(child).get("/share/shown/").status_code == 404


def test_an_unpublished_title_is_not_found(title, client):
    Title.objects.update(published=False)
    assert client.get("/share/shown/").status_code == 404
    assert client.post("/share/shown/").status_code == 405


def test_names_and_words_are_escaped(client):
    make_title(slug="shown", name='"><script>alert(1)</script>', synopsis='" onload="x')
    page = shared(client)
    assert "<script>alert" not in page
    assert '" onload' not in page
