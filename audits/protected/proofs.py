"""Proofs about the wall, each checked against the running database."""

from collections.abc import Iterator

from django.conf import settings

from audits.protected.checks import copies, expressions, objects, record, rights, roles, tries
from audits.protected.checks.asking import Proof, asker
from audits.protected.checks.asking import roles as names_of_roles
from audits.routers import VAULT
from personalization.inspection import feature_manifest

__all__ = ["Proof", "prove"]


def prove() -> Iterator[Proof]:
    """Yield every proof. This needs all three roles, which the operator's process has.

    What WALL_ACCEPTED names is accepted where the server's operator made it.
    """
    ask, names = asker(VAULT), names_of_roles()
    for kind in (roles, rights, objects, copies):
        for proof in kind.prove(ask, names):
            yield proof.accepting(settings.WALL_ACCEPTED, names)
    yield from expressions.prove(ask)
    yield from record.prove(ask)
    yield from tries.prove()
    yield from tries.prove_manifest(feature_manifest())
