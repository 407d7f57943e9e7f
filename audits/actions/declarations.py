"""Declaring and withdrawing protected attributes.

A viewer declares for their own profile only; the views check that. Imports
and the simulation declare in bulk. Nothing here can read declarations.
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

DeclaredRow = tuple[UUID, str, str]  # public id, attribute, value

VIEWER = Declaration.Kind.VIEWER.value
PERSON = Declaration.Kind.PERSON.value


def declare(viewer: Viewer, answers: dict[str, str]) -> None:
    """Write a viewer's answers, by attribute. Attributes that are left out do not change.

    Raises UnknownDeclaration for anything that is not on the allow-list.
    """
    rows = [(viewer.public_id, attribute, value) for attribute, value in answers.items()]
    store.declare(VIEWER, rows, synthetic=viewer.synthetic)


def withdraw(viewer: Viewer, attribute: str | None = None) -> None:
    """Delete a viewer's answer to one attribute, or all of them. Unknown attributes do nothing."""
    if attribute is not None and attribute not in ATTRIBUTES:
        return
    store.withdraw(VIEWER, viewer.public_id, attribute)


def declare_many(rows: Iterable[DeclaredRow], *, synthetic: bool) -> int:
    """Write viewers' declarations from an import; return how many.

    A newer value of an attribute replaces the older one. Raises UnknownDeclaration if a
    row is not on the allow-list; then nothing is written.
    """
    return store.declare(VIEWER, rows, synthetic=synthetic)


def declare_simulated(rows: Iterable[DeclaredRow]) -> None:
    """Write the planted attributes of simulated viewers. Every audit marks them as synthetic."""
    declare_many(rows, synthetic=True)


@transaction.atomic
def declare_cast(file: Path) -> int:
    """Write credited people's declarations from a CSV file; return how many.

    Raises BadFile for a line that cannot be read, or whose person is not in the catalogue;
    then nothing is written. Declarations of fictional people are marked as synthetic.
    """
    known = {
        key: (public_id, synthetic)
        for slug, public_id, synthetic in Person.objects.values_list(
            "slug", "public_id", "synthetic"
        )
        for key in (slug, str(public_id))
    }
    rows: dict[bool, list[DeclaredRow]] = {False: [], True: []}
    for line, person, attribute, value in cast_file.read(file):
        if person not in known:
            raise cast_file.BadFile(f"{file.name}, line {line}: there is no person {person[:80]!r}")
        public_id, synthetic = known[person]
        rows[synthetic].append((public_id, attribute, value))
    return sum(store.declare(PERSON, part, synthetic=synthetic) for synthetic, part in rows.items())


class UnknownPerson(ValueError):
    """The catalogue has no person with this slug, and it is no public id."""


def withdraw_cast(person: str, attribute: str | None = None) -> str:
    """Delete what a credited person declared; return their name, or the public id.

    `person` is a slug, or a public id. The person need not be in the catalogue any more.
    Raises UnknownPerson.
    """
    public_id = _public_id(person)
    people = Person.objects.filter(Q(slug=person) | Q(public_id=public_id))
    credited = people.order_by("pk").first()
    subject = credited.public_id if credited else public_id
    if subject is None:
        raise UnknownPerson(f"there is no person {person[:80]!r}")
    store.withdraw(PERSON, subject, attribute)
    return credited.name if credited else str(subject)


def _public_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
