"""Fading light, in narrow bands of plain colour as in a screen print.

The renderer's own gradients would save nothing: at 1280 × 720 they take as long
as bands do, and in a build that is not optimised up to 30 times as long.
"""

from collections.abc import Sequence

from catalog.drawing.paint import number, path, rect
from catalog.drawing.palettes import mix

Stop = tuple[float, str, float]  # offset from 0 to 1, colour, opacity
BAND = 8
RINGS = 18
CRISP = 'shape-rendering="crispEdges"'


def fade(x: float, y: float, w: float, h: float, stops: Sequence[Stop], *,
         sideways: bool = False) -> str:  # fmt: skip
    """Fill a rectangle from top to bottom (or left to right, if `sideways`) by its stops."""
    length = round(w if sideways else h)
    made = ""
    for start in range(0, length, BAND):
        wide = min(BAND, length - start)
        colour, opacity = _at(stops, (start + wide / 2) / length)
        if opacity < 0.004:
            continue
        more = "" if opacity > 0.996 else f'opacity="{opacity:.3f}"'
        left, top = (round(x) + start, round(y)) if sideways else (round(x), round(y) + start)
        made += rect(left, top, wide if sideways else w, h if sideways else wide, colour, more)
    return made


def glow(x: float, y: float, r: float, colour: str, strength: float = 0.9, *,
         flat: float = 1.0) -> str:  # fmt: skip
    """Light that fades outwards in rings; `flat` below 1 presses it to a pool on the ground."""
    stops = [(0.0, colour, strength), (0.35, colour, strength * 0.55), (1.0, colour, 0.0)]
    rings = ""
    for ring in range(RINGS):
        inner, outer = r * ring / RINGS, r * (ring + 1) / RINGS
        _, opacity = _at(stops, (ring + 0.5) / RINGS)
        d = _circle(x, y, outer, flat) + (_circle(x, y, inner, flat) if ring else "")
        rings += path(d, colour, f'fill-rule="evenodd" {CRISP} opacity="{opacity:.3f}"')
    return rings


def _circle(x: float, y: float, r: float, flat: float) -> str:
    rx, ry, across = number(r), number(r * flat), number(2 * r)
    return f"M{number(x - r)} {number(y)}a{rx} {ry} 0 1 0 {across} 0a{rx} {ry} 0 1 0 -{across} 0Z"


def _at(stops: Sequence[Stop], offset: float) -> tuple[str, float]:
    """Interpolate colour and opacity at an offset, linearly between stops."""
    low = max((stop for stop in stops if stop[0] <= offset), default=stops[0])
    high = min((stop for stop in stops if stop[0] >= offset), default=stops[-1])
    share = (offset - low[0]) / (high[0] - low[0]) if high[0] > low[0] else 0.0
    return mix(low[1], high[1], share), low[2] + (high[2] - low[2]) * share
