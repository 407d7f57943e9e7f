"""Backdrops: each place is a function of a palette and a seeded random source.

A place has a layer behind the figures and one in front of them, so that the figures stand in it.
"""

from collections.abc import Callable
from random import Random

from catalog.drawing.palettes import Palette
from catalog.drawing.scenery import indoors, land, town, water
from catalog.drawing.scenery.place import Place

PLACES: dict[str, Callable[[Palette, Random], Place]] = {
    "battlefield": land.battlefield,
    "castle": town.castle,
    "city": town.city,
    "desert": land.desert,
    "fields": land.fields,
    "forest": land.forest,
    "garden": land.garden,
    "harbour": water.harbour,
    "laboratory": indoors.laboratory,
    "mountains": land.mountains,
    "rain": town.rain,
    "road": land.road,
    "rooftops": town.rooftops,
    "room": indoors.room,
    "saloon": town.saloon,
    "sea": water.sea,
    "snow": land.snow,
    "space": land.space,
    "stage": indoors.stage,
    "underwater": water.underwater,
}
