"""Landscapes and space."""

from random import Random

from catalog.drawing.light import glow
from catalog.drawing.paint import (
    HEIGHT,
    WIDTH,
    disc,
    group,
    line,
    oval,
    path,
    polygon,
    rect,
    ridge,
    speckle,
)
from catalog.drawing.palettes import Palette, mix
from catalog.drawing.scenery.place import Place, haze, sky


def mountains(p: Palette, random: Random) -> Place:
    back = sky(p, random)
    for base, height, colour in ((470, 290, p.far), (560, 240, p.mid)):
        state = random.getstate()
        back += path(ridge(random, base=base, height=height, steps=9, smooth=False), colour)
        random.setstate(state)
        lit = ridge(random, base=base + 26, height=height, steps=9, smooth=False)
        back += f'<g opacity="0.45" transform="translate(22 10)">{path(lit, mix(colour, p.sky, 0.5))}</g>'
    back += haze(p, 430, 220)
    return Place(back, path(ridge(random, base=690, height=80, steps=6), p.near))


def desert(p: Palette, random: Random) -> Place:
    back = sky(p, random)
    for _ in range(3):  # mesas
        x, w, h = random.uniform(-50, 1200), random.uniform(120, 260), random.uniform(90, 190)
        top = [(x, 500), (x + w * 0.12, 500 - h), (x + w * 0.88, 500 - h), (x + w, 500)]
        back += polygon(top, p.far)
        back += polygon(
            [(x + w * 0.6, 500), (x + w * 0.66, 500 - h), *top[2:]], p.mid, 'opacity="0.5"'
        )
    back += haze(p, 400, 160)
    back += path(ridge(random, base=540, height=60, steps=4), p.mid)
    back += path(ridge(random, base=610, height=70, steps=3), mix(p.mid, p.near, 0.5))
    front = path(ridge(random, base=700, height=50, steps=4), p.near)
    return Place(back, front + "".join(_cactus(p.ink, random) for _ in range(2)))


def _cactus(colour: str, random: Random) -> str:
    x, s = (
        random.choice([random.uniform(30, 240), random.uniform(1040, 1250)]),
        random.uniform(0.7, 1.3),
    )
    d = "M0 0V-150M0 -50H-40V-100M0 -70H40V-125"
    return group(line(d, colour, 26), move=(x, 710), scale=s)


def forest(p: Palette, random: Random) -> Place:
    back = sky(p, random, clouds=False)
    for base, count, size, colour in ((500, 26, 190, p.far), (580, 18, 270, p.mid)):
        back += haze(p, base - 170, 240, 0.35)
        for _ in range(count):
            back += _pine(
                random.uniform(-30, WIDTH + 30),
                base + random.uniform(0, 40),
                size * random.uniform(0.7, 1.2),
                colour,
            )
        back += rect(0, base, WIDTH, HEIGHT - base, colour)
    front = path(ridge(random, base=700, height=60, steps=6), p.near)
    for x in (random.uniform(-60, 50), random.uniform(1230, 1330)):
        front += _pine(x, 730, 620, p.near)
    return Place(back, front)


def _pine(x: float, y: float, h: float, colour: str) -> str:
    w = h * 0.42
    points = [(x, y - h)]
    for share, out in ((0.4, 0.55), (0.36, 0.3), (0.7, 0.8), (0.64, 0.45), (1.0, 1.0)):
        points.append((x + w / 2 * out, y - h * (1 - share)))
    points += [(2 * x - px, py) for px, py in reversed(points[1:])]
    return polygon(points, colour)


def fields(p: Palette, random: Random) -> Place:
    back = sky(p, random)
    back += path(ridge(random, base=450, height=70, steps=5), p.far) + haze(p, 380, 140)
    green = mix(p.mid, p.pop, 0.25)
    back += path(ridge(random, base=520, height=60, steps=4), green)
    vanish = random.uniform(400, 880)
    rows = "".join(f"M{vanish} 500L{x} 730L{x + 70} 730Z" for x in range(-900, 2200, 150))
    back += rect(0, 540, WIDTH, 180, p.mid) + f'<g opacity="0.5">{path(rows, p.near)}</g>'
    blades = "".join(
        f"M{x} 730Q{x + random.uniform(-20, 20):.0f} 700 {x + random.uniform(-26, 26):.0f} {random.uniform(630, 680):.0f}"
        for x in range(0, WIDTH, 16)
    )
    return Place(back, line(blades, p.near, 7))


def garden(p: Palette, random: Random) -> Place:
    back = sky(p, random)
    for bush in range(-40, WIDTH + 80, 120):
        back += disc(bush, 500 + random.uniform(-30, 20), random.uniform(80, 130), p.far)
    back += rect(0, 520, WIDTH, 200, p.mid)
    for bush in range(20, WIDTH, 90):
        back += disc(bush, 560 + random.uniform(-20, 30), random.uniform(50, 80), p.mid)
    front = path(ridge(random, base=700, height=50, steps=8), p.near)
    petals = [p.accent, p.pop, p.paper, p.glow]
    for _ in range(26):
        x, y, r = random.uniform(0, WIDTH), random.uniform(625, 705), random.uniform(9, 19)
        front += line(f"M{x:.0f} {y:.0f}V730", p.ink, 4)
        colour = random.choice(petals)
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            front += disc(x + dx * r * 0.8, y + dy * r * 0.8, r * 0.75, colour)
        front += disc(x, y, r * 0.5, p.ink)
    return Place(back, front)


def snow(p: Palette, random: Random) -> Place:
    back = sky(p, random, clouds=False)
    white, shade = mix(p.paper, p.low, 0.12), mix(p.paper, p.sky, 0.4)
    back += path(
        ridge(random, base=470, height=220, steps=8, smooth=False), mix(p.far, p.paper, 0.25)
    )
    back += path(ridge(random, base=540, height=90, steps=5), shade)
    for _ in range(12):
        back += _pine(
            random.uniform(0, WIDTH), random.uniform(520, 570), random.uniform(70, 150), p.near
        )
    back += path(ridge(random, base=610, height=50, steps=4), white)
    front = path(ridge(random, base=715, height=60, steps=5), p.paper)
    return Place(back, front + speckle(random, "#ffffff", 130, size=(1.5, 5), opacity=0.85))


def road(p: Palette, random: Random) -> Place:
    x = random.uniform(480, 800)
    back = sky(p, random, sun=(x, 330))
    back += path(ridge(random, base=420, height=110, steps=7, smooth=False), p.far) + haze(
        p, 340, 130
    )
    back += rect(0, 420, WIDTH, 300, p.mid)
    back += polygon([(x - 8, 420), (x + 8, 420), (x + 420, 730), (x - 420, 730)], p.near)
    for near in (0.06, 0.16, 0.32, 0.58, 0.95):
        y, w, h = 420 + 300 * near, 3 + 16 * near, 8 + 60 * near
        back += polygon([(x - w, y), (x + w, y), (x + w * 1.2, y + h), (x - w * 1.2, y + h)], p.pop)
    poles = ""
    for near in (0.1, 0.22, 0.42, 0.8):
        px, y, h = x + 90 + 560 * near, 425 + 200 * near, 60 + 360 * near
        poles += line(
            f"M{px:.0f} {y:.0f}v{-h:.0f}m{-h * 0.12:.0f} {h * 0.1:.0f}h{h * 0.24:.0f}",
            p.ink,
            2 + 9 * near,
        )
    return Place(back + poles, "")


def space(p: Palette, random: Random) -> Place:
    dark = mix(p.sky, "#05060f", 0.72)
    back = rect(0, 0, WIDTH, HEIGHT, dark)
    back += glow(random.uniform(100, 1180), random.uniform(80, 640), 620, p.accent, 0.55)
    back += speckle(random, p.paper, 190, opacity=0.9)
    x, y, r = random.choice([300, 980]), random.uniform(170, 300), random.uniform(120, 190)
    back += glow(x, y, r * 2.4, p.glow, 0.8) + disc(x, y, r, p.far)
    back += f'<clipPath id="globe"><circle cx="{x}" cy="{y:.0f}" r="{r:.0f}"/></clipPath><g clip-path="url(#globe)">'
    for band in range(5):
        back += oval(x, y - r + band * r * 0.45, r * 1.1, r * 0.1, p.glow, 'opacity="0.3"')
    back += disc(x + r * 0.5, y + r * 0.4, r * 1.15, dark, 'opacity="0.45"') + "</g>"
    back += f'<ellipse cx="{x}" cy="{y:.0f}" rx="{r * 1.7:.0f}" ry="{r * 0.34:.0f}" fill="none" stroke="{p.pop}" stroke-width="10" opacity="0.8" transform="rotate(-14 {x} {y:.0f})"/>'
    ground = oval(640, 1120, 1100, 500, p.mid)
    craters = "".join(
        oval(random.uniform(60, 1220), random.uniform(660, 712), random.uniform(24, 70), 9, p.near)
        for _ in range(9)
    )
    return Place(back + ground, oval(640, 1190, 1150, 510, p.near) + craters.replace(p.near, p.ink))


def battlefield(p: Palette, random: Random) -> Place:
    back = sky(p, random, stars=False)
    back += path(ridge(random, base=480, height=80, steps=9), p.far) + haze(p, 380, 200, 0.7)
    for _ in range(7):
        x, h = random.uniform(0, WIDTH), random.uniform(90, 200)
        lean = random.uniform(-30, 30)
        back += line(
            f"M{x:.0f} 540l{lean:.0f} {-h:.0f}m{-lean * 0.4:.0f} {h * 0.4:.0f}l34 -40", p.mid, 12
        )
    back += path(ridge(random, base=560, height=40, steps=10), p.mid)
    front = path(ridge(random, base=712, height=60, steps=12), p.near)
    wire = "".join(f"M{x} 720V590M{x - 26} 640L{x + 26} 610" for x in range(30, WIDTH, 200))
    coil = "".join(f"M{x} 640q25 -46 50 0t50 0" for x in range(-20, WIDTH, 100))
    return Place(back, line(coil, p.ink, 3) + line(wire, p.ink, 10) + front)
