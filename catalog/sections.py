"""The sections of home, which a viewer may arrange.

A viewer's own order and what they hid are stored by these names. Names that are not known any
more are ignored; a section that is added later comes where it usually stands.
"""

from collections.abc import Iterable, Sequence

SECTIONS = ("continue", "list", "because", "popular", "episodes", "new", "also", "genre")
# What the viewer began or listed. Nobody else decides what stands there.
OWN = frozenset({"continue", "list"})
# Only with personalisation.
PERSONAL = frozenset({"because", "also"})


def in_order(kept: Sequence[str]) -> list[str]:
    """Return all sections in a viewer's order; the usual one where none is kept."""
    order = list(dict.fromkeys(name for name in kept if name in SECTIONS))
    for place, name in enumerate(SECTIONS):
        if name not in order:
            before = SECTIONS[place - 1] if place else None
            order.insert(order.index(before) + 1 if before else 0, name)
    return order


def moved(order: Sequence[str], name: str, by: int) -> list[str]:
    """Return the order with one section `by` places further down; at an end nothing changes."""
    found = list(order)
    place = found.index(name)
    found.insert(min(max(place + by, 0), len(found) - 1), found.pop(place))
    return found


def known(names: Iterable[str]) -> list[str]:
    """Return the sections among names, each once, in the usual order."""
    given = set(names)
    return [name for name in SECTIONS if name in given]
