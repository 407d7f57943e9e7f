"""Declaring and withdrawing protected attributes.

A viewer declares for their own profile only: the views see to that. Imports
and the simulation declare in bulk. Nothing here can read what was declared.
"""

from collections.abc import Iterable
from uuid import UUID

from audits.protected import store
from audits.protected.attributes import ATTRIBUTES
from audits.protected.models import Declaration
from catalog.models import Viewer

Row = tuple[UUID, str, str]  # the viewer's public id, attribute, value

VIEWER = Declaration.Kind.VIEWER.value


def declare(viewer: Viewer, answers: dict[str, str]) -> None:
    """Write what a viewer declares, by attribute; attributes left out stay as they are.

    Raises UnknownDeclaration for anything that is not on the allow-list.
    """
    rows = [(viewer.public_id, attribute, value) for attribute, value in answers.items()]
    store.declare(VIEWER, rows, synthetic=viewer.synthetic)


def withdraw(viewer: Viewer, attribute: str | None = None) -> None:
    """Delete what a viewer declared: one attribute, or everything."""
    if attribute is not None and attribute not in ATTRIBUTES:
        return
    store.withdraw(VIEWER, viewer.public_id, attribute)


def declare_many(rows: Iterable[Row], *, synthetic: bool) -> int:
    """Write viewers' declarations from an import; return how many.

    Raises UnknownDeclaration before anything is written if one row is not on
    the allow-list. The newest value of an attribute replaces the older one.
    """
    return store.declare(VIEWER, rows, synthetic=synthetic)


def declare_simulated(rows: Iterable[Row]) -> None:
    """Write the planted attributes of invented viewers; every audit of them says "synthetic"."""
    declare_many(rows, synthetic=True)
