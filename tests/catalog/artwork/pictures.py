"""Small makers of picture files, good and bad."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw


def drawn(width=1280, height=720, *, mode="RGB", seed=0):
    """Return a picture with a few shapes, different for each seed."""
    image = Image.new("RGB", (width, height), (30, 40 + seed % 100, 90))
    draw = ImageDraw.Draw(image)
    for step in range(6):
        x = (seed * 97 + step * 211) % width
        y = (seed * 53 + step * 131) % height
        colour = ((seed * 40 + step * 37) % 256, step * 40, 255 - step * 30)
        draw.ellipse([x - 90, y - 90, x + 90, y + 90], fill=colour)
    return image.convert(mode)


def encoded(image, kind="PNG", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def picture(width=1280, height=720, kind="PNG", *, seed=0, **options):
    return encoded(drawn(width, height, seed=seed), kind, **options)


def animation(kind, frames=3):
    first, *rest = [drawn(640, 360, seed=number) for number in range(frames)]
    return encoded(first, kind, save_all=True, append_images=rest, duration=100)


def png_that_claims(width, height):
    """A PNG of a few bytes whose header declares any size (PNG specification, 11.2.2)."""
    return raw_png(width, height, 8, 2, bytes(1000))


def raw_png(width, height, bits, colours, rows, *more):
    """A PNG of any kind of colours, which Pillow may be unable to write (11.2.2).

    `rows` are the bytes of all rows, each after its filter byte; `more` are chunks (name, body).
    """
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    chunks = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def png_chunk(name, body):
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)
