import re
from io import BytesIO

import pytest
from django.utils.translation import override
from PIL import Image

from catalog.actions.portraits import (
    SIDE,
    WORDS,
    PortraitRefused,
    drop_portrait,
    set_portrait,
)
from catalog.actions.viewers import FIGURES, Profile, change_viewer, remove_viewer
from catalog.artwork import refusals
from catalog.artwork.refusals import (
    Animated,
    ArtworkRefused,
    Damaged,
    Empty,
    NotAPicture,
    TooLarge,
    WrongShape,
)
from catalog.drawing import avatars
from catalog.models import Portrait
from config.paths import BASE

AMBER = "#e0a526"


def picture(size=(400, 300), colour="red", form="JPEG", **options):
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, form, **options)
    return file.getvalue()


def turned():
    """A picture that lies on its side, with a place in its EXIF: blue above red when upright."""
    image = Image.new("RGB", (400, 400), "red")
    image.paste("blue", (0, 0, 200, 400))  # the left half, which is above when turned clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of somebody"
    file = BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_it_keeps_a_small_square_and_nothing_else_of_the_file(viewer):
    set_portrait(viewer, turned(), name="me.jpg", content_type="image/jpeg")
    kept = bytes(Portrait.objects.get(viewer=viewer).webp)
    assert b"Camera" not in kept
    image = Image.open(BytesIO(kept))
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (SIDE, SIDE), {})
    above, below = (image.convert("RGB").getpixel((160, y)) for y in (20, 300))
    assert above[2] > 200 > above[0]
    assert below[0] > 200 > below[2]


def test_a_new_picture_replaces_the_old_one(viewer):
    set_portrait(viewer, picture())
    before = viewer.picture
    set_portrait(viewer, picture(colour="green"))
    assert viewer.picture != before
    assert Portrait.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", Empty),
        (b"<html><script>alert(1)</script>", NotAPicture),
        (picture(size=(20, 20)), WrongShape),
        (picture(size=(2000, 200)), WrongShape),
        (picture(size=(9000, 9000), form="PNG"), TooLarge),  # a bomb: 81 million pixels in 240 kB
        (picture()[:900], Damaged),
    ],
)
def test_it_refuses_what_artwork_refuses_and_changes_nothing(viewer, data, refusal):
    set_portrait(viewer, picture())
    before = viewer.picture
    with pytest.raises(PortraitRefused) as refused:
        set_portrait(viewer, data)
    assert type(refused.value.__cause__) is refusal
    assert "artwork" not in str(refused.value).lower()
    viewer.refresh_from_db()
    assert viewer.picture == before
    assert Portrait.objects.count() == 1


def test_it_refuses_a_picture_that_moves(viewer):
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    file = BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(PortraitRefused, match="A portrait stands still") as refused:
        set_portrait(viewer, file.getvalue())
    assert type(refused.value.__cause__) is Animated


def test_every_reason_to_refuse_has_words_about_a_portrait_in_both_languages():
    kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type)]
    assert {ArtworkRefused, *WORDS} == set(kinds)
    with override("de"):
        german = [str(words) for words in WORDS.values()]
    for words, translated in zip(map(str, WORDS.values()), german, strict=True):
        assert re.search("(?i)portrait|picture|file", words) and words != translated
        assert "artwork" not in words.lower() and "artwork" not in translated.lower()


def test_it_goes_with_the_profile_and_when_a_drawn_person_takes_its_place(viewer):
    set_portrait(viewer, picture())
    change_viewer(viewer, Profile("Robin", AMBER), keep_picture=True)
    assert viewer.picture
    change_viewer(viewer, Profile("Robin", AMBER, figure="mara"))
    assert (viewer.picture, viewer.figure) == ("", "mara")
    assert not Portrait.objects.exists()
    set_portrait(viewer, picture())
    assert viewer.figure == ""
    drop_portrait(viewer)
    assert not Portrait.objects.exists()
    set_portrait(viewer, picture())
    remove_viewer(viewer)
    assert not Portrait.objects.exists()


def test_every_drawn_person_has_a_name_and_a_file_as_it_is_drawn():
    assert set(FIGURES) == set(avatars.FIGURES)
    files = {file.stem for file in (BASE / "static" / "people").glob("*.webp")}
    assert files == set(FIGURES)
    assert (BASE / "static" / "people" / "mara.webp").read_bytes() == avatars.avatar("mara")
