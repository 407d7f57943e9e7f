import hashlib
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog.artwork import refusals
from catalog.artwork.inspection import decode, inspect
from tests.catalog.artwork.pictures import (
    animation,
    drawn,
    encoded,
    picture,
    png_that_claims,
    raw_png,
)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_it_tells_the_facts_of_a_good_picture(kind):
    data = picture(800, 450, kind)
    facts = inspect(data)
    assert (facts.format.upper(), facts.width, facts.height) == (kind, 800, 450)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.size == len(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_it_refuses_a_file_cut_off_anywhere(kind):
    data = picture(640, 360, kind)
    for length in (12, len(data) // 3, len(data) * 9 // 10):
        with pytest.raises((refusals.Damaged, refusals.NotAPicture)):
            inspect(data[:length])


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_it_refuses_what_moves(kind):
    with pytest.raises(refusals.Animated, match="stands still"):
        inspect(animation(kind))


def test_it_refuses_an_empty_file():
    with pytest.raises(refusals.Empty, match="empty"):
        inspect(b"")


def test_it_refuses_too_many_bytes_before_it_looks_at_any():
    with pytest.raises(refusals.TooLarge, match="larger than 1 MB"):
        inspect(b"no picture" * 200_000, max_bytes=1_000_000)


@pytest.mark.parametrize("size", [(30_000, 30_000), (10_000, 9_500), (8_000, 7_000)])
def test_it_refuses_a_bomb_by_its_header(size):
    with pytest.raises(refusals.TooLarge, match="50 million pixels"):
        inspect(png_that_claims(*size))


@pytest.mark.parametrize(
    ("claims", "match"),
    [
        ({"name": "poster.jpg"}, "calls itself JPEG but is PNG"),
        ({"content_type": "image/webp"}, "calls itself WebP but is PNG"),
        ({"name": "a.avif", "content_type": "image/jpeg"}, "AVIF and JPEG but is PNG"),
    ],
)
def test_it_refuses_a_wrong_label(claims, match):
    with pytest.raises(refusals.Mislabelled, match=match):
        inspect(picture(), **claims)


def test_it_takes_a_name_that_claims_nothing():
    assert inspect(picture(), name="poster", content_type="application/octet-stream")


@pytest.mark.parametrize(
    ("data", "refusal", "match"),
    [
        (b"hello", refusals.NotAPicture, "not a picture"),
        (b"%PDF-1.7 ...", refusals.NotAPicture, "PDF"),
        (b"PK\x03\x04....", refusals.NotAPicture, "ZIP"),
        (b"<!DOCTYPE html><p>", refusals.NotAPicture, "web page"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42", refusals.NotAPicture, "video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", refusals.WrongFormat, "SVG"),
        (b"<?xml version='1.0'?>\n<svg/>", refusals.WrongFormat, "SVG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heic", refusals.WrongFormat, "HEIC"),
    ],
)
def test_it_names_what_a_file_is_instead(data, refusal, match):
    with pytest.raises(refusal, match=match):
        inspect(data)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_it_refuses_a_picture_in_another_format(kind):
    with pytest.raises(refusals.WrongFormat, match=f"{kind}.*JPEG, PNG, WebP or AVIF"):
        inspect(picture(kind=kind))


@pytest.mark.parametrize("size", [(639, 720), (1280, 359), (1, 1)])
def test_it_refuses_what_is_too_small(size):
    with pytest.raises(refusals.WrongShape, match="at least 640 × 360"):
        inspect(picture(*size))


@pytest.mark.parametrize("size", [(1400, 400), (640, 1400)])
def test_it_refuses_what_is_too_narrow(size):
    with pytest.raises(refusals.WrongShape, match="Crop it first"):
        inspect(picture(*size))


def test_it_refuses_what_shows_its_background():
    image = drawn(mode="RGBA")
    image.putpixel((3, 3), (0, 0, 0, 128))
    with pytest.raises(refusals.Transparent):
        inspect(encoded(image))


def test_it_drops_an_alpha_channel_that_hides_nothing():
    _, image = decode(encoded(drawn(mode="RGBA")))
    assert image.mode == "RGB"


def test_it_turns_a_picture_upright_and_strips_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    exif[0x010F] = "A camera"
    facts, image = decode(picture(1280, 720, "JPEG", exif=exif))
    assert (facts.width, facts.height) == image.size == (720, 1280)
    assert image.info == {}
    assert not image.getexif()


def test_its_refusals_cross_processes():
    refusal = refusals.Damaged("The JPEG is damaged.")
    assert str(pickle.loads(pickle.dumps(refusal))) == str(refusal)


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP", "AVIF"]),
    at=st.floats(0, 1),
    junk=st.binary(min_size=1, max_size=40),
)
@settings(max_examples=60, deadline=None)
def test_it_answers_any_damage_with_facts_or_a_refusal(kind, at, junk):
    good = SMALL[kind]
    place = int(at * len(good))
    data = good[:place] + junk + good[place + len(junk) :]
    try:
        facts = inspect(data, max_pixels=2_000_000)
    except refusals.ArtworkRefused as refusal:
        assert str(refusal)
    else:
        assert facts.width * facts.height <= 2_000_000


SMALL = {kind: picture(640, 360, kind) for kind in ("PNG", "JPEG", "WEBP", "AVIF")}


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_without_the_colours_that_it_uses_is_no_fault_of_ours(bits):
    """More transparent colours than the palette holds: Pillow finds out when it converts them."""
    row = b"\0" + bytes((640 * bits + 7) // 8)
    chunks = ((b"PLTE", b"\1\2\3"), (b"tRNS", b"\xff" * 300))
    with pytest.raises(refusals.Damaged, match="The PNG is damaged"):
        inspect(raw_png(640, 360, bits, 3, row * 360, *chunks))
