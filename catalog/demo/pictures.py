"""The pictures of a demo title: which ones it has, and each as PNG bytes."""

import re
from dataclasses import dataclass
from functools import cache
from random import Random

from resvg import render, usvg

from catalog.demo.story import Player, Story
from catalog.drawing.composition.frame import Brief, Composed
from catalog.drawing.composition.groups import ENSEMBLES, PAIRS
from catalog.drawing.composition.leads import LEADS
from catalog.drawing.composition.scenes import MOMENTS, between, bill, still, vista
from catalog.drawing.lettering import FONTS, face, font_file
from catalog.drawing.paint import HEIGHT, WIDTH
from catalog.drawing.palettes import palette
from catalog.drawing.scenery import PLACES

# The identity transform, by rows.
UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
COMPOSITIONS = {made.__name__: made for made in (*LEADS, *ENSEMBLES, *PAIRS, *MOMENTS, vista, bill)}


@dataclass(frozen=True, slots=True)
class PicturePlan:
    """One picture to draw: plain values, so that it can be sent to a process pool."""

    number: int
    kind: str
    composition: str
    shows: tuple[int, ...]  # places in the cast, from 0
    mood: str
    place: str


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A drawn picture: PNG bytes, and the centre of its faces as shares of width and height."""

    data: bytes
    focal: tuple[float, float]


def plans(story: Story) -> list[PicturePlan]:
    """Return four to six pictures: leads, ensemble, supporting, moment, scene or type."""
    random = Random(f"plans {story.slug}")
    cast, places, moods = len(story.cast), story.places, story.moods
    one, two = random.sample(LEADS, 2)
    made = random.choice(MOMENTS)
    moment = ("moment", made, {still: (), between: (0, 1)}.get(made, (random.randrange(2),)))
    scene = random.choice([("scene", vista, ()), ("scene", vista, ()), ("type", bill, ())])
    wanted = [
        (
            "ensemble",
            random.choice(ENSEMBLES if cast <= 3 else ENSEMBLES[:-1]),
            tuple(range(min(cast, 5))),
        ),
        ("lead", one, (0,)),
        ("lead", two, (1,)),
    ]
    if cast >= 4:
        wanted.append(("supporting", random.choice(PAIRS), (cast - 2, cast - 1)))
        wanted += [moment, scene] if random.random() < 0.3 else [random.choice([moment, scene])]
    else:
        wanted += [moment, scene]
    return [
        PicturePlan(
            number,
            kind,
            made.__name__,
            shows,
            moods[number % len(moods)],
            places[number % len(places)],
        )
        for number, (kind, made, shows) in enumerate(wanted)
    ]


def draw(story: Story, plan: PicturePlan) -> DrawnPicture:
    """Draw one picture as a 1280 × 720 PNG. The same story and plan give the same bytes."""
    composed, fonts = compose(story, plan)
    # Move a shape's opacity to its paint: the renderer allocates a whole layer for the former.
    content = re.sub(r'(<(?:rect|circle|ellipse|path|text)\b[^>]*?) opacity="([^"]+)"',
                     r'\1 fill-opacity="\2" stroke-opacity="\2"', composed.svg)  # fmt: skip
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" fill="none">{content}</svg>'
    )
    tree = usvg.Tree.from_str(svg, _options(tuple(fonts)))
    return DrawnPicture(render(tree, UNMOVED), composed.focal)


@cache
def _options(fonts: tuple[str, ...]) -> usvg.Options:
    """Let the renderer know these fonts only, never those of the machine."""
    options = usvg.Options.default()
    for font in fonts:
        options.load_font_file(font)
    return options


def compose(story: Story, plan: PicturePlan) -> tuple[Composed, list[str]]:
    """Compose a picture as SVG; return it with the font files that it needs."""
    lettering = face(story.genres[0], Random(f"face {story.slug}"))
    random = Random(f"{story.slug} {plan.number}")
    colours = palette(story.genres[plan.number % 2 % len(story.genres)], plan.mood, random)
    players: list[Player] = [story.cast[at] for at in plan.shows]
    brief = Brief(
        title=story.name,
        looks=[player.look for player in players],
        names=[player.name for player in players],
        maker=f"{'A series' if story.kind == 'series' else 'A film'} by {story.director}",
        mood=plan.mood,
        palette=colours,
        place=PLACES[plan.place](colours, random),
        thing=story.thing,
        face=lettering,
        random=random,
    )
    fonts = [font_file(lettering), str(FONTS / "tall.ttf")]
    return COMPOSITIONS[plan.composition](brief), fonts
