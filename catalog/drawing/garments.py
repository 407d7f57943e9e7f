"""Garments: shapes over the open-peeps body, in its coordinates."""

from collections.abc import Callable

from catalog.drawing.paint import disc, line, path
from catalog.drawing.palettes import mix

Garment = Callable[[str], str]  # a colour -> SVG over the body

COLOURS = {
    "amber": "#e8a33a", "black": "#2b2a33", "charcoal": "#4a4b57", "coral": "#ef7d6a",
    "leaf": "#6fae5c", "lilac": "#a890d8", "moss": "#6b7a3f", "mustard": "#dcb13a",
    "navy": "#34507f", "plum": "#7b4a7f", "red": "#cf3f3f", "rose": "#e48aa4",
    "rust": "#b8562f", "sand": "#dcc6a0", "sky": "#79b4dd", "slate": "#6d7f93",
    "teal": "#2f9a94", "wine": "#8f2f47",
}  # fmt: skip
INK = "#120d10"
NECK = "M242 600 Q300 697 383 699 Q466 697 520 600"


def dressed(wears: str) -> tuple[str, str]:
    """Return the garment as SVG and its colour, from words such as "jacket teal"."""
    kind, name = wears.split()
    colour = COLOURS[name]
    return GARMENTS[kind](colour), colour


def _sleeves(colour: str) -> str:
    """Long sleeves, which the body lacks."""
    cloth = mix(colour, "#000000", 0.1)
    return (
        path("M-12 925L124 960L108 1215L-40 1215Z", cloth)
        + path("M634 940L690 935L730 1215L660 1215Z", cloth)
        + line("M-14 925L-40 1200M124 965L106 1200", INK, 14)
        + line("M690 935L728 1200M634 945L660 1200", INK, 14)
    )


def _lapels(colour: str, shirt: str) -> str:
    dark = mix(colour, "#000000", 0.22)
    return (
        path("M246 612 Q300 697 383 699 Q466 697 516 612 L404 1010 L392 1010Z", shirt)
        + path("M238 598 L176 690 L238 740 L222 786 L388 1030 L398 1195 L408 1030 L404 1000 Z"
               "M232 604 L398 1010 L340 940Z", dark)
        + path("M240 600 L184 700 L246 742 L228 792 L396 1030 L390 960Z", dark)
        + path("M520 600 L566 690 L512 738 L530 786 L402 1030 L408 960Z", dark)
        + line("M240 600 L184 700 L246 742 L228 792 L398 1030 V1190", INK, 11)
        + line("M520 600 L566 690 L512 738 L530 786 L398 1030", INK, 11)
        + line(NECK, INK, 11)
        + disc(430, 1085, 13, INK)
    )  # fmt: skip


def _jacket(colour: str) -> str:
    return _sleeves(colour) + _lapels(colour, mix(colour, "#fff6e6", 0.82))


def _suit(colour: str) -> str:
    tie = "M366 704 L398 704 L410 744 L424 930 L398 990 L372 930 L356 744Z"
    return (
        _sleeves(colour)
        + _lapels(colour, "#f6f1e7")
        + path(tie, mix(colour, "#c02a3a", 0.65), f'stroke="{INK}" stroke-width="8"')
    )


def _roll(colour: str) -> str:
    collar = "M312 548 Q400 604 486 556 L526 606 Q480 716 383 718 Q286 716 234 606Z"
    return (
        _sleeves(colour)
        + path(collar, mix(colour, "#ffffff", 0.12), f'stroke="{INK}" stroke-width="13"')
        + line("M300 600 Q390 660 496 604", INK, 6, 'opacity="0.5"')
    )


def _scarf(colour: str) -> str:
    wrap, edge = mix(colour, "#fff2d8", 0.45), f'stroke="{INK}" stroke-width="13"'
    return (
        _sleeves(colour)
        + path("M420 690 L540 690 L560 960 L440 975Z", mix(wrap, "#000000", 0.1), edge)
        + path("M300 556 Q400 610 500 560 Q560 600 548 668 Q470 760 360 745 Q230 730 214 640 Q230 580 300 556Z",
               wrap, edge)
        + line("M250 650 Q370 720 520 630M452 900 L548 890M456 930 L552 920", INK, 7, 'opacity="0.55"')
    )  # fmt: skip


def _stripes(colour: str) -> str:
    spans = {742: (44, 678), 834: (2, 692), 926: (136, 628), 1018: (130, 634), 1110: (126, 640)}
    bands = "".join(f"M{a} {y}H{b}V{y + 44}H{a}Z" for y, (a, b) in spans.items())
    return path(bands, mix(colour, "#fff8ea", 0.8))


def _shirt(colour: str) -> str:
    light, edge = mix(colour, "#ffffff", 0.35), f'stroke="{INK}" stroke-width="12"'
    return (
        _sleeves(colour)
        + path("M246 590 Q300 690 385 706 L300 790 L222 640Z", light, edge)
        + path("M516 590 Q470 690 385 706 L470 790 L544 640Z", light, edge)
        + line("M385 706 V1190", INK, 9)
        + "".join(disc(385, y, 12, light, edge.replace("12", "6")) for y in (830, 950, 1070))
    )


def _hoodie(colour: str) -> str:
    dark, edge = mix(colour, "#000000", 0.16), f'stroke="{INK}" stroke-width="13"'
    return (
        _sleeves(colour)
        + path("M238 584 Q176 640 214 700 Q300 800 385 790 Q480 800 556 700 Q584 640 520 584 "
               "Q468 698 383 700 Q298 698 238 584Z", dark, edge)
        + line("M330 775 L322 900M440 775 L450 890", "#f6f1e7", 15)
        + line("M210 1190 L250 1050 H520 L560 1190", INK, 10, 'opacity="0.7"')
    )  # fmt: skip


def _dungarees(colour: str) -> str:
    bib, edge = mix(colour, "#1d2740", 0.5), f'stroke="{INK}" stroke-width="13"'
    return (
        path("M212 640 L262 612 L300 850 L240 850Z", bib, edge)
        + path("M552 640 L506 612 L470 850 L528 850Z", bib, edge)
        + path("M222 830 H546 L566 1195 H196Z", bib, edge)
        + disc(268, 868, 19, "#f2d27a", edge.replace("13", "7"))
        + disc(500, 868, 19, "#f2d27a", edge.replace("13", "7"))
        + path("M300 940 H468 V1040 Q384 1080 300 1040Z", mix(bib, "#ffffff", 0.12), edge)
    )


def _robe(colour: str) -> str:
    band, edge = mix(colour, "#fff2d8", 0.6), f'stroke="{INK}" stroke-width="11"'
    return (
        _sleeves(colour)
        + path("M522 596 L560 660 L330 1195 H262Z", band, edge)
        + path("M240 596 L198 660 L400 1000 L440 930Z", band, edge)
    )


def _tee(colour: str) -> str:
    return line("M232 628 Q292 728 384 730 Q476 728 534 626", INK, 6, 'opacity="0.45"')


GARMENTS: dict[str, Garment] = {
    "dungarees": _dungarees,
    "hoodie": _hoodie,
    "jacket": _jacket,
    "robe": _robe,
    "roll": _roll,
    "scarf": _scarf,
    "shirt": _shirt,
    "stripes": _stripes,
    "suit": _suit,
    "tee": _tee,
}
