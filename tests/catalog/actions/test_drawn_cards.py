import threading
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from PIL import Image

from catalog.actions import drawn_cards
from catalog.drawing.cards import Card, make, original_name, rendition_name
from catalog.models import DrawnCard

CARD = Card("type", "drama", "The Lantern")
NAME = rendition_name(CARD.digest, 640)


@pytest.fixture
def drawings(monkeypatch):
    """Count the drawings."""
    made = []
    monkeypatch.setattr(drawn_cards, "make", lambda card: made.append(card) or make(card))
    return made


def content(name):
    with default_storage.open(name) as file:
        return file.read()


@pytest.mark.django_db
def test_a_described_card_has_its_names_and_no_files():
    fields = drawn_cards.describe([CARD, CARD])[CARD]
    assert [one["name"] for one in fields["renditions"]] == [
        rendition_name(CARD.digest, 320),
        NAME,
    ]
    assert fields["placeholder"].startswith("data:image/webp;base64,")
    assert not default_storage.exists(NAME)
    assert DrawnCard.objects.count() == 1
    # Described again, it is the same.
    assert drawn_cards.describe([CARD])[CARD] == fields


@pytest.mark.django_db
def test_the_facts_of_a_card_are_those_of_the_picture_that_is_drawn():
    fields = drawn_cards.describe([CARD])[CARD]
    prepared = make(CARD)
    assert (fields["width"], fields["height"]) == (prepared.facts.width, prepared.facts.height)
    assert [(one["width"], one["height"]) for one in fields["renditions"]] == [
        (one.width, one.height) for one in prepared.renditions
    ]


@pytest.mark.django_db
def test_a_picture_is_drawn_once_for_all_its_sizes(drawings):
    drawn_cards.describe([CARD])
    for name in (NAME, rendition_name(CARD.digest, 320), NAME):
        with drawn_cards.open_rendition(name) as file:
            assert Image.open(BytesIO(file.read())).format == "WEBP"
    assert drawings == [CARD]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        NAME,
        original_name(CARD.digest),
        f"drawn/00/{CARD.digest}-640.webp",
        "ab/" + "ab" * 32 + ".webp",
    ],
)
def test_what_nobody_described_is_not_drawn(drawings, name):
    with pytest.raises(FileNotFoundError):
        drawn_cards.open_rendition(name)
    assert not drawings


@pytest.mark.django_db
def test_the_original_is_drawn_and_never_stored():
    drawn_cards.describe([CARD])
    data = drawn_cards.original_of(original_name(CARD.digest))
    assert Image.open(BytesIO(data)).format == "JPEG"
    assert drawn_cards.original_of("ab/" + "ab" * 32 + ".png") is None
    assert not default_storage.exists(original_name(CARD.digest))


@pytest.mark.django_db
def test_a_process_killed_while_it_stores_leaves_nothing_half(monkeypatch):
    drawn_cards.describe([CARD])

    class Killed(BaseException):
        pass

    def killed(path, target):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Path, "replace", killed)
        drawn_cards.open_rendition(NAME)
    assert not default_storage.exists(NAME)
    # What it left is of no harm to the next.
    assert default_storage.exists(rendition_name(CARD.digest, 320) + ".part")
    default_storage.save(f"{NAME}.part", ContentFile(b"half"))
    with drawn_cards.open_rendition(NAME) as file:
        assert Image.open(BytesIO(file.read())).size == (640, 360)
    _, files = default_storage.listdir(str(Path(NAME).parent))
    assert not [name for name in files if name.endswith(".part")]


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_have_it_drawn_once(drawings):
    drawn_cards.describe([CARD])
    start = threading.Barrier(4)
    pictures = []

    def ask():
        start.wait()
        with drawn_cards.open_rendition(NAME) as file:
            pictures.append(file.read())
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pictures) == 4
    assert len(set(pictures)) == 1
    assert drawings == [CARD]


@pytest.mark.django_db
def test_the_command_draws_what_is_missing_and_nothing_twice(drawings, capsys):
    other = Card("scene", "war", variant=3)
    drawn_cards.describe([CARD, other])
    drawn_cards.open_rendition(NAME).close()
    before = content(NAME)
    call_command("draw_pictures")
    assert capsys.readouterr().out.endswith("1 picture drawn.\n")
    assert drawings == [CARD, other]
    assert default_storage.exists(rendition_name(other.digest, 320))
    assert content(NAME) == before
    call_command("draw_pictures", verbosity=0)
    assert len(drawings) == 2
