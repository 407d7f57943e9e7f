"""The objects of “moment” pictures, by name."""

from collections.abc import Callable

from catalog.drawing.palettes import Palette
from catalog.drawing.things import household, show, travel

THINGS: dict[str, Callable[[Palette], str]] = {
    made.__name__: made
    for made in (
        household.candle,
        household.lantern,
        household.letter,
        household.key,
        household.umbrella,
        household.clock,
        household.book,
        household.teacup,
        household.basket,
        household.cake,
        household.pencil,
        household.hat,
        household.flower,
        household.crown,
        household.sword,
        travel.lighthouse,
        travel.plane,
        travel.rocket,
        travel.telescope,
        travel.boat,
        travel.balloon,
        travel.bicycle,
        travel.train,
        travel.bridge,
        travel.kite,
        travel.moon,
        travel.camera,
        show.mask,
        show.fireworks,
        show.violin,
        show.guitar,
        show.star,
        show.microphone,
        show.gramophone,
        show.scarecrow,
        show.bird,
        show.horse,
        show.fish,
        show.duck,
        show.fox,
        show.tree,
    )
}
