"""The look of each fictional person: the same head, hair, skin and clothes in every picture."""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from dicebear import Avatar, Style

from catalog.drawing.garments import dressed

SKINS = {
    "fair": "#ffd9b8",
    "sand": "#f0bd90",
    "honey": "#dfa06c",
    "tan": "#c5824f",
    "bronze": "#a3602f",
    "umber": "#814a2c",
    "ebony": "#5f3b2b",
}
# Two tones each: heads that are drawn in outline fill with the first, the others are inked in
# the second, which also draws their outline.
HAIRS = {
    "black": ("#2c1b18", "#0d0a0b"),
    "espresso": ("#4a312c", "#2b1a14"),
    "chestnut": ("#7a4a33", "#4a2817"),
    "auburn": ("#a55728", "#6a2d14"),
    "copper": ("#c8622c", "#8c3a14"),
    "blond": ("#dcb468", "#9c7226"),
    "silver": ("#cfcbc8", "#6b686c"),
    "white": ("#efebe4", "#8f8b8d"),
    "rose": ("#ee8fa0", "#a8415a"),
    "teal": ("#4fb3a5", "#1d5f5b"),
    "plum": ("#7d4a78", "#54294f"),
    "navy": ("#41598f", "#24365f"),
    "wine": ("#a03a50", "#6d1f33"),
}


WIDE = {"longCurly", "afro", "dreads1", "hatHip", "bun", "bun2"}


@dataclass(frozen=True, slots=True)
class Look:
    """A person's pinned appearance. `wears` is a garment and a colour; the rest are parts' names."""

    key: str
    head: str
    hair: str
    skin: str
    wears: str
    beard: str = ""
    glasses: str = ""

    @property
    def room(self) -> float:
        """The scale that leaves the same room above everybody's hair."""
        return 0.78 if self.head == "longAfro" else 0.9 if self.head in WIDE else 1.0


@cache
def drawn(look: Look, expression: str) -> str:
    """Return a person from the waist up as SVG, in open-peeps' own coordinates.

    The face's centre is at about (415, 330), the shoulders at 600, the waist at 1185.
    """
    skin, (fill, ink) = SKINS[look.skin], HAIRS[look.hair]
    garment, colour = dressed(look.wears)
    options: dict[str, Any] = {
        "seed": look.key,
        "headVariant": look.head,
        "expressionVariant": expression,
        "skinColor": [skin],
        "clothingColor": [colour],
        "headContrastColor": [fill],
        "facialHairVariant": look.beard or "chin",
        "facialHairProbability": 100 if look.beard else 0,
        "accessoriesVariant": look.glasses or "glasses",
        "accessoriesProbability": 100 if look.glasses else 0,
        "maskProbability": 0,
    }
    svg = str(Avatar(_style(), options))
    svg = re.sub(r"<metadata.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r"<clipPath.*?</clipPath>| clip-path=\"[^\"]*\"", "", svg, flags=re.S)
    svg = svg[svg.index(">") + 1 : svg.rindex("</svg>")].replace('"black"', '"#120d10"')
    svg = svg.replace('"#000000"', '"#120d10"')
    svg = re.sub(
        r'(<g id="(?:head|facialHair)-.*?</g>)', lambda m: _inked(m[1], ink), svg, flags=re.S
    )
    # Ids must be unique per person: a picture can show several people.
    svg = re.sub(r'(id="|href="#)', rf"\g<1>{look.key}-{expression}-", svg)
    # Clothes lie over the body and under the head, since hair falls over them.
    defs, shown = svg.split("</defs>", 1)
    body, rest = shown.split("<use", 1)
    return f"{defs}</defs>{body}{garment}<use{rest}"


def outline(svg: str, colour: str) -> str:
    """Return a drawn person in one flat colour: a silhouette, a rim of light, a shadow."""
    flat = re.sub(r'(fill|stroke)="#[0-9a-fA-F]{3,6}"', rf'\1="{colour}"', svg)
    return re.sub(r'(id="|#)(?=[a-z]+-)', r"\1flat-", flat)


def _inked(head: str, ink: str) -> str:
    return head.replace('"#120d10"', f'"{ink}"')


@cache
def _style() -> Style:
    definition = resources.files("dicebear_styles").joinpath("open-peeps.json").read_text("utf-8")
    return Style(json.loads(definition))
