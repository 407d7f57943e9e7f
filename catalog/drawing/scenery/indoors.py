"""Interiors."""

from random import Random

from catalog.drawing.light import fade, glow
from catalog.drawing.paint import (
    HEIGHT,
    WIDTH,
    disc,
    down,
    line,
    path,
    polygon,
    rect,
)
from catalog.drawing.palettes import Palette, mix
from catalog.drawing.scenery.place import Place


def room(p: Palette, random: Random) -> Place:
    wall = mix(p.mid, p.accent, 0.22)
    back = rect(0, 0, WIDTH, HEIGHT, wall)
    back += path(
        "".join(f"M{x} 0h34v720h-34z" for x in range(0, WIDTH, 80)), p.near, 'opacity="0.22"'
    )
    x = random.choice([150, 820])
    back += rect(x - 16, 74, 332, 392, p.ink) + fade(
        x, 90, 300, 360, [(0.0, p.sky, 1.0), (1.0, p.glow, 1.0)]
    )
    back += disc(x + random.uniform(70, 230), 190, 46, p.paper)
    back += line(f"M{x + 150} 90V450M{x} 260H{x + 300}", p.ink, 12)
    for side in (-70, 280):
        back += path(f"M{x + side} 50h90q14 220 -10 440h-80z", p.accent)
    lamp = 1280 - x - 150
    back += glow(lamp, 230, 330, p.glow, 0.85) + line(f"M{lamp} 0V150", p.ink, 6)
    back += path(f"M{lamp - 70} 220l34 -74h72l34 74z", p.pop)
    shelf = lamp - 150
    back += rect(shelf, 450, 300, 14, p.ink)
    for book in range(12):
        back += rect(
            shelf + 8 + book * 23,
            450 - 60 - random.uniform(0, 26),
            20,
            90,
            random.choice([p.accent, p.far, p.pop, p.near]),
        )
        back += rect(shelf + 8 + book * 23, 450, 20, 30, wall)
    back += (
        rect(shelf, 450, 300, 14, p.ink)
        + rect(0, 600, WIDTH, 120, p.near)
        + line("M0 600H1280", p.ink, 8)
    )
    return Place(back, rect(0, 694, WIDTH, 30, p.ink))


def laboratory(p: Palette, random: Random) -> Place:
    cold = mix(p.low, p.glow, 0.25) if not p.night else mix(p.mid, p.low, 0.25)
    back = rect(0, 0, WIDTH, HEIGHT, cold)
    tiles = "".join(f"M{x} 0V560" for x in range(0, WIDTH, 80)) + "".join(
        f"M0 {y}H1280" for y in range(0, 560, 80)
    )
    back += line(tiles, p.far, 3, 'opacity="0.7"')
    for x in range(120, WIDTH, 350):
        back += rect(x, 70, 250, 170, p.ink, 'rx="14"') + rect(
            x + 12, 82, 226, 146, p.near, 'rx="8"'
        )
        wave = f"M{x + 20} 160" + "".join(
            f"l18 {random.uniform(-50, 50):.0f}" if i % 2 else "h18" for i in range(11)
        )
        back += line(wave, random.choice([p.pop, p.accent]), 5)
    back += glow(640, 300, 420, p.glow, 0.8)
    for x in range(60, WIDTH, 190):
        colour, h = random.choice([p.accent, p.pop, p.glow]), random.uniform(80, 150)
        back += path(
            f"M{x} {540 - h:.0f}h40v{h * 0.4:.0f}l40 {h * 0.6:.0f}h-120l40 {-h * 0.6:.0f}z",
            p.paper,
            'opacity="0.55"',
        )
        back += path(f"M{x - 22} {540 - h * 0.33:.0f}h84l18 {h * 0.33:.0f}h-120z", colour)
    back += rect(0, 540, WIDTH, 190, p.near) + line("M0 542H1280", p.ink, 9)
    return Place(back, rect(0, 688, WIDTH, 40, p.ink))


def stage(p: Palette, random: Random) -> Place:
    dark = mix(p.ink, p.near, 0.4)
    back = f"<defs>{down('beam', [(0, p.glow, 0.75), (1, p.glow, 0.05)])}</defs>"
    back += rect(0, 0, WIDTH, HEIGHT, dark)
    folds = "".join(
        f"M{x} 0q{random.uniform(-14, 14):.0f} 300 0 600h26V0z" for x in range(0, WIDTH, 58)
    )
    back += rect(0, 0, WIDTH, 600, p.mid) + path(folds, p.near, 'opacity="0.7"')
    back += rect(0, 590, WIDTH, 140, mix(p.mid, p.glow, 0.25))
    back += line(
        "".join(f"M{640 + dx} 590L{640 + dx * 2.4:.0f} 730" for dx in range(-640, 700, 80)),
        p.near,
        3,
    )
    for x in (random.uniform(120, 420), random.uniform(540, 760), random.uniform(860, 1160)):
        back += polygon(
            [(x - 26, -10), (x + 26, -10), (x + 250, 690), (x - 250, 690)],
            "url(#beam)",
            'opacity="0.5"',
        )
    back += glow(640, 650, 560, p.glow, flat=0.13)
    red = p.accent
    front = ""
    for side in (0, 1):
        swag = path("M0 0H230Q210 250 70 420Q130 560 90 730H0Z", red)
        swag += line(
            "M60 0Q60 240 20 420M130 0Q120 220 50 400M40 450Q60 600 40 720",
            mix(red, p.ink, 0.45),
            10,
        )
        front += (
            f'<g transform="translate({1280 * side} 0) scale({-1 if side else 1} 1)">{swag}</g>'
        )
    valance = "".join(f"M{x} 0h160q-10 74 -80 74t-80 -74z" for x in range(0, WIDTH, 160))
    lights = "".join(disc(x, 708, 15, p.pop) for x in range(60, WIDTH, 106))
    return Place(
        back,
        front
        + path(valance, red)
        + line("".join(f"M{x} 0q10 74 80 74t80 -74" for x in range(0, WIDTH, 160)), p.pop, 5)
        + rect(0, 706, WIDTH, 20, p.ink)
        + lights,
    )
