"""Tell what a file really is from its first bytes, never from its name."""

import codecs
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """An accepted picture format. Pillow may open such a file with the decoder `pillow` only."""

    name: str
    pillow: str
    content_type: str
    suffixes: tuple[str, ...]


JPEG = Format("JPEG", "JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = Format("PNG", "PNG", "image/png", (".png", ".apng"))
WEBP = Format("WebP", "WEBP", "image/webp", (".webp",))
AVIF = Format("AVIF", "AVIF", "image/avif", (".avif", ".avifs"))
TAKEN = (JPEG, PNG, WEBP, AVIF)
TAKEN_WORDS = "JPEG, PNG, WebP or AVIF"

# Formats that are not accepted. They are known, so that the refusal can name them.
OTHER_PICTURES = {
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"8BPS": "Photoshop document",
    b"\x00\x00\x01\x00": "icon",
    b"\xff\x0a": "JPEG XL",
    b"\x00\x00\x00\x0cJXL ": "JPEG XL",
    b"\x00\x00\x00\x0cjP  ": "JPEG 2000",
}
NO_PICTURES = {
    b"%PDF": "PDF",
    b"%!PS": "PostScript file",
    b"PK\x03\x04": "ZIP archive or Office document",
    b"\x1f\x8b": "gzip archive",
    b"\x7fELF": "program",
    b"MZ": "program",
    b"\x1aE\xdf\xa3": "video",
    b"#!": "script",
}


def taken_format(data: bytes) -> Format | None:
    """Return the accepted format that the bytes begin like, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and {b"avif", b"avis"} & _brands(data):
        return AVIF
    return None


def picture_name(data: bytes) -> str:
    """Return the name of a picture format that is known but not accepted, or ""."""
    for magic, name in OTHER_PICTURES.items():
        if data.startswith(magic):
            return name
    if data[4:8] == b"ftyp" and {b"heic", b"heix", b"mif1", b"hevc"} & _brands(data):
        return "HEIC"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (head.startswith((b"<?xml", b"<!--")) and b"<svg" in head):
        return "SVG drawing"
    return ""


def content_name(data: bytes) -> str:
    """Return what a file is that is not a picture, as far as its first bytes tell, or ""."""
    for magic, name in NO_PICTURES.items():
        if data.startswith(magic):
            return name
    if data[4:8] == b"ftyp":
        return "video"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html")):
        return "web page"
    return "text file" if _is_text(data[:1024]) else ""


def _is_text(head: bytes) -> bool:
    try:
        # The last character may be cut off.
        words = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter.isspace() for letter in words)


def _brands(data: bytes) -> set[bytes]:
    """Read the brands of an ISO media file (ISO/IEC 14496-12, the `ftyp` box)."""
    end = min(int.from_bytes(data[:4], "big"), 256, len(data))
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end - 3, 4)}
