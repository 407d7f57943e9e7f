"""Palettes: a title's colours, from the hues of its genre and the light of its mood.

Colours are made in OKLCH (Björn Ottosson, “A perceptual color space for image
processing”, 2020), where equal steps look equal, so that any hue keeps its contrast.
"""

from dataclasses import dataclass
from math import cos, pi, sin
from random import Random


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture, as #rrggbb: from the sky down to the ink, and the accents."""

    sky: str
    low: str
    glow: str
    far: str
    mid: str
    near: str
    ink: str
    accent: str
    pop: str
    paper: str
    night: bool


# (sky, glow, land, accent) hues in degrees; two or three schemes a genre.
HUES: dict[str, list[tuple[int, int, int, int]]] = {
    "action": [(25, 70, 20, 85), (255, 60, 260, 45)],
    "adventure": [(230, 85, 150, 45), (195, 75, 60, 30)],
    "animation": [(300, 60, 265, 90), (200, 95, 145, 350)],
    "childrens": [(215, 95, 140, 25), (330, 90, 295, 95), (175, 100, 130, 40)],
    "comedy": [(90, 100, 40, 350), (190, 95, 200, 30), (350, 80, 15, 95)],
    "crime": [(265, 45, 270, 30), (160, 95, 200, 60)],
    "documentary": [(220, 80, 210, 70), (120, 95, 140, 55)],
    "drama": [(30, 70, 20, 60), (240, 65, 230, 40), (320, 60, 330, 70)],
    "fantasy": [(295, 330, 285, 85), (165, 110, 170, 85)],
    "film-noir": [(255, 95, 260, 90), (60, 85, 50, 28)],
    "horror": [(140, 110, 150, 25), (20, 25, 10, 100), (280, 150, 290, 130)],
    "musical": [(340, 60, 320, 90), (290, 20, 275, 85)],
    "mystery": [(210, 85, 220, 70), (185, 75, 190, 50)],
    "romance": [(5, 70, 350, 30), (345, 55, 320, 20), (35, 80, 15, 355)],
    "sci-fi": [(275, 200, 265, 190), (215, 320, 280, 330), (40, 60, 25, 190)],
    "thriller": [(190, 60, 200, 45), (250, 25, 255, 30)],
    "war": [(75, 70, 85, 35), (220, 60, 60, 40)],
    "western": [(40, 80, 30, 60), (215, 75, 35, 30)],
}
# lightness and chroma of (sky, low, glow, far, mid, near, ink) under each light
LIGHTS = {
    "night": [(.19, .07), (.46, .13), (.86, .13), (.36, .09), (.26, .07), (.18, .05), (.12, .03)],
    "dusk": [(.38, .13), (.72, .16), (.90, .12), (.52, .13), (.38, .11), (.25, .08), (.16, .04)],
    "day": [(.70, .13), (.88, .09), (.96, .07), (.72, .12), (.56, .13), (.40, .11), (.22, .05)],
    "soft": [(.78, .09), (.90, .07), (.96, .05), (.76, .09), (.62, .10), (.46, .10), (.26, .05)],
}  # fmt: skip
MOOD_LIGHT = {
    "tense": ("night", "dusk"),
    "dark": ("night", "night"),
    "epic": ("dusk", "night"),
    "tender": ("soft", "dusk"),
    "warm": ("dusk", "day"),
    "playful": ("day", "soft"),
}


def palette(genre: str, mood: str, random: Random) -> Palette:
    """Return a palette for a genre and a mood; `random` picks among the schemes."""
    sky, glow, land, accent = (hue + random.uniform(-9, 9) for hue in random.choice(HUES[genre]))
    light = random.choice(MOOD_LIGHT[mood])
    hues = [sky, _horizon(sky, glow, light), glow, _between(land, sky), land, land, land]
    tones = [oklch(*tone, hue) for tone, hue in zip(LIGHTS[light], hues, strict=True)]
    top, low, bright, far, mid, near, ink = tones
    return Palette(
        sky=top,
        low=low,
        glow=bright,
        far=far,
        mid=mid,
        near=near,
        ink=ink,
        accent=oklch(0.66, 0.20, accent),
        pop=oklch(0.88, 0.16, accent + 50),
        paper=oklch(0.965, 0.025, glow),
        night=light in ("night", "dusk"),
    )


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return OKLCH (0–1, 0–0.4, degrees) as #rrggbb, with chroma reduced to fit into sRGB."""
    while True:
        rgb = _linear(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= value <= 1.0005 for value in rgb):
            return "#" + "".join(f"{_encoded(value):02x}" for value in rgb)
        chroma = max(chroma - 0.01, 0.0)


def mix(one: str, other: str, share: float) -> str:
    """Blend `share` of the other colour into one."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Relative luminance from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_decoded(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _horizon(sky: float, glow: float, light: str) -> float:
    """Return the hue near the horizon: the sky's own, since blue and yellow would mix to green."""
    if light == "dusk":
        return 25.0 if 170 < sky % 360 < 340 else glow - 25
    return sky + ((glow - sky + 180) % 360 - 180) * (0.15 if light == "night" else 0.05)


def _between(one: float, other: float) -> float:
    """Return the hue halfway, along the shorter arc."""
    return one + ((other - one + 180) % 360 - 180) / 2


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(hue * pi / 180), chroma * sin(hue * pi / 180)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    value = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * value)


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
