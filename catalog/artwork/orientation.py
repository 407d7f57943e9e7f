"""Which way up a picture is, read from its EXIF data without trusting that data.

Cameras and editing programs write odd EXIF tags, and a good picture must not
be refused because of one. So the one number that matters is read here, and
the decoder never sees the rest. XMP is ignored, as in browsers.

Sources: TIFF 6.0, section 2 (the directory); Exif 2.32, 4.6.4 (the tag) and
4.7.2 (the JPEG segment); CIPA DC-007 (MPF); ISO/IEC 14496-12, 8.11.6 (AVIF's items).
"""

import re
from typing import Literal

from PIL import Image

from catalog.artwork.formats import AVIF, JPEG, Format

TAG = 0x0112
# The widths in bytes of TIFF's whole numbers: BYTE, SHORT, LONG and their signed kin.
WIDTHS = {1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4}
HEADER = b"Exif\0\0"
# What to do with the stored pixels, by the value of the tag. 1 means nothing.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A PNG's text chunk in which older programs keep EXIF data, as hexadecimal digits.
RAW_PROFILE = "Raw profile type exif"
# Padding of zeros and of 0xFF may come before a marker.
JPEG_NEXT_MARKER = re.compile(rb"[\0\xff]*\xff(?=[^\0\xff])")
AVIF_EXIF_ITEM = re.compile(rb"(infe(?:\x02...|\x03.....).{4})Exif", re.DOTALL)

Order = Literal["little", "big"]


def without_metadata(data: bytes, kind: Format) -> tuple[bytes, bytes]:
    """Return the file as the decoder may see it, and the EXIF data that was hidden from it.

    JPEG's and AVIF's decoders parse EXIF data as soon as they open a file. Only
    names are overwritten, so that nothing moves: the file keeps its length. A
    JPEG's list of further pictures (MPF) is hidden too, because the first is meant.
    An AVIF says how it is turned by properties of its own (irot, imir), which Pillow hands on.
    """
    if kind is JPEG:
        return _hide_segments(data)
    if kind is AVIF:
        return AVIF_EXIF_ITEM.sub(rb"\1skip", data), b""
    return data, b""


def orientation(exif: bytes) -> int:
    """Return the value of the orientation tag, 1 to 8; 1 where it is missing or makes no sense."""
    tiff = exif
    while tiff.startswith(HEADER):
        tiff = tiff.removeprefix(HEADER)
    order: Order
    if tiff.startswith(b"II"):
        order = "little"
    elif tiff.startswith(b"MM"):
        order = "big"
    else:
        return 1
    start = int.from_bytes(tiff[4:8], order)
    entries = int.from_bytes(tiff[start : start + 2], order)
    for at in range(start + 2, min(start + 2 + 12 * entries, len(tiff) - 11), 12):
        entry = tiff[at : at + 12]
        if int.from_bytes(entry[:2], order) == TAG:
            value = _first_number(tiff, entry, order)
            if 1 <= value <= 8:
                return value
    return 1


def upright(image: Image.Image, exif: bytes = b"") -> Image.Image:
    """Return a decoded picture turned as `exif`, or else as its own EXIF data says."""
    turn = TURNS.get(orientation(exif or _exif_of(image)))
    return image if turn is None else image.transpose(turn)


def _first_number(tiff: bytes, entry: bytes, order: Order) -> int:
    """Return the first value of a directory entry, or 0 where it holds no whole number."""
    width = WIDTHS.get(int.from_bytes(entry[2:4], order), 0)
    count = int.from_bytes(entry[4:8], order)
    # Values that do not fit into the entry's last four bytes stand where these point.
    at = int.from_bytes(entry[8:12], order)
    values = entry[8:12] if width * count <= 4 else tiff[at : at + width]
    return int.from_bytes(values[:width], order)


def _exif_of(image: Image.Image) -> bytes:
    exif = image.info.get("exif")
    if isinstance(exif, bytes):
        return exif
    try:
        return bytes.fromhex("".join(str(image.info.get(RAW_PROFILE, "")).split("\n")[3:]))
    except ValueError:
        return b""


def _hide_segments(data: bytes) -> tuple[bytes, bytes]:
    """Rename the EXIF and MPF segments before a JPEG's pixels; return their EXIF data too."""
    hidden, exif = bytearray(data), b""
    at = 2
    while marker := JPEG_NEXT_MARKER.match(data, at):
        at = marker.end()
        if data[at] in {0xD9, 0xDA}:  # the end of the picture, the start of its pixels
            break
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        content = data[at + 3 : at + 1 + length]
        is_exif = data[at] == 0xE1 and content.startswith(HEADER)
        if is_exif:
            exif += content.removeprefix(HEADER)
        if is_exif or (data[at] == 0xE2 and content.startswith(b"MPF\0")):
            hidden[at + 3 : at + 7] = b"skip"
        at += 1 + max(length, 2)
    return bytes(hidden), exif
