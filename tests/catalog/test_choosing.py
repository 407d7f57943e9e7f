from catalog.choosing import Choice, DefaultChooser
from catalog.models import Artwork
from tests.factories import NOW, make_artwork, make_title, make_viewer


def choose(*titles):
    return DefaultChooser().choose(make_viewer(), titles, surface="home", now=NOW)


def test_it_shows_the_editors_default(db):
    title = make_title()
    make_artwork(title)
    title.default_artwork = make_artwork(title)
    assert choose(title) == {title.pk: Choice(title.default_artwork.pk)}


def test_it_shows_the_first_approved_artwork_where_the_default_was_withdrawn(db):
    title = make_title()
    first = make_artwork(title)
    title.default_artwork = make_artwork(title, state=Artwork.State.WITHDRAWN)
    assert choose(title) == {title.pk: Choice(first.pk)}


def test_it_leaves_out_a_title_without_artwork(db):
    assert choose(make_title()) == {}
