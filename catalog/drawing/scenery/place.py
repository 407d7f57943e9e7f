"""The parts that all backdrops share: two layers and the sky."""

from dataclasses import dataclass
from random import Random

from catalog.drawing.light import fade, glow
from catalog.drawing.paint import HEIGHT, WIDTH, disc, oval, speckle
from catalog.drawing.palettes import Palette, mix


@dataclass(frozen=True, slots=True)
class Place:
    """SVG behind the figures (`back`), and in front of their lower edge."""

    back: str
    front: str


def sky(p: Palette, random: Random, *, sun: tuple[float, float] | None = None, stars: bool = True,
        clouds: bool = True) -> str:  # fmt: skip
    """Paint the sky with its light; stars by night, clouds by day."""
    x, y = sun or (random.uniform(260, 1020), random.uniform(150, 330))
    stops = [(0.0, p.sky, 1.0), (0.55, p.low, 1.0), (0.8, mix(p.low, p.glow, 0.6), 1.0)]
    made = fade(0, 0, WIDTH, HEIGHT, stops)
    if p.night and stars:
        made += speckle(random, p.paper, 90, bottom=380, opacity=0.75)
    made += glow(x, y, 360, p.glow) + disc(x, y, random.choice([64, 90, 120]), p.glow)
    if clouds and not (p.night and stars and random.random() < 0.5):
        made += "".join(cloud(p, random) for _ in range(4))
    return made


def cloud(p: Palette, random: Random) -> str:
    x, y, s = random.uniform(0, WIDTH), random.uniform(40, 330), random.uniform(0.6, 1.5)
    colour = mix(p.low, p.paper, 0.18 if p.night else 0.6)
    puffs = [(-90, 6, 70, 22), (-30, -14, 62, 34), (40, -6, 70, 30), (110, 8, 60, 18)]
    return "".join(oval(x + dx * s, y + dy * s, rx * s, ry * s, colour) for dx, dy, rx, ry in puffs)


def haze(p: Palette, y: float, height: float, strength: float = 0.6) -> str:
    """Haze over the distance."""
    stops = [(0.0, p.glow, 0.0), (0.5, p.glow, strength), (1.0, p.glow, 0.0)]
    return fade(0, y, WIDTH, height, stops)
