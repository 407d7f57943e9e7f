from io import BytesIO

import pytest
from PIL import Image

from catalog.drawing.cards import (
    MOODS,
    SIZE,
    VERSION,
    Card,
    _legible,
    digest_in,
    draw,
    make,
    original_name,
    rendition_name,
)
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


def test_everything_that_decides_the_look_is_in_the_digest():
    cards = {
        LEAD,
        Card("supporting", "film-noir", "The Lantern", "Ada Quill"),
        Card("lead", "war", "The Lantern", "Ada Quill"),
        Card("lead", "film-noir", "Lantern", "Ada Quill"),
        Card("lead", "film-noir", "The Lantern", "Bo Renn"),
        Card("lead", "film-noir", "The Lantern", "Ada Quill", 1),
    }
    assert len({card.digest for card in cards}) == len(cards)


def test_a_drawing_that_changes_takes_a_new_version():
    """The names of files are kept for ever: a failure here means that VERSION has to rise."""
    digest = "245e9e2f7081d109"
    assert (VERSION, LEAD.digest[:16]) == (1, digest)


@pytest.mark.parametrize(
    ("name", "of_a_card"),
    [
        (rendition_name(LEAD.digest, 320), True),
        (rendition_name(LEAD.digest, 640), True),
        (original_name(LEAD.digest), True),
        (rendition_name(LEAD.digest, 1280), False),
        (rendition_name(LEAD.digest, 320).upper(), False),
        (rendition_name(LEAD.digest, 320) + "\n", False),
        (f"drawn/{LEAD.digest}-320.webp", False),
        (f"xx/{LEAD.digest}.webp", False),
    ],
)
def test_the_name_of_a_file_tells_its_card(name, of_a_card):
    assert digest_in(name) == (LEAD.digest if of_a_card else None)


def test_a_letter_that_the_font_lacks_is_drawn_as_its_base_letter():
    legible = "".join(_legible(letter, "serif") for letter in "Łódź, Café ő 李安 Ж!")
    assert legible == "Lódz, Café o  !"
    assert draw(Card("type", "drama", "李安"))
    assert draw(Card("lead", "drama", "李安", "李安"))
