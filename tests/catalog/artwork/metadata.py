"""Makers of what a file says about its picture: EXIF data, good and odd, and colour profiles."""

import struct
from itertools import product

from PIL import Image, ImageCms

from tests.catalog.artwork.pictures import encoded, png_chunk

SHORT, LONG, TEXT = 3, 4, 2


def tiff(*entries, order=">", announced=None):
    """Return EXIF data with one directory. An entry is (tag, type, count, its four value bytes)."""
    head = b"MM\0*" if order == ">" else b"II*\0"
    directory = struct.pack(order + "IH", 8, len(entries) if announced is None else announced)
    for tag, kind, count, value in entries:
        directory += struct.pack(order + "HHI", tag, kind, count) + value.ljust(4, b"\0")
    return head + directory + bytes(4)


def turned(value=6, kind=SHORT, count=1, order=">"):
    """Return an entry that says that the picture is stored turned."""
    return 0x0112, kind, count, struct.pack(order + ("I" if kind == LONG else "H"), value)


def with_exif(image, kind, exif):
    """Encode a picture with any bytes as its EXIF data."""
    if kind == "JPEG":
        return jpeg_with(image, (0xE1, b"Exif\0\0" + exif))
    if kind == "PNG":
        return png_with(image, b"eXIf", exif)
    if kind == "WEBP":
        return encoded(image, kind, exif=exif)
    # Pillow parses what it writes to an AVIF, so the odd bytes take the place of good ones.
    filler = Image.Exif()
    filler[0x010E] = "x" * (len(exif) + 100)
    good = filler.tobytes().removeprefix(b"Exif\0\0")
    return encoded(image, kind, exif=good).replace(good, exif.ljust(len(good), b"\0"))


def jpeg_with(image, *segments):
    """Encode a JPEG with further segments, each (marker, content), directly after its start."""
    data = encoded(image, "JPEG")
    extra = b"".join(
        bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content
        for marker, content in segments
    )
    return data[:2] + extra + data[2:]


def png_with(image, name, content, **options):
    """Encode a PNG with a further chunk directly after its header."""
    data = encoded(image, "PNG", **options)
    return data[:33] + png_chunk(name, content) + data[33:]


def grey_profile(gamma=1.0):
    """Return a profile for grey whose curve is a power, as sgray.icc's is (ICC.1:2001-04)."""
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + bytes(2)
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def linear_profile():
    """Return sRGB's profile with straight curves instead of its own (ICC.1:2010, 10.16)."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    at = srgb.index(b"para") + 12
    straight = struct.pack(">5i", *(round(65_536 * number) for number in (1, 1, 0, 1, 0)))
    return srgb[:at] + straight + srgb[at + len(straight) :]


def print_profile(turned_over=False):
    """Return a profile for CMYK: each ink takes away from white, or adds to black."""
    grid = bytearray()
    for inks in product((0, 1), repeat=4):
        light = 1 - max(sum(inks[:3]) / 3, inks[3])
        light = 1 - light if turned_over else light
        grid += bytes([round(255 * light), 128, 128])
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(65_536 if place % 4 == 0 else 0 for place in range(9)))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + matrix + 4 * ramp + bytes(grid) + 3 * ramp
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})


def _profile(kind, space, connection, tables):
    white = struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + white,
        **tables,
    }
    offset = 128 + 4 + 12 * len(tags)
    listed, body = b"", b""
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        listed += name + struct.pack(">II", offset + len(body), len(content))
        body += padded
    header = bytearray(128)
    struct.pack_into(">I", header, 0, offset + len(body))
    header[8:12] = bytes([2, 0x10, 0, 0])
    header[12:24] = kind + space + connection
    header[36:40] = b"acsp"
    header[68:80] = white
    return bytes(header) + struct.pack(">I", len(tags)) + listed + body
