"""Simple artwork for imported films: a card for each billed person, and three by genre.

Pure: plain values in, bytes out, the same bytes for the same card. A scene and a moment carry no
words and belong to a genre, so that all its films share a few of them.

A card's digest is known before the card is drawn, and so are the names of its files.
"""

import base64
import hashlib
import json
import math
import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

from catalog.artwork.renditions import Prepared, prepare
from catalog.drawing.lettering import FACES, font_file
from catalog.drawing.palettes import Palette, palette

SIZE = (640, 360)
# The widths of the renditions that `prepare` makes of a card.
WIDTHS = (320, 640)
FOCAL = (0.5, 0.5)
# Part of every digest. Raise it when a card's look changes: browsers keep a file for ever under its
# name.
VERSION = 1
# Files in this folder are named after their card, the others after their own bytes.
FOLDER = "drawn"
_FILE = re.compile(rf"{FOLDER}/[0-9a-f]{{2}}/([0-9a-f]{{64}})(?:-(?:320|640)\.webp|\.jpg)")
VARIANTS = 8
# The light in which each genre is drawn; also the annotated mood of the card.
MOODS = {
    "action": "tense",
    "adventure": "epic",
    "animation": "playful",
    "childrens": "playful",
    "comedy": "playful",
    "crime": "dark",
    "documentary": "warm",
    "drama": "tender",
    "fantasy": "epic",
    "film-noir": "dark",
    "horror": "dark",
    "musical": "warm",
    "mystery": "tense",
    "romance": "tender",
    "sci-fi": "epic",
    "thriller": "tense",
    "war": "epic",
    "western": "warm",
}
NO_GENRE = "drama"
NAME_FONT = "tall"
# Letters with a stroke have no decomposition in Unicode.
_BASES = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ŧ": "t", "Ŧ": "T"}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. `words` is the film's name, `person` whom it depicts; both may be empty.

    `kind` is an artwork's kind; `variant` tells cards of the same kind apart.
    """

    kind: str
    genre: str
    words: str = ""
    person: str = ""
    variant: int = 0

    @property
    def mood(self) -> str:
        return MOODS[self.genre]

    @property
    def digest(self) -> str:
        """Return the SHA-256, in hex, of all that decides how the card looks."""
        described = json.dumps([VERSION, asdict(self)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(described.encode()).hexdigest()


def original_name(digest: str) -> str:
    """Return the name of the whole picture of a card, which is never stored."""
    return f"{FOLDER}/{digest[:2]}/{digest}.jpg"


def rendition_name(digest: str, width: int) -> str:
    """Return the name of the file that holds a card in one of WIDTHS."""
    return f"{FOLDER}/{digest[:2]}/{digest}-{width}.webp"


def digest_in(name: str) -> str | None:
    """Return the digest of the card that a file is named after, or None if it has another kind of name."""
    matched = _FILE.fullmatch(name)
    digest = matched.group(1) if matched else ""
    return digest if digest and name.split("/")[1] == digest[:2] else None


@cache
def placeholder(genre: str) -> str:
    """Return a data: URI of a few pixels in a genre's colours, which all its cards share."""
    # Not for secrets: every process has to draw the same.
    colours = palette(genre, MOODS[genre], Random(genre))
    file = BytesIO()
    _gradient(colours.sky, colours.low).resize((16, 9)).save(file, "WEBP", quality=30)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def make(card: Card) -> Prepared:
    """Draw a card and make its renditions, in WIDTHS: in WebP only, for somebody waits for them."""
    return prepare(draw(card), focal=FOCAL, name="card.jpg", content_type="image/jpeg", avif=False)


def draw(card: Card) -> bytes:
    """Draw a card as JPEG of SIZE."""
    # Not for secrets: a card always looks the same.
    random = Random(f"{card.kind}/{card.genre}/{card.words}/{card.variant}")
    colours = palette(card.genre, card.mood, random)
    picture = _gradient(colours.sky, colours.low)
    pen = ImageDraw.Draw(picture)
    if card.person:
        _portrait(pen, card, colours)
    elif card.kind == "type":
        _lettering(pen, card, colours)
    elif card.kind == "scene":
        _landscape(pen, colours, random)
    else:
        _rays(pen, colours, random)
    file = BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def _gradient(top: str, bottom: str) -> Image.Image:
    shade = _shade()
    return Image.composite(Image.new("RGB", SIZE, bottom), Image.new("RGB", SIZE, top), shade)


@cache
def _shade() -> Image.Image:
    return Image.linear_gradient("L").resize(SIZE)


def _portrait(pen: ImageDraw.ImageDraw, card: Card, colours: Palette) -> None:
    """Head and shoulders without a face, beside the words; the name says who it is."""
    where = 150 if card.kind == "lead" else 490
    pen.ellipse((where - 140, 40, where + 140, 320), fill=colours.accent)
    pen.pieslice((where - 125, 215, where + 125, 505), 180, 360, fill=colours.ink)
    pen.ellipse((where - 62, 88, where + 62, 222), fill=colours.ink)
    left = 320 if card.kind == "lead" else 30
    room = (left, 60, left + 290, 230)
    _set(pen, card.words, room, _font_of(card.genre), colours)
    _set(pen, card.person, (left, 245, left + 290, 310), NAME_FONT, colours, largest=34)


def _lettering(pen: ImageDraw.ImageDraw, card: Card, colours: Palette) -> None:
    pen.rectangle((24, 24, 616, 336), outline=colours.glow, width=3)
    _set(pen, card.words, (60, 60, 580, 300), _font_of(card.genre), colours, largest=96)


def _landscape(pen: ImageDraw.ImageDraw, colours: Palette, random: Random) -> None:
    """A sun or moon over three ranges of hills."""
    x, y, size = random.uniform(120, 520), random.uniform(70, 170), random.uniform(40, 75)
    pen.ellipse((x - size, y - size, x + size, y + size), fill=colours.glow)
    for level, colour in ((190, colours.far), (240, colours.mid), (295, colours.near)):
        waves = [
            (random.uniform(8, 34), random.uniform(0.005, 0.022), random.random() * 6.3)
            for _ in range(3)
        ]
        ridge = [
            (x, level + sum(high * math.sin(x * often + start) for high, often, start in waves))
            for x in range(0, SIZE[0] + 8, 8)
        ]
        pen.polygon([*ridge, SIZE, (0, SIZE[1])], fill=colour)


def _rays(pen: ImageDraw.ImageDraw, colours: Palette, random: Random) -> None:
    """Beams from one point, and a disc in front of them."""
    x, y = random.uniform(180, 460), random.uniform(120, 240)
    turn, beams = random.random(), random.choice((9, 11, 13, 15))
    for beam in range(beams):
        start = math.tau * (beam + turn) / beams
        pen.polygon(
            [
                (x, y),
                *(
                    (x + 760 * math.cos(angle), y + 760 * math.sin(angle))
                    for angle in (start, start + math.pi / beams)
                ),
            ],
            fill=colours.mid if beam % 2 else colours.far,
        )
    for size, colour in ((84, colours.accent), (58, colours.pop), (30, colours.paper)):
        pen.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def _font_of(genre: str) -> str:
    return FACES[genre][0].font


def _set(
    pen: ImageDraw.ImageDraw,
    words: str,
    room: tuple[int, int, int, int],
    font: str,
    colours: Palette,
    *,
    largest: int = 64,
) -> None:
    """Set words centred in (left, top, right, bottom), as large as fits, on up to four lines."""
    left, top, right, bottom = room
    words = "".join(_legible(letter, font) for letter in words)
    for size in range(largest, 9, -4):
        type_ = _font(font, size)
        lines = _wrapped(words, type_, right - left)
        if len(lines) * size * 1.15 <= bottom - top and len(lines) <= 4:
            break
    text = "\n".join(lines[:4])
    paper, ink = (colours.paper, colours.ink)
    middle = ((left + right) / 2, (top + bottom) / 2)
    pen.multiline_text(
        middle, text, font=type_, anchor="mm", align="center", fill=paper,
        stroke_width=max(size // 16, 1), stroke_fill=ink, spacing=size * 0.12,
    )  # fmt: skip


def _wrapped(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break at spaces. If a word is wider than a line, return too many lines: the size is too large."""
    lines: list[str] = []
    for word in words.split():
        together = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(together) <= width:
            lines[-1] = together
        else:
            lines.append(word)
    fits = all(font.getlength(line) <= width for line in lines)
    return lines if fits or font.size <= 12 else [*lines, *[""] * 5]


@cache
def _legible(letter: str, font: str) -> str:
    """Return a letter, or its base letter if the font lacks it ("ő" as "o"), or nothing.

    The fonts hold the letters of Latin-1. An empty box would say nothing either.
    """
    face = _font(font, 40)
    missing = bytes(face.getmask("\uffff"))
    base = unicodedata.normalize("NFKD", _BASES.get(letter, letter))[0]
    known = (one for one in (letter, base) if one == " " or bytes(face.getmask(one)) != missing)
    return next(known, "")


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    face = next(face for faces in FACES.values() for face in faces if face.font == name)
    return ImageFont.truetype(font_file(face), size)
