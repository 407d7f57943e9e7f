import base64
import pickle
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.artwork.renditions import crop_box, likeness, prepare
from tests.catalog.artwork.pictures import picture

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
        ((2400, 1350), [320, 640, 1280, 1920]),
    ],
)
def test_it_makes_sizes_and_enlarges_nothing(size, widths):
    prepared = prepare(picture(*size))
    assert [rendition.width for rendition in prepared.renditions] == widths
    for rendition in prepared.renditions:
        image = opened(rendition.data)
        assert (image.format, image.size) == ("WEBP", (rendition.width, rendition.height))
        assert abs(rendition.width / rendition.height - 16 / 9) < 0.02


def test_it_names_renditions_by_their_content():
    one, again, other = prepare(picture()), prepare(picture()), prepare(picture(seed=5))
    assert one == again
    names = {rendition.name for prepared in (one, other) for rendition in prepared.renditions}
    assert len(names) == 6


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


def test_it_finds_likeness_across_formats_and_crops_of_size():
    one = prepare(picture(1280, 720, seed=3)).perceptual_hash
    same = prepare(picture(1280, 720, "JPEG", seed=3, quality=60)).perceptual_hash
    other = prepare(picture(1280, 720, seed=4)).perceptual_hash
    assert likeness(one, same) <= 6 < likeness(one, other)


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
