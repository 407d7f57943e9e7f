"""Several people: the ensemble, and the supporting cast."""

from catalog.drawing.composition.frame import Brief, Composed, floor, focal_of, wing
from catalog.drawing.figures import Stand
from catalog.drawing.lettering import Box
from catalog.drawing.light import glow
from catalog.drawing.paint import HEIGHT, WIDTH, disc, polygon, rays, rect
from catalog.drawing.palettes import mix


def line_up(brief: Brief) -> Composed:
    """Shoulder to shoulder, the first billed in the middle; large groups are drawn smaller."""
    p, n = brief.palette, len(brief.looks)
    gap, scale, top = (1040 / n, 0.60, 225) if n < 5 else (226, 0.52, 286)
    stands = [
        Stand(
            640 + (place - (n - 1) / 2) * gap,
            top + 24 * (index % 3) - 20 * (index == 0 and n > 4),
            scale if index else scale + 0.05,
            left=place > (n - 1) / 2,
        )
        for index, place in enumerate(_from_the_middle(n))
    ]
    svg = brief.place.back + brief.people(stands) + floor(p, 330)
    svg += brief.lettered(Box(90, 480, 1100, 170), p.ink) + brief.billing(
        640, 696, p.paper, size=26
    )
    return Composed(svg, focal_of(stands))


def pyramid(brief: Brief) -> Composed:
    """The lead large in the background, the others in front."""
    p, n = brief.palette, len(brief.looks)
    sides = [-390, 390, -235, 235, 0][: n - 1] if n != 3 else [-330, 330]
    rest = [Stand(640 + dx, 290 + 70 * (abs(dx) < 300), 0.56, left=dx > 0) for dx in sides]
    lead = Stand(640, 190, 0.74, left=brief.random.random() < 0.5)
    svg = brief.place.back
    svg += rays(640, 220, 26, p.glow, 0.22) + glow(640, 230, 400, p.glow)
    svg += brief.person(brief.looks[0], lead)
    for look, stand in zip(brief.looks[1:], rest, strict=False):
        svg += brief.person(look, stand)
    svg += floor(p, 390) + brief.lettered(Box(90, 520, 1100, 160), p.ink)
    return Composed(svg, focal_of([lead, *rest]))


def panels(brief: Brief) -> Composed:
    """A slanted panel for each, the title on a bar.

    Each panel lies over the one before it, and its person steps a little out
    of it: clipping each would take the renderer four times as long.
    """
    p, n = brief.palette, len(brief.looks)
    wide, slant = WIDTH / n, 50
    tones = [p.accent, p.far, p.pop, p.mid, p.low, p.glow]
    svg, stands = rect(0, 0, WIDTH, HEIGHT, p.ink), []
    for index, look in enumerate(brief.looks):
        x = index * wide
        a, b = (x + slant if index else -60, WIDTH + 160)
        shape = [(a, -5), (b, -5), (b, 560), (a - 2 * slant, 560)]
        y, scale = 285 - 30 * (index % 2), (0.72 if n < 4 else 0.60)
        stand = Stand(x + wide / 2 + 8, y, scale, left=n > 2 and index == n - 1)
        svg += polygon([(px - 10, py) for px, py in shape], p.ink) + polygon(shape, tones[index])
        svg += brief.person(look, stand, rim=False)
        stands.append(stand)
    svg += rect(0, 552, WIDTH, 170, p.ink) + brief.lettered(Box(50, 562, 1180, 146), p.ink)
    return Composed(svg, focal_of(stands))


def crowd(brief: Brief) -> Composed:
    """Along a diagonal towards the back, the title in the free half."""
    p, n = brief.palette, len(brief.looks)
    left = brief.random.random() < 0.5
    stands = []
    for index in range(n):
        x = 900 + (index % 2 * 2 - 1) * (index + 1) // 2 * 150 if n > 2 else 830 + index * 280
        x, y = min(max(x, 690), 1180), 370 - index * 48
        scale = max(0.74 - index * 0.055, (HEIGHT - y) / 840)
        stands.append(Stand(WIDTH - x if left else x, y, scale, (index != 1) != left))
    svg = brief.place.back + wing(p, left=not left, reach=820, strength=0.88) + brief.people(stands)
    x = 700 if left else 50
    svg += brief.lettered(Box(x, 120, 530, 440, "end" if left else "start"), p.ink)
    return Composed(svg, focal_of(stands))


def facing(brief: Brief) -> Composed:
    """Two, face to face, with the title between or below."""
    p = brief.palette
    stands = [Stand(330, 300, 0.84), Stand(950, 300, 0.84, left=True)][: len(brief.looks)]
    svg = brief.place.back
    svg += glow(640, 280, 420, p.glow, 0.8) + brief.people(stands) + floor(p, 380)
    svg += brief.lettered(Box(110, 500, 1060, 180), p.ink)
    return Composed(svg, focal_of(stands))


def split(brief: Brief) -> Composed:
    """Two halves of two colours, back to back."""
    p = brief.palette
    stands = [Stand(290, 330, 0.82, left=True), Stand(990, 330, 0.82)][: len(brief.looks)]
    one, other = p.accent, mix(p.sky, p.ink, 0.25)
    svg = rect(0, 0, WIDTH, HEIGHT, other) + polygon(
        [(-10, -10), (720, -10), (560, 740), (-10, 740)], one
    )
    svg += rays(640, 360, 30, p.paper, 0.10) + disc(290, 350, 250, p.pop, 'opacity="0.85"')
    svg += disc(990, 350, 250, p.low, 'opacity="0.85"') + brief.people(stands, rim=False)
    svg += floor(p, 430) + brief.lettered(Box(100, 530, 1080, 160), p.ink)
    return Composed(svg, focal_of(stands))


ENSEMBLES = (line_up, pyramid, panels, crowd)
PAIRS = (facing, crowd, split)


def _from_the_middle(n: int) -> list[int]:
    """Places from the middle outwards: 2, 1, 3, 0, 4 for five."""
    middle = (n - 1) / 2
    return sorted(range(n), key=lambda place: (abs(place - middle), place))
