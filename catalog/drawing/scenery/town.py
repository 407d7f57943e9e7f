"""Streets, roofs and walls."""

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
)
from catalog.drawing.palettes import Palette, mix
from catalog.drawing.scenery.place import Place, haze, sky


def _towers(p: Palette, random: Random, base: float, tall: float, wide: float, colour: str,
            lit: float) -> str:  # fmt: skip
    made, windows, x = "", "", -20.0
    while x < WIDTH:
        w, h = wide * random.uniform(0.7, 1.4), tall * random.uniform(0.35, 1.0)
        made += rect(x, base - h, w, h + 400, colour)
        if random.random() < 0.3:
            made += line(f"M{x + w / 2:.0f} {base - h:.0f}v-50", colour, 6)
        for wx in range(int(x + 12), int(x + w - 18), 26):
            for wy in range(int(base - h + 18), int(base - 10), 34):
                if random.random() < lit:
                    windows += f"M{wx} {wy}h13v18h-13z"
        x += w + random.uniform(0, 10)
    return made + path(windows, p.pop, 'opacity="0.85"')


def city(p: Palette, random: Random) -> Place:
    back = sky(p, random)
    back += _towers(p, random, 520, 330, 80, p.far, 0.10) + haze(p, 330, 240, 0.5)
    back += _towers(p, random, 600, 300, 130, p.mid, 0.34)
    front = rect(0, 690, WIDTH, 40, p.near)
    for x in (random.uniform(60, 200), random.uniform(1080, 1220)):
        front += line(f"M{x:.0f} 720V430q0 -34 40 -34", p.ink, 11) + disc(x + 46, 402, 17, p.pop)
    return Place(back, front)


def rooftops(p: Palette, random: Random) -> Place:
    back = sky(p, random)
    back += _towers(p, random, 500, 200, 110, p.far, 0.08)
    for base, colour, step in ((560, p.mid, 190), (650, mix(p.mid, p.near, 0.6), 250)):
        for x in range(-120 + random.randrange(80), WIDTH + 60, step):
            h = random.uniform(60, 130)
            back += polygon([(x, base), (x + step / 2, base - h), (x + step, base)], colour)
            back += rect(x + step * 0.62, base - h - 8, 26, h, colour)
            back += rect(x + 8, base - 1, step - 16, 300, mix(colour, p.ink, 0.22))
            back += rect(x + step * 0.42, base + 20, 30, 36, p.pop, 'opacity="0.85"')
    front = polygon([(-20, 740), (-20, 690), (1300, 700), (1300, 740)], p.near)
    tiles = "".join(f"M{x} 696q16 20 32 0" for x in range(-10, WIDTH, 32))
    return Place(back, front + line(tiles, p.ink, 5))


def rain(p: Palette, random: Random) -> Place:
    back = sky(p, random, stars=False, clouds=False)
    back += _towers(p, random, 560, 360, 120, p.far, 0.16) + haze(p, 380, 260, 0.4)
    back += rect(0, 560, WIDTH, 170, p.near)
    for _ in range(12):
        x, w = random.uniform(0, WIDTH), random.uniform(10, 34)
        back += rect(
            x,
            565,
            w,
            random.uniform(50, 150),
            random.choice([p.pop, p.accent, p.glow]),
            'opacity="0.35"',
        )
    lamp = ""
    for x in (random.uniform(120, 300), random.uniform(980, 1160)):
        lamp += (
            line(f"M{x:.0f} 600V250", p.ink, 12)
            + glow(x, 240, 150, p.pop, 0.8)
            + disc(x, 240, 22, p.paper)
        )
    drops = "".join(
        f"M{random.uniform(0, WIDTH + 100):.0f} {random.uniform(-30, HEIGHT):.0f}l-14 {random.uniform(34, 70):.0f}"
        for _ in range(150)
    )
    splash = "".join(
        oval(
            random.uniform(0, WIDTH),
            random.uniform(655, 715),
            random.uniform(10, 26),
            3.5,
            "none",
            f'stroke="{p.paper}" stroke-width="2" opacity="0.5"',
        )
        for _ in range(20)
    )
    return Place(back + lamp, line(drops, p.paper, 2.4, 'opacity="0.55"') + splash)


def castle(p: Palette, random: Random) -> Place:
    back = sky(p, random) + path(ridge(random, base=520, height=170, steps=6), p.far)
    x, colour = random.choice([250, 640, 960]), mix(p.mid, p.near, 0.35)
    for dx, w, h in ((-150, 70, 190), (150, 70, 210), (-75, 90, 260), (75, 84, 300), (0, 110, 380)):
        left, top = x + dx - w / 2, 560 - h
        back += rect(left, top, w, h + 30, colour)
        back += polygon(
            [(left - 12, top), (left + w / 2, top - w * 1.2), (left + w + 12, top)], p.accent
        )
        back += line(f"M{left + w / 2:.0f} {top - w * 1.2:.0f}v-34l34 12l-34 12", p.pop, 5)
        back += path(f"M{left + w / 2 - 10:.0f} {top + 70:.0f}v-24a10 10 0 0 1 20 0v24z", p.pop)
    back += haze(p, 440, 180, 0.5) + path(ridge(random, base=610, height=70, steps=4), p.mid)
    return Place(back, path(ridge(random, base=706, height=50, steps=5), p.near))


def saloon(p: Palette, random: Random) -> Place:
    back = sky(p, random, sun=(640, 330))
    back += path(ridge(random, base=480, height=90, steps=6, smooth=False), p.far)
    for side in (False, True):
        street = ""
        for index, (near, h) in enumerate(((1.0, 400), (0.62, 300), (0.4, 220))):
            x = (0, 250, 390)[index]
            w, colour = 250 * near, mix(p.mid, p.near, 0.6 - 0.25 * index)
            street += rect(x, 600 - h * near - 60 * near, w, 400, colour)
            street += rect(x - 8, 590 - h * near - 60 * near, w + 16, 22 * near, p.ink)
            street += rect(x, 560 - 110 * near, w, 14 * near, p.ink)
            for wx in (0.2, 0.62):
                street += rect(
                    x + w * wx, 600 - h * near, w * 0.2, 70 * near, p.pop, 'opacity="0.9"'
                )
        back += group(street, move=(WIDTH, 0), flip=True) if side else street
    back += polygon([(540, 560), (740, 560), (1500, 740), (-220, 740)], mix(p.mid, p.glow, 0.35))
    return Place(
        back,
        line("M-10 650H1290M-10 694H1290", p.ink, 12)
        + "".join(rect(x, 620, 20, 110, p.ink) for x in range(30, WIDTH, 240)),
    )
