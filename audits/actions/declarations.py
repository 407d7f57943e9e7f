"""Declaring and withdrawing protected attributes.

A viewer declares for their own profile only: the views see to that. Imports
and the simulation declare in bulk. Nothing here can read what was declared.
"""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from audits.protected import cast_file, store
from audits.protected.attributes import ATTRIBUTES
from audits.protected.models import Declaration
from catalog.models import Person, Viewer

Row = tuple[UUID, str, str]  # the viewer's public id, attribute, value

VIEWER = Declaration.Kind.VIEWER.value
PERSON = Declaration.Kind.PERSON.value


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


@transaction.atomic
def declare_cast(file: Path) -> int:
    """Write credited people's declarations from a CSV file; return how many.

    Raises BadFile for a line that cannot be taken in, or whose person is not in the
    catalogue; then nothing is written. What invented people declare is marked as synthetic.
    """
    known = {
        key: (public_id, synthetic)
        for slug, public_id, synthetic in Person.objects.values_list(
            "slug", "public_id", "synthetic"
        )
        for key in (slug, str(public_id))
    }
    rows: dict[bool, list[Row]] = {False: [], True: []}
    for line, person, attribute, value in cast_file.read(file):
        if person not in known:
            raise cast_file.BadFile(f"{file.name}, line {line}: nobody is called {person[:80]!r}")
        public_id, synthetic = known[person]
        rows[synthetic].append((public_id, attribute, value))
    return sum(store.declare(PERSON, each, synthetic=synthetic) for synthetic, each in rows.items())


class UnknownPerson(ValueError):
    """Nobody in the catalogue is called so, and it is no public id."""


def withdraw_cast(person: str, attribute: str | None = None) -> str:
    """Delete what a credited person declared; return their name, or the public id.

    `person` is a slug, or a public id, which may be of somebody who has left the catalogue.
    Raises UnknownPerson.
    """
    public_id = _public_id(person)
    people = Person.objects.filter(Q(slug=person) | Q(public_id=public_id))
    found = people.order_by("pk").first()
    subject = found.public_id if found else public_id
    if subject is None:
        raise UnknownPerson(f"nobody is called {person[:80]!r}")
    store.withdraw(PERSON, subject, attribute)
    return found.name if found else str(subject)


def _public_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
