"""Title lettering: a face and a treatment for each genre, fitted to the room a composition leaves."""

from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

from PIL import ImageFont

from catalog.drawing.paint import line, number
from catalog.drawing.palettes import Palette, contrast, mix

FONTS = Path(__file__).parent / "fonts"
MEASURE = 200
LARGEST = 190.0


@dataclass(frozen=True, slots=True)
class Face:
    """One way of setting a title: a font file, its case, its leading and its treatment."""

    font: str
    capitals: bool = True
    leading: float = 1.04
    treatment: str = "plain"
    tilt: float = 0.0

    @property
    def family(self) -> str:
        return f"Demo {self.font.title()}"


@dataclass(frozen=True, slots=True)
class Box:
    """Where lettering may stand, in canvas pixels; `align` is start, middle or end."""

    x: float
    y: float
    w: float
    h: float
    align: str = "middle"


FACES: dict[str, list[Face]] = {
    "action": [Face("poster", treatment="heavy", tilt=-3), Face("tall", treatment="rule")],
    "adventure": [Face("show", False, 1.0, "heavy", -3), Face("roman", treatment="rule")],
    "animation": [Face("bubble", False, 1.0, "heavy"), Face("rounded", False, treatment="heavy")],
    "childrens": [Face("bubble", False, 1.0, "heavy", -3), Face("show", False, 1.0, "heavy")],
    "comedy": [Face("comic", True, 1.0, "heavy", -4), Face("show", False, 1.0, "heavy", -3), Face("rounded", False, treatment="heavy")],
    "crime": [Face("poster"), Face("tall", treatment="rule")],
    "documentary": [Face("tall", treatment="rule"), Face("poster")],
    "drama": [Face("serif", False, 1.08), Face("didone", False, 1.06), Face("roman", treatment="rule")],
    "fantasy": [Face("roman", treatment="glow"), Face("didone", False, 1.06, "glow")],
    "film-noir": [Face("deco", False, 1.1, "rule"), Face("didone", False, 1.06)],
    "horror": [Face("creep", False, 1.0, "heavy"), Face("didone", True, 1.04, "glow")],
    "musical": [Face("deco", False, 1.08, "glow"), Face("neon", True, 1.12, "glow"), Face("show", False, 1.0, "heavy", -3)],
    "mystery": [Face("didone", False, 1.06, "rule"), Face("deco", False, 1.1), Face("roman", treatment="rule")],
    "romance": [Face("brush", False, 1.22), Face("serif", False, 1.08), Face("brush", False, 1.22, "heavy")],
    "sci-fi": [Face("orbit", treatment="glow"), Face("tall", treatment="rule"), Face("orbit", treatment="rule")],
    "thriller": [Face("poster", treatment="rule"), Face("tall"), Face("poster", treatment="glow")],
    "war": [Face("tall", treatment="rule"), Face("serif", True, 1.08)],
    "western": [Face("saloon", True, 1.04, "heavy"), Face("saloon", False, 1.04, "rule")],
}  # fmt: skip


def face(genre: str, random: Random) -> Face:
    """Choose how a title is set; one title is set the same way in all its pictures."""
    return random.choice(FACES[genre])


def font_file(of: Face) -> str:
    return str(FONTS / f"{of.font}.ttf")


def set_title(name: str, of: Face, box: Box, p: Palette, *, ground: str) -> str:
    """Return the title as SVG, as large as fits `box`, in a colour that reads on `ground`."""
    lines, size = fitted(name, of, box)
    fill, edge = _colours(p, ground)
    height = size * of.leading * len(lines)
    anchor = {"start": box.x, "middle": box.x + box.w / 2, "end": box.x + box.w}[box.align]
    first = box.y + (box.h - height) / 2 + size * _rise(of)
    made = "".join(
        _line(text, of, anchor, first + index * size * of.leading, size, box.align, fill, edge)
        for index, text in enumerate(lines)
    )
    if of.treatment == "rule":
        made += _rules(lines, of, box, size, first, fill)
    if of.tilt:
        centre = f"{number(box.x + box.w / 2)} {number(box.y + box.h / 2)}"
        made = f'<g transform="rotate({of.tilt} {centre})">{made}</g>'
    return made


def small(text: str, x: float, y: float, size: float, fill: str, align: str = "middle") -> str:
    """A line of small capitals: names, makers."""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-family="Demo Tall" font-size="{number(size)}" '
        f'letter-spacing="{number(size * 0.16)}" text-anchor="{align}" fill="{fill}">'
        f"{escape(text.upper())}</text>"
    )


@cache
def fitted(name: str, of: Face, box: Box) -> tuple[tuple[str, ...], float]:
    """Return the lines and the largest size in pixels that fit the box."""
    words = (name.upper() if of.capitals else name).split()
    # A tilted line needs some room at both ends, a heavy one for its edge.
    width = box.w * (0.93 if of.tilt else 0.97)
    best: tuple[tuple[str, ...], float] = ((" ".join(words),), 0.0)
    for breaks in range(min(4, len(words))):
        for cuts in combinations(range(1, len(words)), breaks):
            edges = [0, *cuts, len(words)]
            lines = tuple(" ".join(words[a:b]) for a, b in pairwise(edges))
            widest = max(measured(text, of) for text in lines)
            tall = box.h * (0.86 if of.treatment == "rule" or of.tilt else 0.96)
            size = min(width / widest, tall / (of.leading * len(lines)), LARGEST)
            if size > best[1] + 0.5:
                best = (lines, size)
    return best


@cache
def measured(text: str, of: Face) -> float:
    """Return the text's width for a size of one pixel."""
    return _font(of.font).getlength(text) / MEASURE


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{name}.ttf", MEASURE)


@cache
def _rise(of: Face) -> float:
    """Return the distance from a line's top to its baseline that centres capitals."""
    top, bottom = _font(of.font).getbbox("H", anchor="ls")[1::2]
    return of.leading / 2 - (top + bottom) / 2 / MEASURE


def _colours(p: Palette, ground: str) -> tuple[str, str]:
    """Return the most legible colour on the ground, and that of the edge."""
    fill = max(
        [p.paper, p.pop, p.ink],
        key=lambda colour: contrast(colour, ground) * (1.25 if colour == p.pop else 1),
    )
    return fill, p.ink if contrast(p.ink, fill) > 4 else p.paper


def _line(text: str, of: Face, x: float, y: float, size: float, align: str, fill: str,
          edge: str) -> str:  # fmt: skip
    def run(colour: str, more: str = "", dx: float = 0, dy: float = 0) -> str:
        return (
            f'<text x="{number(x + dx)}" y="{number(y + dy)}" font-family="{of.family}" '
            f'font-size="{size:.2f}" text-anchor="{align}" fill="{colour}" {more}>{escape(text)}</text>'
        )

    if of.treatment == "heavy":
        stroke = f'stroke="{edge}" stroke-width="{size * 0.13:.1f}" stroke-linejoin="round"'
        return run(edge, stroke, size * 0.02, size * 0.05) + run(edge, stroke) + run(fill)
    if of.treatment == "glow":
        soft = "".join(
            run(
                fill,
                f'stroke="{fill}" stroke-width="{size * w:.1f}" stroke-linejoin="round" opacity="{o}"',
            )
            for w, o in ((0.26, 0.09), (0.16, 0.12), (0.08, 0.18))
        )
        return (
            run(
                edge,
                f'opacity="0.8" stroke="{edge}" stroke-width="{size * 0.06:.1f}"',
                0,
                size * 0.03,
            )
            + soft
            + run(fill)
        )
    return run(mix(edge, fill, 0.1), 'opacity="0.55"', size * 0.035, size * 0.045) + run(fill)


def _rules(lines: tuple[str, ...], of: Face, box: Box, size: float, first: float, fill: str) -> str:
    """Two rules, above and below, as wide as the longest line."""
    w = max(measured(text, of) for text in lines) * size
    left = {"start": box.x, "middle": box.x + (box.w - w) / 2, "end": box.x + box.w - w}[box.align]
    top = first - size * 0.98
    bottom = first + size * of.leading * (len(lines) - 1) + size * 0.30
    return line(
        f"M{number(left)} {number(top)}h{number(w)}M{number(left)} {number(bottom)}h{number(w)}",
        fill,
        5,
    )
