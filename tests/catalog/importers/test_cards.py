from io import BytesIO

import pytest
from PIL import Image

from catalog.importers.cards import MOODS, SIZE, Card, draw, make
from catalog.models import Artwork

LEAD = Card("lead", "film-noir", "The Lantern", "Ada Quill")


def test_the_same_card_is_the_same_file():
    assert draw(LEAD) == draw(LEAD)
    assert draw(LEAD) != draw(Card("lead", "film-noir", "The Lantern", "Bo Renn"))


@pytest.mark.parametrize("genre", MOODS)
@pytest.mark.parametrize("kind", ["lead", "supporting", "scene", "type", "moment"])
def test_every_kind_and_genre_can_be_drawn(genre, kind):
    assert kind in Artwork.Kind.values
    person = "Ada Quill" if kind in ("lead", "supporting") else ""
    picture = Image.open(BytesIO(draw(Card(kind, genre, "The Lantern", person))))
    assert picture.size == SIZE
    # Something is on it: a blank picture has a handful of colours at most.
    assert len(picture.getcolors(SIZE[0] * SIZE[1])) > 500


def test_a_name_too_long_for_any_line_is_still_drawn():
    assert draw(Card("type", "drama", "Llanfair" * 20))
    assert draw(Card("type", "drama", "word " * 40))


def test_a_card_is_accepted_as_an_upload_would_be():
    prepared = make(LEAD)
    assert prepared.facts.width == SIZE[0]
    assert [rendition.width for rendition in prepared.renditions] == [320, 640]
