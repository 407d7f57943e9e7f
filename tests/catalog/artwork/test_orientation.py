from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog.artwork.inspection import decode
from catalog.artwork.orientation import orientation
from catalog.artwork.renditions import prepare
from tests.catalog.artwork.metadata import (
    LONG,
    TEXT,
    jpeg_with,
    png_with,
    tiff,
    turned,
    with_exif,
)
from tests.catalog.artwork.pictures import drawn, encoded

KINDS = ["JPEG", "PNG", "WEBP"]
# Taller than wide as it is stored: turned by a quarter, it is 960 wide.
STORED = drawn(640, 960)
STORED.paste("red", (0, 0, 320, 480))

ODD = {
    "unit as text": [(0x0128, TEXT, 3, b"in\0")],
    "width as text": [(0x0100, TEXT, 4, b"720\0")],
    "positioning as text": [(0x0213, TEXT, 2, b"1\0")],
    "a resolution of nothing": [(0x011A, 5, 0, b"")],
    "a number as a fraction": [(0x0100, 5, 1, b"\xff\xff\xff\xf0")],
    "a huge count": [(0x010E, TEXT, 0xFFFFFFFF, b"\0\0\0\x08")],
    "an unknown type": [(0x0100, 99, 1, b"\0\0\0\1")],
    "a directory that points to itself": [(0x8769, LONG, 1, b"\0\0\0\x08")],
    "a directory beyond the end": [(0x8825, LONG, 1, b"\xff\xff\xff\xff")],
    "a directory as text": [(0x8769, TEXT, 4, b"abc\0")],
}


def corner(image):
    """Tell which corner of an upright picture is the red one of `STORED`."""
    x, y = image.width // 8, image.height // 8
    for name, place in {
        "top left": (x, y),
        "top right": (image.width - x, y),
        "bottom right": (image.width - x, image.height - y),
        "bottom left": (x, image.height - y),
    }.items():
        red, green, blue = image.getpixel(place)
        if red > 200 and green < 60 and blue < 60:
            return name
    return None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("first", [True, False])
def test_an_odd_tag_does_not_matter(kind, odd, first):
    entries = [*odd, turned()] if first else [turned(), *odd]
    facts, image = decode(with_exif(STORED.resize((400, 640)), kind, tiff(*entries)))
    assert (facts.width, facts.height) == image.size == (640, 400)
    assert corner(image) == "top right"


@pytest.mark.parametrize(
    ("value", "size", "red"),
    [
        (1, (640, 960), "top left"),
        (2, (640, 960), "top right"),
        (3, (640, 960), "bottom right"),
        (4, (640, 960), "bottom left"),
        (5, (960, 640), "top left"),
        (6, (960, 640), "top right"),
        (7, (960, 640), "bottom right"),
        (8, (960, 640), "bottom left"),
    ],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_it_turns_as_each_value_says(value, size, red, order):
    exif = tiff(turned(value, order=order), order=order)
    facts, image = decode(with_exif(STORED, "JPEG", exif))
    assert (facts.width, facts.height) == size
    assert corner(image) == red


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        (turned(6), 6),
        (turned(6, LONG), 6),
        ((0x0112, 1, 1, b"\6"), 6),
        (turned(6, count=2), 6),
        (turned(0), 1),
        (turned(9), 1),
        (turned(65_535), 1),
        (turned(4_000_000_000, LONG), 1),
        (turned(6, count=3), 1),
        (turned(6, count=0xFFFFFFFF), 1),
        ((0x0112, TEXT, 2, b"6\0"), 1),
        ((0x0112, 5, 1, b"\0\0\0\6"), 1),
        ((0x0112, 0, 1, b"\0\6"), 1),
    ],
)
def test_it_reads_whole_numbers_from_1_to_8_only(entry, value):
    assert orientation(tiff(entry)) == value
    assert orientation(b"Exif\0\0" + tiff((0x0128, TEXT, 3, b"in\0"), entry)) == value


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"M",
        b"MM\0*",
        b"MM\0*\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08",
        b"MM\0*\0\0\0\x08\0\5\1\x12",
        b"no EXIF data",
        tiff(turned())[:18],
        tiff(announced=65_535),
    ],
)
@pytest.mark.parametrize("kind", [*KINDS, "AVIF"])
def test_a_broken_directory_leaves_the_picture_as_it_is(kind, exif):
    facts, _ = decode(with_exif(STORED, kind, exif))
    assert (facts.width, facts.height) == (640, 960)


def test_a_directory_that_ends_early_is_read_as_far_as_it_goes():
    exif = tiff(turned(), announced=500)
    facts, _ = decode(with_exif(STORED, "JPEG", exif))
    assert (facts.width, facts.height) == (960, 640)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_avif_is_turned_by_its_own_properties_only(odd):
    plain = with_exif(STORED, "AVIF", tiff(*odd, turned()))
    assert decode(plain)[1].size == (640, 960)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    _, image = decode(encoded(STORED, "AVIF", exif=exif))
    assert (image.size, corner(image)) == ((960, 640), "top right")


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_it_ignores_what_xmp_says_of_it(kind):
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    assert decode(encoded(STORED, kind, xmp=xmp))[1].size == (640, 960)


def test_it_ignores_what_xmp_says_of_it_in_a_png():
    xmp = b'XML:com.adobe.xmp\0\0\0\0\0<rdf:Description tiff:Orientation="6"/>'
    assert decode(png_with(STORED, b"iTXt", xmp))[1].size == (640, 960)


def test_it_reads_what_older_programs_keep_in_a_pngs_text():
    words = b"\nexif\n      34\n" + tiff(turned()).hex().encode()
    assert decode(png_with(STORED, b"tEXt", b"Raw profile type exif\0" + words))[1].size == (
        960,
        640,
    )
    assert decode(png_with(STORED, b"tEXt", b"Raw profile type exif\0\n\n\nodd"))[1].size == (
        640,
        960,
    )


def test_it_takes_the_first_picture_of_several_in_a_jpeg():
    pair = encoded(STORED, "MPO", save_all=True, append_images=[drawn(640, 960, seed=7)])
    assert b"MPF\0" in pair
    assert corner(decode(pair)[1]) == "top left"
    assert decode(jpeg_with(STORED, (0xE2, b"MPF\0II*\0odd")))[1].size == (640, 960)


def test_it_reads_exif_data_after_padding():
    data = with_exif(STORED, "JPEG", tiff(turned(), (0x0128, TEXT, 3, b"in\0")))
    comment = b"\xff\xfe\0\4hi"
    for padding in (b"\xff\xff\xff", b"\0\0"):
        assert decode(data[:2] + comment + padding + data[2:])[1].size == (960, 640)


@pytest.mark.parametrize("kind", [*KINDS, "AVIF"])
def test_nothing_of_it_is_left_in_what_is_made(kind):
    text = b"A camera and a place"
    exif = tiff(turned(), (0x010F, TEXT, len(text), b"\0\0\0\x26")) + text
    data = with_exif(STORED, kind, exif)
    assert text in data
    for rendition in prepare(data).renditions:
        image = Image.open(BytesIO(rendition.data))
        assert text not in rendition.data
        assert not {"exif", "xmp", "icc_profile"} & set(image.info)
        assert not image.getexif()


@given(
    exif=st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(lambda junk: b"MM\0*" + junk),
        st.lists(
            st.tuples(
                st.sampled_from([0x0100, 0x011A, 0x0112, 0x0128, 0x8769]),
                st.integers(0, 20),
                st.integers(0, 2**32 - 1),
                st.binary(min_size=4, max_size=4),
            )
        ).map(lambda entries: tiff(*entries)),
    ),
    kind=st.sampled_from([*KINDS, "AVIF"]),
)
@settings(max_examples=60, deadline=None)
def test_no_exif_data_makes_a_good_picture_bad(exif, kind):
    facts, _ = decode(GOOD[kind](exif))
    assert (facts.width, facts.height) == (640, 640)


SMALL = drawn(640, 640)
GOOD = {kind: (lambda exif, kind=kind: with_exif(SMALL, kind, exif)) for kind in (*KINDS, "AVIF")}
