"""The ink around every object."""

from catalog.drawing.palettes import Palette


def edge(p: Palette) -> str:
    return f'stroke="{p.ink}" stroke-width="9" stroke-linejoin="round"'
