"""One person: the lead, or the second lead."""

from catalog.drawing.composition.frame import Brief, Composed, floor, focal_of, wing
from catalog.drawing.figures import Stand
from catalog.drawing.lettering import Box
from catalog.drawing.light import glow
from catalog.drawing.paint import HEIGHT, WIDTH, disc, rays, rect, speckle
from catalog.drawing.palettes import mix


def portrait(brief: Brief) -> Composed:
    """From the chest up on one side, the title on the other."""
    p, left = brief.palette, brief.random.random() < 0.5
    stand = Stand(335 if left else 945, 330, 0.94 * brief.looks[0].room, left=not left)
    x = 625 if left else 55
    svg = brief.place.back + wing(p, left=not left, reach=900)
    svg += glow(stand.x, 320, 430, p.glow, 0.85)
    svg += brief.people([stand])
    svg += brief.lettered(Box(x, 130, 600, 420, "start" if not left else "end"), p.ink)
    edge = x + (600 if left else 0)
    svg += brief.billing(edge, 640, p.paper, "end" if left else "start", 34)
    return Composed(svg, focal_of([stand]))


def backlit(brief: Brief) -> Composed:
    """In front of a large disc of light, the title across the chest."""
    p = brief.palette
    stand = Stand(
        640 + brief.random.choice([-30, 30]),
        268,
        0.86 * brief.looks[0].room,
        left=brief.random.random() < 0.5,
    )
    svg = brief.place.back + rect(0, 0, WIDTH, HEIGHT, p.ink, 'opacity="0.28"')
    svg += disc(640, 280, 300, p.glow) + disc(
        640, 280, 330, "none", f'stroke="{p.pop}" stroke-width="7"'
    )
    svg += brief.people([stand], rim=False) + floor(p, 360)
    svg += brief.lettered(Box(90, 480, 1100, 190), p.ink)
    return Composed(svg, focal_of([stand]))


def burst(brief: Brief) -> Composed:
    """Flat colour and rays: a playbill."""
    p, left = brief.palette, brief.random.random() < 0.5
    stand = Stand(370 if left else 910, 345, 1.02 * brief.looks[0].room, left=not left)
    ground = p.accent if not p.night else mix(p.accent, p.ink, 0.35)
    svg = rect(0, 0, WIDTH, HEIGHT, ground) + rays(
        stand.x, 330, 22, p.pop, 0.28, brief.random.random()
    )
    svg += speckle(brief.random, p.paper, 60, size=(2, 6), opacity=0.35)
    svg += disc(stand.x, 350, 305, p.paper, 'opacity="0.92"') + brief.people([stand], rim=False)
    svg += brief.lettered(Box(650 if left else 50, 110, 580, 470, "middle"), ground)
    return Composed(svg, focal_of([stand]))


def close_up(brief: Brief) -> Composed:
    """A close-up of the face."""
    p, left = brief.palette, brief.random.random() < 0.5
    stand = Stand(330 if left else 950, 400, 1.42 * brief.looks[0].room, left=not left)
    svg = brief.place.back + rect(0, 0, WIDTH, HEIGHT, p.ink, 'opacity="0.35"')
    svg += wing(p, left=not left, reach=820, strength=0.95) + brief.people([stand])
    x = 650 if left else 60
    svg += brief.lettered(Box(x, 190, 570, 350, "end" if left else "start"), p.ink)
    return Composed(svg, focal_of([stand]))


def arch(brief: Brief) -> Composed:
    """A window of scenery with the person in it, on a plain ground."""
    p, left = brief.palette, brief.random.random() < 0.5
    x, ground = (90 if left else 690), (p.near if p.night else p.paper)
    stand = Stand(x + 250, 345, 0.8 * brief.looks[0].room, left=not left)
    shape = f"M{x} 730V300a250 250 0 0 1 500 0V730Z"
    svg = rect(0, 0, WIDTH, HEIGHT, ground)
    svg += f'<path d="{shape}" fill="none" stroke="{p.accent}" stroke-width="30"/>'
    svg += f'<clipPath id="arch"><path d="{shape}"/></clipPath><g clip-path="url(#arch)">'
    svg += f'<g transform="translate({x - 390} 0)">{brief.place.back}</g>'
    svg += brief.people([stand]) + "</g>"
    svg += brief.lettered(Box(665 if left else 50, 120, 560, 430, "middle"), ground)
    svg += brief.billing(945 if left else 330, 640, p.paper if p.night else p.ink, size=32)
    return Composed(svg, focal_of([stand]))


def wanderer(brief: Brief) -> Composed:
    """Low in a wide landscape under a large title."""
    p = brief.palette
    x = brief.random.choice([300, 980])
    stand = Stand(x, 440, 0.5, left=x > 640)
    box = Box(500 if x < 640 else 60, 70, 720, 330, "middle")
    svg = brief.place.back + wing(p, left=x > 640, reach=900, strength=0.72)
    svg += brief.people([stand]) + brief.place.front
    return Composed(svg + brief.lettered(box, p.ink), focal_of([stand]))


LEADS = (portrait, backlit, burst, close_up, arch, wanderer)
