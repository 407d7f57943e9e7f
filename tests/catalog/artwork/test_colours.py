import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from catalog.artwork import refusals
from catalog.artwork.inspection import decode
from tests.catalog.artwork.metadata import grey_profile, linear_profile, png_with, print_profile
from tests.catalog.artwork.pictures import drawn, encoded, raw_png

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
# A profile whose red primary is blue and whose blue one is red.
SWAPPED = SRGB.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
SIZE = (640, 360)
# A linear level of 102 in 255 is .4 of full light: 170 in sRGB (IEC 61966-2-1).
LINEAR_102 = (170, 170, 170)


def flat(mode, *level):
    return Image.new(mode, SIZE, level[0] if len(level) == 1 else level)


def shown(image, kind="PNG", **options):
    """Return the colour of one pixel as viewers would see it."""
    return decode(encoded(image, kind, **options))[1].getpixel((9, 9))


def near(colour, wanted, by=1):
    return all(abs(one - other) <= by for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize(
    "image",
    [
        flat("L", 102),
        flat("LA", 102, 255),
        flat("L", 102).convert("P"),
        flat("RGB", 102, 102, 102),
        flat("RGBA", 102, 102, 102, 255),
        Image.fromarray(np.full(SIZE[::-1], 102 * 257, np.uint16)),
    ],
    ids=lambda image: image.mode,
)
def test_grey_keeps_its_tones_under_a_grey_profile(image):
    assert near(shown(image, icc_profile=grey_profile()), LINEAR_102)
    assert near(shown(image), (102, 102, 102), by=0)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_grey_keeps_its_tones_in_other_formats(kind):
    grey = flat("L", 102) if kind != "WEBP" else flat("RGB", 102, 102, 102)
    assert near(shown(grey, kind, icc_profile=grey_profile()), LINEAR_102, by=3)


def sixteen_bits(colours, levels, *chunks):
    pixel = bytes(level for level in levels for _ in range(2))
    return raw_png(*SIZE, 16, colours, (b"\0" + pixel * SIZE[0]) * SIZE[1], *chunks)


class TestSixteenBits:
    def test_every_level_becomes_the_nearest_of_eight_bits(self):
        levels = np.linspace(0, 65_535, SIZE[0]).astype(np.uint16)
        _, image = decode(encoded(Image.fromarray(np.tile(levels, (SIZE[1], 1)))))
        wanted = np.rint(levels / 257).astype(np.uint8)
        assert image.mode == "RGB"
        assert (np.asarray(image)[0] == wanted[:, None]).all()

    def test_dark_tones_keep_their_steps_under_a_linear_profile(self):
        levels = np.linspace(0, 2570, SIZE[0]).astype(np.uint16)
        data = encoded(Image.fromarray(np.tile(levels, (SIZE[1], 1))), icc_profile=grey_profile())
        tones = np.asarray(decode(data)[1])[0, :, 0].astype(int)
        light = levels / 65_535
        wanted = 255 * np.where(
            light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055
        )
        assert np.abs(tones - wanted).max() <= 2
        assert np.diff(tones).max() <= 1

    @pytest.mark.parametrize(
        ("colours", "levels"),
        [(2, (200, 100, 50)), (6, (200, 100, 50, 255)), (4, (102, 255)), (0, (102,))],
    )
    def test_every_kind_keeps_its_tones(self, colours, levels):
        wanted = levels[:3] if len(levels) > 2 else (102, 102, 102)
        assert decode(sixteen_bits(colours, levels))[1].getpixel((9, 9)) == wanted

    def test_grey_with_alpha_keeps_its_tones_under_its_profile(self):
        profile = (b"iCCP", b"grey\0\0" + zlib.compress(grey_profile()))
        _, image = decode(sixteen_bits(4, (102, 255), profile))
        assert near(image.getpixel((9, 9)), LINEAR_102)
        with pytest.raises(refusals.Transparent):
            decode(sixteen_bits(4, (102, 100)))

    def test_a_level_that_is_transparent_counts_only_where_it_is_used(self):
        image = Image.fromarray(np.full(SIZE[::-1], 30_000, np.uint16))
        assert decode(png_with(image, b"tRNS", (40_000).to_bytes(2, "big")))
        with pytest.raises(refusals.Transparent):
            decode(png_with(image, b"tRNS", (30_000).to_bytes(2, "big")))


@pytest.mark.parametrize(
    "image",
    [
        flat("RGB", 10, 20, 230),
        flat("RGBA", 10, 20, 230, 255),
        flat("RGB", 10, 20, 230).convert("P"),
    ],
    ids=lambda image: image.mode,
)
def test_it_converts_colours_by_their_profile(image):
    for profile, strongest in ((b"", 2), (SRGB, 2), (SWAPPED, 0), (b"no profile", 2)):
        pixel = shown(image, icc_profile=profile)
        assert pixel.index(max(pixel)) == strongest


def test_a_palette_with_transparency_keeps_its_colours():
    image = flat("RGB", 10, 20, 230).convert("P")
    pixel = shown(image, icc_profile=SWAPPED, transparency=bytes([255] * 256))
    assert pixel.index(max(pixel)) == 0
    with pytest.raises(refusals.Transparent):
        shown(image, transparency=bytes(256))


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_under_a_colour_profile_is_converted_by_it(mode):
    level = (102, 255) if mode == "LA" else (102,)
    assert near(shown(flat(mode, *level), icc_profile=linear_profile()), LINEAR_102, by=2)


@pytest.mark.parametrize(
    ("image", "profile", "words"),
    [
        (flat("RGB", 10, 20, 230), grey_profile(), "for GRAY colours, but the picture is RGB"),
        (flat("RGBA", 10, 20, 230, 255), grey_profile(), "GRAY"),
        (flat("RGB", 10, 20, 230), LAB, "Lab"),
        (flat("L", 102), LAB, "Lab colours, but the picture is grey"),
        (flat("LA", 102, 255), print_profile(), "CMYK"),
        (Image.fromarray(np.full(SIZE[::-1], 9, np.uint16)), print_profile(), "CMYK"),
    ],
)
def test_it_refuses_a_profile_that_contradicts_the_picture(image, profile, words):
    with pytest.raises(refusals.WrongColours, match=rf"{words}.*Export it as sRGB"):
        shown(image, icc_profile=profile)


@pytest.mark.parametrize("cut", [4, 100, 140, 200])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_it_ignores_a_profile_that_is_cut_off(mode, cut):
    profile = grey_profile() if mode == "L" else SRGB
    assert near(shown(flat("L", 102).convert(mode), icc_profile=profile[:cut]), (102, 102, 102))


class TestPrint:
    def test_it_converts_by_the_profile(self):
        assert min(shown(flat("CMYK", 0, 0, 0, 0), "JPEG", icc_profile=print_profile())) > 245
        assert max(shown(flat("CMYK", 0, 0, 0, 255), "JPEG", icc_profile=print_profile())) < 10
        other = print_profile(turned_over=True)
        assert max(shown(flat("CMYK", 0, 0, 0, 0), "JPEG", icc_profile=other)) < 10

    @pytest.mark.parametrize(
        "profile", [b"", b"no profile", SRGB, grey_profile(), print_profile()[:200]]
    )
    def test_it_refuses_a_missing_or_useless_profile(self, profile):
        with pytest.raises(refusals.WrongColours, match="CMYK"):
            decode(encoded(drawn(*SIZE, mode="CMYK"), "JPEG", icc_profile=profile))


def test_it_refuses_black_and_white_without_greys():
    with pytest.raises(refusals.WrongColours, match=r"black and white without greys.*8 bits"):
        decode(encoded(Image.new("1", SIZE)))
