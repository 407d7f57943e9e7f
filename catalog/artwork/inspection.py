"""Inspect an uploaded file, which may be hostile.

Cheap checks come first, so that a bad file costs little: its size in bytes, its
first bytes, the size that its header declares. Only then is it decoded, by the
decoder of the format that it really has and by no other.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from PIL import Image, ImageFile

from catalog.artwork import colours, formats, orientation, refusals

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What a picture must measure: least pixels, and the range of its width over its height.

    `place` is what it would not fill, in words; `ideal` a size that is always right.
    """

    width: int
    height: int
    tallest: float
    widest: float
    place: str
    ideal: str


# The smallest picture that still fills a tile on an ordinary screen. Outside the ratios, a tile
# would show only a strip of the picture.
ARTWORK = Shape(640, 360, 1 / 2, 3.0, "a 16:9 tile", "1920 × 1080")
PORTRAIT = Shape(128, 128, 1 / 3, 3.0, "a square", "1000 × 1000")


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """The facts of a good file.

    `sha256` in hex, its real `format` and that format's `suffix`, `size` in bytes,
    `width` and `height` of the upright picture in pixels.
    """

    sha256: str
    format: str
    suffix: str
    size: int
    width: int
    height: int


def inspect(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    name: str = "",
    content_type: str = "",
) -> PictureFacts:
    """Return the facts of a picture, or raise the `ArtworkRefused` that says what is wrong.

    `name` and `content_type` are the sender's claims. A claim that the content
    contradicts is refused, and nothing else depends on them.
    """
    facts, _ = decode(
        data, max_bytes=max_bytes, max_pixels=max_pixels, name=name, content_type=content_type
    )
    return facts


def decode(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    name: str = "",
    content_type: str = "",
    shape: Shape = ARTWORK,
) -> tuple[PictureFacts, Image.Image]:
    """Do the same and return the picture too: RGB, in sRGB, upright, without metadata."""
    _check_bytes(data, max_bytes)
    kind = _check_format(data, name, content_type)
    visible, exif = orientation.without_metadata(data, kind)
    image = _open(visible, kind, max_pixels, shape)
    _check_frames(image, kind)
    profile = image.info.get("icc_profile") or b""
    colours.check_mode(image.mode, profile)
    _load(image, kind)
    upright = orientation.upright(image, exif)
    _check_shape(*upright.size, shape)
    try:
        # Copied, so that nothing of what the file said about itself is kept.
        picture = colours.to_srgb(colours.opaque(upright), profile).copy()
    except ValueError as broken:  # such as a palette without the colours that are transparent
        raise _damaged(kind) from broken
    picture.info.clear()
    return (
        PictureFacts(
            sha256=hashlib.sha256(data).hexdigest(),
            format=kind.name,
            suffix=kind.suffixes[0],
            size=len(data),
            width=picture.width,
            height=picture.height,
        ),
        picture,
    )


def _check_bytes(data: bytes, max_bytes: int) -> None:
    if not data:
        raise refusals.Empty(
            "The file is empty (0 bytes). Export the picture again and send that. "
            "If this is a folder, send the pictures in it instead."
        )
    if len(data) > max_bytes:
        raise refusals.TooLarge(
            f"The file is larger than {max_bytes // 1_000_000} MB. "
            "Send it smaller, or as WebP or JPEG."
        )


def _check_format(data: bytes, name: str, content_type: str) -> formats.Format:
    kind = formats.taken_format(data)
    if kind is None:
        raise _refuse_content(data)
    suffix = PurePath(name).suffix.lower()
    claimed = {other for other in formats.TAKEN if suffix in other.suffixes}
    claimed |= {other for other in formats.TAKEN if content_type.lower() == other.content_type}
    if claimed - {kind}:
        said = " and ".join(sorted(other.name for other in claimed - {kind}))
        raise refusals.Mislabelled(
            f"The file calls itself {said} but is {kind.name}. "
            f"Rename it to end in {kind.suffixes[0]}, or export it again."
        )
    return kind


def _refuse_content(data: bytes) -> refusals.ArtworkRefused:
    picture = formats.picture_name(data)
    if picture == "GIF" and _gif_moves(data):
        return refusals.Animated(
            f"This is an animated GIF. Artwork stands still: send one frame as "
            f"{formats.TAKEN_WORDS}."
        )
    if picture:
        return refusals.WrongFormat(
            f"This is a {picture}, which is not accepted. Export it as {formats.TAKEN_WORDS}."
        )
    content = formats.content_name(data)
    what = f"This is not a picture but a {content}." if content else "This is not a picture."
    return refusals.NotAPicture(
        f"{what} Another name does not change that. Send a {formats.TAKEN_WORDS} file."
    )


def _gif_moves(data: bytes) -> bool:
    # No pixel is decoded: each frame has a graphic control block of its own.
    return data.count(b"\x21\xf9\x04") > 1 or b"NETSCAPE2.0" in data


def _open(data: bytes, kind: formats.Format, max_pixels: int, shape: Shape) -> ImageFile.ImageFile:
    """Read the header only, and refuse a picture that would not fit in memory."""
    try:
        image = Image.open(BytesIO(data), formats=[kind.pillow])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels(max_pixels, shape) from bomb
    except Exception as broken:  # whatever a decoder raises, the file is the cause
        raise _damaged(kind) from broken
    if image.width * image.height > max_pixels:
        raise _too_many_pixels(max_pixels, shape)
    return image


def _check_frames(image: ImageFile.ImageFile, kind: formats.Format) -> None:
    if getattr(image, "n_frames", 1) > 1:
        raise refusals.Animated(
            f"This {kind.name} is animated. Artwork stands still: send one frame."
        )


def _load(image: ImageFile.ImageFile, kind: formats.Format) -> None:
    try:
        image.load()
    except Exception as broken:  # the same; AVIF's decoder raises RuntimeError, for example
        raise _damaged(kind) from broken


def _check_shape(width: int, height: int, shape: Shape) -> None:
    if width < shape.width or height < shape.height:
        raise refusals.WrongShape(
            f"The picture is {width} × {height}; it must be at least {shape.width} × "
            f"{shape.height}."
        )
    if not shape.tallest <= width / height <= shape.widest:
        raise refusals.WrongShape(
            f"The picture is {width} × {height}: too {'wide' if width > height else 'tall'} "
            f"to fill {shape.place}. Crop it first."
        )


def _too_many_pixels(max_pixels: int, shape: Shape) -> refusals.TooLarge:
    return refusals.TooLarge(
        f"The picture has more than {max_pixels / 1e6:g} million pixels. "
        f"Send it smaller: {shape.ideal} is enough."
    )


def _damaged(kind: formats.Format) -> refusals.Damaged:
    return refusals.Damaged(
        f"The {kind.name} is damaged or was cut off on its way. Export it again and send that."
    )
