"""The input and the output of a composition."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from catalog.drawing.figures import EXPRESSIONS, Stand, figure
from catalog.drawing.lettering import Box, Face, set_title, small
from catalog.drawing.light import fade
from catalog.drawing.looks import Look
from catalog.drawing.paint import HEIGHT, WIDTH
from catalog.drawing.palettes import Palette
from catalog.drawing.scenery.place import Place


@dataclass(frozen=True, slots=True)
class Brief:
    """One picture to compose. `looks` and `names` are the people to show, in order of billing."""

    title: str
    looks: Sequence[Look]
    names: Sequence[str]
    maker: str
    mood: str
    palette: Palette
    place: Place
    thing: str
    face: Face
    random: Random

    def people(self, stands: Sequence[Stand], *, rim: bool = True) -> str:
        """Draw the people at their places; the first is in front."""
        pairs = list(zip(self.looks, stands, strict=False))
        return "".join(self.person(look, stand, rim=rim) for look, stand in reversed(pairs))

    def person(self, look: Look, stand: Stand, *, rim: bool = True) -> str:
        expression = self.random.choice(EXPRESSIONS[self.mood])
        return figure(look, expression, stand, self.palette, rim=rim)

    def lettered(self, box: Box, ground: str) -> str:
        return set_title(self.title, self.face, box, self.palette, ground=ground)

    def billing(
        self, x: float, y: float, fill: str, align: str = "middle", size: float = 25
    ) -> str:
        return small("  ·  ".join(self.names), x, y, size, fill, align)


@dataclass(frozen=True, slots=True)
class Composed:
    """A picture as SVG content, and the centre of its faces as shares of width and height."""

    svg: str
    focal: tuple[float, float]


def focal_of(stands: Sequence[Stand]) -> tuple[float, float]:
    x = sum(stand.x for stand in stands) / len(stands) / WIDTH
    y = sum(stand.y for stand in stands) / len(stands) / HEIGHT
    return round(min(max(x, 0.05), 0.95), 3), round(min(max(y, 0.05), 0.95), 3)


def floor(p: Palette, top: float, strength: float = 0.94) -> str:
    """A dark gradient from the lower edge, behind lettering."""
    stops = [(0.0, p.ink, 0.0), (0.42, p.ink, strength * 0.78), (1.0, p.ink, strength)]
    return fade(0, top, WIDTH, HEIGHT - top, stops)


def wing(p: Palette, *, left: bool, reach: float = 800, strength: float = 0.9) -> str:
    """A dark gradient from one side."""
    stops = [(0.0, p.ink, strength), (0.5, p.ink, strength * 0.72), (1.0, p.ink, 0.0)]
    if not left:
        stops = [(1 - offset, colour, opacity) for offset, colour, opacity in reversed(stops)]
    x = 0 if left else WIDTH - reach
    return fade(x, 0, reach, HEIGHT, stops, sideways=True)
