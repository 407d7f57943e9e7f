"""Alternative texts of the demo's pictures."""

from catalog.demo.pictures import PicturePlan
from catalog.demo.story import Story

PLACES = {
    "battlefield": "a battlefield with bare trees",
    "castle": "a castle on a hill",
    "city": "a city’s towers",
    "desert": "a desert of flat-topped hills",
    "fields": "ploughed fields",
    "forest": "a forest of firs",
    "garden": "a garden in flower",
    "harbour": "a harbour with sailing boats",
    "laboratory": "a laboratory",
    "mountains": "mountains",
    "rain": "a street in the rain",
    "road": "a straight road",
    "rooftops": "rooftops",
    "room": "a room with a window",
    "saloon": "a frontier street",
    "sea": "the open sea",
    "snow": "snow-covered hills",
    "space": "space, with a ringed planet",
    "stage": "a theatre stage",
    "underwater": "the sea floor",
}
PLAIN = {"burst", "panels", "split", "bill"}  # compositions without a place


def described(story: Story, plan: PicturePlan) -> str:
    """Return the alternative text of one picture; it is unique within a title."""
    who = _and([f"{story.cast[at].name} as {story.cast[at].character}" for at in plan.shows])
    thing = f"a {story.thing}" if story.thing[0] not in "aeiou" else f"an {story.thing}"
    thing = "fireworks" if story.thing == "fireworks" else thing
    where = "on bright colours" if plan.composition in PLAIN else f"before {PLACES[plan.place]}"
    if plan.kind == "type":
        return f"The title in ornate lettering, with {thing}."
    if plan.kind == "scene":
        return f"A small figure in the distance, {where}."
    if plan.kind == "moment":
        return f"{f'{who}, with {thing}' if who else thing.capitalize()}, {where}."
    return f"{who}, {where}."[:300]


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
