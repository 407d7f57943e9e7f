import base64
import pickle
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.artwork.renditions import ALIKE, crop_box, likeness, prepare
from tests.catalog.artwork.pictures import drawn, encoded, picture

sides = st.integers(360, 8000)
shares = st.floats(0, 1)


def opened(data):
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((640, 360), [320, 640]),
        ((1000, 800), [320, 640, 1000]),
        ((1280, 720), [320, 640, 1280]),
        ((2400, 1350), [320, 640, 1280, 1920, 2400]),
    ],
)
def test_it_makes_sizes_and_enlarges_nothing(size, widths):
    prepared = prepare(picture(*size))
    made = [(rendition.format, rendition.width) for rendition in prepared.renditions]
    small = [width for width in widths if width <= 640]
    assert made == [*(("webp", width) for width in widths), *(("avif", width) for width in small)]
    for rendition in prepared.renditions:
        image = opened(rendition.data)
        kind = rendition.format.upper()
        assert (image.format, image.size) == (kind, (rendition.width, rendition.height))
        assert abs(rendition.width / rendition.height - 16 / 9) < 0.02


def test_avif_bears_the_name_of_its_webp_and_is_smaller():
    made = {(one.format, one.width): one for one in prepare(encoded(drawn(1280, 720))).renditions}
    for width in (320, 640):
        webp, avif = made["webp", width], made["avif", width]
        assert avif.name == webp.name.replace(".webp", ".avif")
        assert len(avif.data) < len(webp.data)


def test_it_leaves_avif_out_where_somebody_waits():
    prepared = prepare(picture(640, 360), avif=False)
    assert {rendition.format for rendition in prepared.renditions} == {"webp"}


def test_it_names_renditions_by_their_content():
    one, again, other = prepare(picture()), prepare(picture()), prepare(picture(seed=5))
    assert one == again
    names = {rendition.name for prepared in (one, other) for rendition in prepared.renditions}
    assert len(names) == 10


def test_it_strips_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    for rendition in prepare(picture(kind="JPEG", exif=exif)).renditions:
        assert not opened(rendition.data).getexif()


def test_its_placeholder_is_a_tiny_picture():
    kind, encoded = prepare(picture()).placeholder.split(",")
    assert kind == "data:image/webp;base64"
    assert len(encoded) < 400
    assert opened(base64.b64decode(encoded)).size == (16, 9)


def hashed(image, kind="PNG", **options):
    return prepare(encoded(image, kind, **options), avif=False).perceptual_hash


def flat(colour):
    return Image.new("RGB", (960, 540), colour)


def ramp(one, other, *, down=False):
    """Return a picture that goes evenly from one colour to another."""
    steps = Image.linear_gradient("L")
    mask = (steps if down else steps.rotate(90)).resize((960, 540))
    return Image.composite(flat(other), flat(one), mask)


class TestLikeness:
    @pytest.mark.parametrize(
        "changed",
        [
            lambda image: hashed(image, "JPEG", quality=40),
            lambda image: hashed(image, "WEBP", quality=50),
            lambda image: hashed(image.resize((800, 450))),
            lambda image: hashed(image.resize((1920, 1080))),
            lambda image: hashed(image.crop((12, 7, 1268, 713))),
            lambda image: hashed(image.crop((0, 0, 1255, 706))),
            lambda image: hashed(image.convert("L")),
        ],
    )
    @pytest.mark.parametrize("seed", [1, 3, 8])
    def test_the_same_picture_made_otherwise_looks_alike(self, changed, seed):
        image = drawn(1280, 720, seed=seed)
        assert likeness(hashed(image), changed(image)) <= ALIKE

    @pytest.mark.parametrize("colour", ["black", "red", "#808080"])
    def test_a_flat_picture_made_otherwise_looks_alike(self, colour):
        again = hashed(flat(colour).resize((640, 360)), "JPEG", quality=60)
        assert likeness(hashed(flat(colour)), again) <= ALIKE

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (drawn(seed=3), drawn(seed=4)),
            (flat("black"), flat("white")),
            (flat("red"), flat("blue")),
            (flat("navy"), flat("black")),
            (flat("#646464"), flat("#787878")),
            (ramp("black", "white"), ramp("white", "black")),
            (ramp("black", "white", down=True), ramp("white", "black", down=True)),
            (ramp("black", "white"), ramp("black", "white", down=True)),
            (ramp("#646464", "#969696"), ramp("#969696", "#646464")),
            (ramp("#660000", "#680000"), ramp("#000066", "#000068")),
            (ramp("red", "blue"), ramp("blue", "red")),
            (Image.effect_noise((960, 540), 5), flat("black")),
            (drawn(seed=3), flat((33, 43, 90))),
        ],
    )
    def test_pictures_that_differ_do_not(self, one, other):
        assert likeness(hashed(one), hashed(other)) > ALIKE

    def test_it_is_symmetrical(self):
        one, other = hashed(flat("red")), hashed(drawn(seed=2))
        assert likeness(one, other) == likeness(other, one)
        assert likeness(one, one) == 0

    def test_it_compares_the_shapes_alone_where_a_hash_says_no_more(self):
        assert likeness("f" * 16, "f" * 15 + "0") == 2
        assert likeness("f" * 16, "0" * 8 + "f" * 8) > ALIKE


@given(width=sides, height=sides, x=shares, y=shares)
def test_its_crop_is_the_largest_inside_the_picture_and_holds_the_focal_point(width, height, x, y):
    left, top, right, bottom = crop_box(width, height, (x, y))
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == width or bottom - top == height
    assert abs((right - left) / (bottom - top) - 16 / 9) < 0.01
    assert left - 1 <= x * width <= right + 1
    assert top - 1 <= y * height <= bottom + 1


@pytest.mark.parametrize("focal", [(-0.1, 0.5), (0.5, 1.1), (float("nan"), 0.5)])
def test_it_refuses_a_focal_point_outside(focal):
    with pytest.raises(ValueError, match="focal"):
        prepare(picture(), focal=focal)


def test_it_crosses_processes():
    prepared = prepare(picture())
    assert pickle.loads(pickle.dumps(prepared)) == prepared
