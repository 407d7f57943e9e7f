"""Water, above and below."""

from random import Random

from catalog.drawing.light import fade
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
from catalog.drawing.scenery.place import Place, sky


def _waves(y: float, colour: str, random: Random, depth: float = 16) -> str:
    shift = random.uniform(-90, 0)
    d = f"M{shift - 60:.0f} {y:.0f}" + f"q45 {-depth} 90 0t90 0" * 9
    return path(f"{d}V{HEIGHT + 20}H-200Z", colour)


def sea(p: Palette, random: Random) -> Place:
    x = random.uniform(380, 900)
    back = sky(p, random, sun=(x, random.uniform(250, 350)))
    stops = [(0.0, mix(p.low, p.mid, 0.45), 1.0), (1.0, p.near, 1.0)]
    back += fade(0, 430, WIDTH, 290, stops)
    for row in range(9):
        y, w = 440 + row * 20, 60 + row * 22 * random.uniform(0.6, 1.2)
        back += oval(
            x + random.uniform(-20, 20), y, w, 4.5, p.glow, f'opacity="{0.8 - row * 0.07:.2f}"'
        )
    back += _waves(580, p.mid, random)
    return Place(
        back, _waves(640, mix(p.mid, p.near, 0.6), random, 22) + _waves(682, p.near, random, 26)
    )


def harbour(p: Palette, random: Random) -> Place:
    back = sky(p, random)
    back += path(ridge(random, base=450, height=110, steps=6), p.far)
    for x in range(0, WIDTH, 64):
        h = random.uniform(40, 110)
        back += rect(x, 470 - h, 56, h + 10, random.choice([p.mid, p.far]))
        back += polygon([(x - 5, 470 - h), (x + 28, 440 - h), (x + 61, 470 - h)], p.near)
        back += rect(x + 20, 485 - h, 14, 18, p.pop, 'opacity="0.9"')
    back += rect(0, 476, WIDTH, 250, mix(p.mid, p.low, 0.3))
    for _ in range(26):
        back += oval(
            random.uniform(0, WIDTH),
            random.uniform(490, 640),
            random.uniform(20, 90),
            3,
            p.glow,
            'opacity="0.4"',
        )
    for berth in (random.uniform(80, 330), random.uniform(900, 1180)):
        back += _boat(p, berth, 560, random.uniform(0.9, 1.4))
    posts = "".join(
        rect(x, 600, 30, 130, p.ink) + oval(x + 15, 600, 15, 6, p.mid)
        for x in range(40, WIDTH, 300)
    )
    return Place(back, posts + rect(0, 676, WIDTH, 50, p.near) + line("M0 678H1280", p.ink, 5))


def _boat(p: Palette, x: float, y: float, s: float) -> str:
    made = path("M-90 0H90L60 44H-66Z", p.accent) + line("M-90 2H90", p.paper, 7)
    made += (
        line("M0 0V-170", p.ink, 7)
        + path("M8 -165L84 -18H8Z", p.paper)
        + path("M-8 -140L-62 -18H-8Z", p.pop)
    )
    return group(made, move=(x, y), scale=s)


def underwater(p: Palette, random: Random) -> Place:
    stops = [(0.0, mix(p.low, p.glow, 0.4), 1.0), (0.5, p.mid, 1.0), (1.0, p.ink, 1.0)]
    back = fade(0, 0, WIDTH, HEIGHT, stops)
    for _ in range(6):
        x, w = random.uniform(-100, 1300), random.uniform(60, 160)
        back += polygon(
            [(x, -10), (x + w, -10), (x + w - 260, 740), (x - 420, 740)], p.glow, 'opacity="0.13"'
        )
    for _ in range(9):
        x, y, s = random.uniform(60, 1220), random.uniform(80, 520), random.uniform(0.5, 1.5)
        colour = random.choice([p.accent, p.pop, p.glow])
        body = (
            oval(0, 0, 40, 22, colour) + path("M32 0L66 -24V24Z", colour) + disc(-20, -5, 5, p.ink)
        )
        back += group(body, move=(x, y), scale=s, flip=random.random() < 0.5)
    back += speckle(random, p.paper, 60, size=(2, 8), opacity=0.4)
    weeds = "".join(
        f"M{x} 740q{random.uniform(-40, 40):.0f} -70 0 -120t{random.uniform(-20, 20):.0f} {-random.uniform(20, 120):.0f}"
        for x in range(10, WIDTH, 52)
    )
    return Place(
        back, line(weeds, p.near, 20) + path(ridge(random, base=716, height=40, steps=8), p.ink)
    )
