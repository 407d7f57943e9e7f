"""What is made of a picture: the sizes that pages show, a placeholder, a hash for likeness.

The content security policy forbids pages to style a crop inline, so the crop
around the focal point is made here. Each size is made as WebP. Tiles' sizes are made as AVIF
too, 45 % smaller. For a picture of 1280 pixels that would take as long as all the rest.
"""

import base64
import hashlib
from dataclasses import dataclass
from io import BytesIO

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.artwork.inspection import MAX_BYTES, MAX_PIXELS, PictureFacts, decode

RATIO = 16 / 9
WIDTHS = (2560, 1920, 1280, 640, 320)
DEFAULT_FOCAL = (0.5, 0.4)
QUALITY = 80
# Of WebP's 0 to 6: half the time of the default 4, files 5 % larger.
METHOD = 2
AVIF_WIDTH = 640  # the largest: a page has one large picture and many tiles
AVIF_QUALITY = 50
# Of AVIF's 0 to 10: at 9, files are as large as WebP's; at 7, encoding takes twice as long.
AVIF_SPEED = 8
PLACEHOLDER = (16, 9)

# Pictures of this likeness or less look alike: other sizes, formats and slight crops of one.
ALIKE = 6
# Measured on drawn pictures and on noise, cropped by 2 % on each side: 10 bits recognise all of
# them, 6 bits 71 %.
SHAPE_TOLERANCE = 10
HASH_DIGITS = 32
# The scale of contrast, for 4 bits. A picture of less than 1 is flat.
CONTRASTS = (0, 1, 2, 4, 6, 8, 12, 16, 24, 32, 40, 48, 64, 80, 96, 112)
# By how many of 255 levels the mean of a quarter may differ where pictures look alike: in flat
# ones, and more for each level of contrast. Colour counts less there: a grey copy looks alike.
TOLERANCE = 9
LIGHTNESS_TOLERANCE, COLOUR_TOLERANCE = 0.5, 3.0
LIGHTNESS = np.array([0.299, 0.587, 0.114])  # of red, green and blue (ITU-R BT.601)

Floats = NDArray[np.float64]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a picture in one format.

    Its name is the digest of its bytes, so it never changes. An AVIF is named after the WebP of its
    size: it is the same picture, and pages that name both compress better.
    """

    width: int
    height: int
    format: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture ready to be stored. It holds plain values, so that a process pool can make it.

    `focal` is where the crop is centred, as shares of width and height; `renditions` the WebP
    files from the smallest, and then the AVIF files; `placeholder` a data: URI of a few pixels;
    `perceptual_hash` 32 hex digits for `likeness`.
    """

    original: bytes
    facts: PictureFacts
    focal: tuple[float, float]
    renditions: tuple[Rendition, ...]
    placeholder: str
    perceptual_hash: str


def prepare(
    data: bytes,
    *,
    focal: tuple[float, float] = DEFAULT_FOCAL,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    name: str = "",
    content_type: str = "",
    avif: bool = True,
) -> Prepared:
    """Inspect a file and make its renditions: WebP and, if `avif` says so, AVIF of the small sizes.

    Raises the `ArtworkRefused` that says why it cannot be artwork, and
    ValueError where the focal point is outside the picture.
    """
    facts, image = decode(
        data, max_bytes=max_bytes, max_pixels=max_pixels, name=name, content_type=content_type
    )
    sizes = _sizes(image, crop_box(image.width, image.height, focal))
    renditions = [_rendition(size) for size in reversed(sizes)]
    if avif:
        pairs = zip(reversed(sizes), tuple(renditions), strict=True)
        renditions += [_as_avif(size, webp) for size, webp in pairs if size.width <= AVIF_WIDTH]
    return Prepared(
        original=data,
        facts=facts,
        focal=focal,
        renditions=tuple(renditions),
        placeholder=_placeholder(sizes[-1]),
        # Of the whole picture, so that another crop of it is still recognised.
        perceptual_hash=_hash(image),
    )


def whole(data: bytes, *, width: int = 960) -> bytes:
    """Return the whole picture as WebP, at most `width` wide, for setting the focal point."""
    _, image = decode(data, max_bytes=len(data))
    image.thumbnail((width, 2 * width), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _webp(image, quality=QUALITY, method=METHOD)


def crop_box(width: int, height: int, focal: tuple[float, float]) -> Box:
    """Return the largest 16:9 box (left, top, right, bottom) as near the focal point as fits.

    >>> crop_box(1600, 1600, (0.5, 0.25))
    (0, 0, 1600, 900)
    """
    x, y = focal
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"A focal point is two shares from 0 to 1, not {focal}.")
    across = min(width, round(height * RATIO))
    down = min(height, round(width / RATIO))
    left = min(max(round(x * width - across / 2), 0), width - across)
    top = min(max(round(y * height - down / 2), 0), height - down)
    return left, top, left + across, top + down


def likeness(one: str, other: str) -> int:
    """Return how different two pictures look by their hashes: `ALIKE` or less is alike.

    `ALIKE` (of 64) means that what may differ, differs by as much as it may. Shapes
    (64 bits of DCT signs) may differ in `SHAPE_TOLERANCE` bits. Where they are
    alike the tones are compared too, which may differ by less the flatter the
    pictures are. The shape of a flat picture is noise, so that flat ones are
    compared by their tones alone. Hashes without tones (16 digits) are compared
    by their shapes alone.
    """
    bits = (int(one[:16], 16) ^ int(other[:16], 16)).bit_count()
    shapes = round(ALIKE * bits / SHAPE_TOLERANCE)
    if len(one) < HASH_DIGITS or len(other) < HASH_DIGITS:
        return shapes
    contrast = min(CONTRASTS[int(fingerprint[-1], 16)] for fingerprint in (one, other))
    flat = contrast < CONTRASTS[1]
    if shapes > ALIKE and not flat:
        return shapes
    tones = _tones_apart(_quarters(one), _quarters(other), contrast)
    return tones if flat else max(shapes, tones)


def _sizes(image: Image.Image, box: Box) -> list[Image.Image]:
    """Crop once, then shrink from the size before, largest first. Nothing is enlarged."""
    largest = min(box[2] - box[0], WIDTHS[0])
    # A picture between two sizes keeps its own, and the next one is clearly smaller.
    widths = [largest, *(width for width in WIDTHS if width <= 0.8 * largest)]
    sizes: list[Image.Image] = []
    for width in widths:
        size = (width, round(width / RATIO))
        if not sizes:
            sizes.append(image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0))
        else:
            sizes.append(sizes[-1].resize(size, Image.Resampling.LANCZOS))
    return sizes


def _rendition(image: Image.Image) -> Rendition:
    data = _webp(image, quality=QUALITY, method=METHOD)
    digest = hashlib.sha256(data).hexdigest()
    return Rendition(image.width, image.height, "webp", f"{digest[:2]}/{digest}.webp", data)


def _as_avif(image: Image.Image, webp: Rendition) -> Rendition:
    file = BytesIO()
    # In one thread: others would divide the picture, and make other bytes of it.
    image.save(file, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
    name = f"{webp.name.removesuffix('.webp')}.avif"
    return Rendition(image.width, image.height, "avif", name, file.getvalue())


def _hash(image: Image.Image) -> str:
    """Return 16 hex digits of shape (pHash) and 16 of tone.

    Tone is the mean colour of each quarter, 5 bits a channel, and the contrast
    (standard deviation of the lightness), 4 bits on the scale `CONTRASTS`.
    """
    quarters = np.asarray(image.resize((2, 2), Image.Resampling.BOX), np.int64).reshape(4, 3)
    lightness = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.BOX), np.float64)
    contrast = int(np.searchsorted(CONTRASTS, lightness.std(), side="right")) - 1
    tones = 0
    for level in quarters.flat:
        tones = tones << 5 | round(int(level) * 31 / 255)
    return f"{imagehash.phash(image)}{tones << 4 | contrast:016x}"


def _quarters(fingerprint: str) -> Floats:
    """Return the mean colours of the four quarters of a picture, (4, 3), 0 to 255."""
    bits = int(fingerprint[16:], 16)
    levels = [(bits >> (4 + 5 * place) & 31) * 255 / 31 for place in reversed(range(12))]
    return np.array(levels).reshape(4, 3)


def _tones_apart(one: Floats, other: Floats, contrast: float) -> int:
    """Return how much mean colours differ, `ALIKE` being what the contrast (0 to 127) allows."""
    apart = one - other
    lightness = np.abs(apart @ LIGHTNESS).max() / (TOLERANCE + LIGHTNESS_TOLERANCE * contrast)
    colour = np.abs(apart).max() / (TOLERANCE + COLOUR_TOLERANCE * contrast)
    return min(64, round(ALIKE * float(max(lightness, colour))))


def _placeholder(image: Image.Image) -> str:
    data = _webp(image.resize(PLACEHOLDER, Image.Resampling.BOX), quality=30, method=4)
    return "data:image/webp;base64," + base64.b64encode(data).decode("ascii")


def _webp(image: Image.Image, *, quality: int, method: int) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=quality, method=method)
    return file.getvalue()
