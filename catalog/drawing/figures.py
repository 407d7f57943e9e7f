"""People in a picture, in its light, with their lower edge hidden."""

from dataclasses import dataclass

from catalog.drawing.looks import Look, drawn, outline
from catalog.drawing.paint import HEIGHT, number
from catalog.drawing.palettes import Palette

# In open-peeps' coordinates: the middle of the face, and the waist where the drawing ends.
FACE = (412.0, 330.0)
WAIST = 1175.0
EXPRESSIONS = {
    "tense": ("serious", "suspicious", "concerned", "driven"),
    "warm": ("smile", "calm", "cute"),
    "playful": ("smile", "cute", "calm", "eatingHappy"),
    "dark": ("solemn", "blank", "serious", "tired", "contempt"),
    "epic": ("driven", "serious", "smile"),
    "tender": ("calm", "cute", "eyesClosed", "smile"),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a person stands: the face's centre in canvas pixels, and the scale.

    At scale 1 a face is some 230 pixels wide. `left` turns the person to look left.
    """

    x: float
    y: float
    scale: float
    left: bool = False

    def __post_init__(self) -> None:
        if self.y + (WAIST - FACE[1]) * self.scale < HEIGHT - 4:
            raise ValueError(f"The figure would end above the lower edge: {self}")


def figure(look: Look, expression: str, stand: Stand, p: Palette, *, rim: bool = True) -> str:
    """Return a person as SVG; `rim` puts the picture's light around them."""
    person = drawn(look, expression)
    side = -1 if stand.left else 1
    dx = stand.x - side * FACE[0] * stand.scale
    dy = stand.y - FACE[1] * stand.scale
    placed = f'<g transform="matrix({side * stand.scale:.4f} 0 0 {stand.scale:.4f} {number(dx)} {number(dy)})">'
    if not rim:
        return f"{placed}{person}</g>"
    light = outline(person, p.glow if p.night else p.paper)
    offset = f'<g transform="translate({number(-9 * side)} -7)">'
    return f"{offset}{placed}{light}</g></g>{placed}{person}</g>"
