"""Attempts that the database must refuse, and what the feature manifest may list."""

from collections.abc import Iterator
from typing import Protocol

from django.db import DatabaseError, connections, transaction

from audits.protected.attributes import ATTRIBUTES
from audits.protected.checks.asking import Proof

ANNOUNCE = "SELECT protected.announce_reading('check_wall', 'viewer', 'gender', now(), NULL, '')"
REFUSED = (
    ("default", "SELECT 1 FROM protected.declarations", "The web role, trying to read,"),
    ("default", ANNOUNCE, "The web role, trying to announce a reading,"),
    ("protected", "SELECT 1 FROM protected.declarations", "The audit role, trying to read,"),
)  # fmt: skip


class ManifestLists(Protocol):
    """What a feature manifest lists: the numbers of a viewer and an artwork, and what they read."""

    @property
    def name(self) -> str: ...
    @property
    def context(self) -> tuple[str, ...]: ...
    @property
    def artwork(self) -> tuple[str, ...]: ...
    @property
    def reads(self) -> tuple[str, ...]: ...


def prove() -> Iterator[Proof]:
    """Yield the proofs by trying."""
    for alias, statement, who in REFUSED:
        yield _refused(alias, statement, who)
    yield _unlogged_reading_refused()


def _refused(alias: str, statement: str, who: str) -> Proof:
    """Run the statement, and roll it back if it succeeds."""
    try:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True, using=alias)
    except DatabaseError as error:
        refused = "permission denied" in str(error)
        return Proof(f"{who} is refused.", refused, str(error).strip())
    return Proof(f"{who} is refused.", False, "it succeeded")


def _unlogged_reading_refused() -> Proof:
    words = "The transaction that logs a reading returns no row, so a rollback cannot hide one."
    try:
        with transaction.atomic(using="protected"), connections["protected"].cursor() as cursor:
            cursor.execute(ANNOUNCE)
            cursor.execute("SELECT * FROM protected.read_declarations(%s)", cursor.fetchone())
            transaction.set_rollback(True, using="protected")
    except DatabaseError as error:
        return Proof(words, "announced and committed" in str(error), str(error).strip())
    return Proof(words, False, "rows could be read before the log was committed")


def prove_manifest(manifest: ManifestLists) -> Iterator[Proof]:
    """Yield the proofs about what a choice may read."""
    names = (*manifest.context, *manifest.artwork, *manifest.reads)
    listed = [
        name
        for name in names
        if any(attribute in name.lower() for attribute in (*ATTRIBUTES, "declaration", "protected"))
    ]
    yield Proof(
        f"The feature manifest {manifest.name} lists {len(manifest.context)} numbers of a viewer, "
        "and no protected attribute.",
        not listed,
        f"it lists {listed}",
    )
    fields = {name.split(".")[0] for name in manifest.reads}
    allowed = {"WatchEvent", "Title", "Credit", "Artwork"}
    yield Proof(
        "What a choice may read are watching and the catalogue's annotations.",
        fields <= allowed,
        f"it reads {sorted(fields - allowed)}",
    )
