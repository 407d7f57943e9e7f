"""Pictures with few faces or none: the moment, the scene, the lettering."""

from catalog.drawing.composition.frame import Brief, Composed, floor, focal_of, wing
from catalog.drawing.figures import Stand
from catalog.drawing.lettering import Box, small
from catalog.drawing.light import fade, glow
from catalog.drawing.paint import (
    HEIGHT,
    WIDTH,
    disc,
    group,
    oval,
    path,
    rays,
    rect,
    speckle,
)
from catalog.drawing.palettes import mix
from catalog.drawing.things import THINGS


def _glowing(brief: Brief, x: float, y: float, scale: float, turn: float = 0) -> str:
    p = brief.palette
    light = glow(x, y, 300 * scale, p.glow, 0.95)
    return light + group(THINGS[brief.thing](p), move=(x, y), scale=scale, turn=turn)


def still(brief: Brief) -> Composed:
    """The object alone, large, the title beside it."""
    p, left = brief.palette, brief.random.random() < 0.5
    x = 330 if left else 950
    svg = brief.place.back + wing(p, left=not left, reach=860) + rays(x, 360, 24, p.glow, 0.14)
    svg += _glowing(brief, x, 360, 1.45, brief.random.uniform(-8, 8))
    svg += brief.lettered(
        Box(630 if left else 60, 130, 590, 440, "end" if left else "start"), p.ink
    )
    return Composed(svg, (round(x / WIDTH, 3), 0.5))


def offering(brief: Brief) -> Composed:
    """A person and the object."""
    p, left = brief.palette, brief.random.random() < 0.5
    stand = Stand(330 if left else 950, 270, 0.82, left=not left)
    x = 900 if left else 380
    svg = brief.place.back + rect(0, 0, WIDTH, HEIGHT, p.ink, 'opacity="0.2"')
    svg += _glowing(brief, x, 260, 1.1) + brief.people([stand]) + floor(p, 380)
    return Composed(svg + brief.lettered(Box(90, 500, 1100, 180), p.ink), focal_of([stand]))


def between(brief: Brief) -> Composed:
    """Two people, and the object between them."""
    p = brief.palette
    stands = [Stand(270, 290, 0.80), Stand(1010, 290, 0.80, left=True)]
    svg = brief.place.back + rect(0, 0, WIDTH, HEIGHT, p.ink, 'opacity="0.16"')
    svg += _glowing(brief, 640, 270, 1.0) + brief.people(stands) + floor(p, 400)
    return Composed(svg + brief.lettered(Box(90, 520, 1100, 165), p.ink), focal_of(stands))


def vista(brief: Brief) -> Composed:
    """The place, with a small anonymous figure."""
    p = brief.palette
    x = brief.random.choice([250, 400, 900, 1050])
    svg = brief.place.back + _passer(x, 650, p.ink, p.accent) + brief.place.front
    veil = p.ink if p.night else p.low
    svg += fade(0, 0, WIDTH, 420, [(0.0, veil, 0.85), (0.55, veil, 0.6), (1.0, veil, 0.0)])
    svg += brief.lettered(Box(110, 60, 1060, 270), veil)
    return Composed(svg, (round(x / WIDTH, 3), 0.6))


def bill(brief: Brief) -> Composed:
    """Lettering that fills the canvas."""
    p, random = brief.palette, brief.random
    ground = random.choice([p.near, p.accent, p.ink] if p.night else [p.accent, p.paper, p.glow])
    svg = rect(0, 0, WIDTH, HEIGHT, ground) + rays(
        640, 360, 36, mix(ground, p.pop, 0.5), 0.3, random.random()
    )
    svg += speckle(random, p.pop, 90, size=(1, 4), opacity=0.3)
    svg += f'<rect x="34" y="34" width="1212" height="652" fill="none" stroke="{p.pop}" stroke-width="8"/>'
    svg += f'<rect x="52" y="52" width="1176" height="616" fill="none" stroke="{p.pop}" stroke-width="3"/>'
    svg += group(THINGS[brief.thing](p), move=(640, 200), scale=0.66)
    svg += brief.lettered(Box(110, 330, 1060, 240), ground)
    fill = p.paper if ground in (p.near, p.ink) else p.ink
    return Composed(svg + small(brief.maker, 640, 636, 30, fill), (0.5, 0.5))


def _passer(x: float, y: float, ink: str, coat: str) -> str:
    """A distant person, seen from behind."""
    body = (
        oval(0, 2, 54, 9, ink, 'opacity="0.4"') + path("M-18 0V-70H-2V0ZM4 0V-70H20V0Z", ink)
        + path("M-34 -50Q-30 -150 0 -152Q32 -150 36 -50Z", coat, f'stroke="{ink}" stroke-width="5"') + disc(0, -172, 24, ink)
    )  # fmt: skip
    return group(body, move=(x, y), scale=0.95)


MOMENTS = (still, offering, between)
