"""The drawn people that a profile can take as its picture, on a transparent ground.

Pure: the same bytes for the same figure. The files are drawn once, by `python -m
catalog.drawing.avatars`, and kept in static/people.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image
from resvg import render, usvg

from catalog.drawing.looks import Look, drawn

SIDE = 192  # pixels
UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
# The square of open-peeps' coordinates that an avatar shows: hair, face and shoulders.
LEFT, TOP, ACROSS = -28.0, -40.0, 860.0

FIGURES: dict[str, tuple[Look, str]] = {
    look.key: (look, expression)
    for look, expression in (
        (Look("mara", "bangs", "copper", "fair", "jacket teal", glasses="glasses2"), "smile"),
        (Look("otis", "short4", "black", "umber", "jacket mustard"), "cute"),
        (Look("ines", "longCurly", "espresso", "honey", "jacket plum"), "calm"),
        (Look("bo", "mohawk", "teal", "sand", "jacket black"), "cheeky"),
        (Look("noor", "hijab", "navy", "tan", "jacket rust"), "smile"),
        (Look("finn", "medium2", "blond", "fair", "jacket leaf", beard="full2"), "smileBig"),
        (Look("zuri", "afro", "espresso", "umber", "jacket coral"), "smile"),
        (Look("greta", "grayBun", "silver", "fair", "jacket wine", glasses="glasses"), "calm"),
        (Look("kenji", "pomp", "black", "sand", "suit slate"), "calm"),
        (Look("raj", "turban", "espresso", "bronze", "suit navy", beard="full"), "smile"),
        (Look("pia", "buns", "plum", "honey", "jacket sky"), "cute"),
        (Look("emil", "noHair1", "auburn", "tan", "jacket sand", beard="goatee1"), "smile"),
    )
}


def avatar(key: str) -> bytes:
    """Return one figure as WebP."""
    look, expression = FIGURES[key]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{LEFT} {TOP} {ACROSS} {ACROSS}" width="{2 * SIDE}" height="{2 * SIDE}">'
        f"{drawn(look, expression)}</svg>"
    )
    tree = usvg.Tree.from_str(svg, usvg.Options.default())
    png = bytes(render(tree, UNMOVED))
    image = Image.open(BytesIO(png)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "WEBP", quality=84, method=6)
    return file.getvalue()


if __name__ == "__main__":
    for name in FIGURES:
        Path("static", "people", f"{name}.webp").write_bytes(avatar(name))
