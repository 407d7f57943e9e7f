"""Basic shapes as SVG strings. Lengths are canvas pixels."""

import itertools
from collections.abc import Iterable, Sequence
from random import Random

WIDTH, HEIGHT = 1280, 720

Point = tuple[float, float]


def number(value: float) -> str:
    """Format a length, short and the same on every machine."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}" '
        f'fill="{fill}" {more}/>'
    )


def disc(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" fill="{fill}" {more}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    return (
        f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}" '
        f'fill="{fill}" {more}/>'
    )


def path(d: str, fill: str, more: str = "") -> str:
    return f'<path d="{d}" fill="{fill}" {more}/>'


def line(d: str, stroke: str, width: float, more: str = "") -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{number(width)}" '
        f'stroke-linecap="round" stroke-linejoin="round" {more}/>'
    )


def polygon(points: Iterable[Point], fill: str, more: str = "") -> str:
    return path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z", fill, more)


def group(content: str, *, move: Point = (0, 0), scale: float = 1, flip: bool = False,
          turn: float = 0, more: str = "") -> str:  # fmt: skip
    """Place content: turned about its own origin, scaled (mirrored if `flip`), then moved."""
    across = -scale if flip else scale
    return (
        f'<g transform="translate({number(move[0])} {number(move[1])}) rotate({number(turn)}) '
        f'scale({across:.4f} {scale:.4f})" {more}>{content}</g>'
    )


def down(name: str, stops: Sequence[tuple[float, str, float]]) -> str:
    """A gradient from top to bottom; each stop is (offset, colour, opacity)."""
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{_stops(stops)}</linearGradient>'
    )


def ridge(random: Random, *, base: float, height: float, steps: int, rough: float = 1.0,
          smooth: bool = True) -> str:  # fmt: skip
    """A hill or mountain line across the canvas, as a closed path down to the bottom edge."""
    width = WIDTH + 80
    points = [
        (-40 + width * step / steps, base - height * random.random() ** rough)
        for step in range(steps + 1)
    ]
    d = f"M-40 {HEIGHT + 20}L{number(points[0][0])} {number(points[0][1])}"
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if smooth:
            middle = number((x0 + x1) / 2)
            d += f"C{middle} {number(y0)} {middle} {number(y1)} {number(x1)} {number(y1)}"
        else:
            d += f"L{number(x1)} {number(y1)}"
    return d + f"L{WIDTH + 40} {HEIGHT + 20}Z"


def rays(x: float, y: float, count: int, fill: str, opacity: float, turn: float = 0.0) -> str:
    """A burst of wedges around a point, far beyond the canvas."""
    from math import cos, pi, sin

    wedges = ""
    for index in range(count):
        a, b = (turn + 2 * pi * (index + side) / count for side in (0.0, 0.5))
        wedges += (
            f"M{number(x)} {number(y)}L{number(x + 1000 * cos(a))} {number(y + 1000 * sin(a))}"
            f"L{number(x + 1000 * cos(b))} {number(y + 1000 * sin(b))}Z"
        )
    return path(wedges, fill, f'opacity="{opacity}"')


def speckle(random: Random, colour: str, count: int, *, top: float = 0, bottom: float = HEIGHT,
            size: tuple[float, float] = (0.8, 2.2), opacity: float = 0.5) -> str:  # fmt: skip
    """Stars, snow, dust or print grain: small discs in one path."""
    d = ""
    for _ in range(count):
        r = random.uniform(*size)
        x, y = random.uniform(0, WIDTH), random.uniform(top, bottom)
        d += f"M{number(x - r)} {number(y)}a{number(r)} {number(r)} 0 1 0 {number(2 * r)} 0"
        d += f"a{number(r)} {number(r)} 0 1 0 {number(-2 * r)} 0"
    return path(d, colour, f'opacity="{opacity}"')


def _stops(stops: Sequence[tuple[float, str, float]]) -> str:
    return "".join(
        f'<stop offset="{offset:g}" stop-color="{colour}" stop-opacity="{opacity:g}"/>'
        for offset, colour, opacity in stops
    )
