"""The ways through the wall, one function each. PostgreSQL checks who may call them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, connections

from audits.protected.attributes import check

AUDIT = "protected"  # the alias of the only role that may read
BATCH = 10_000


class WallClosed(RuntimeError):
    """This process does not hold the audit role, or the reading could go unlogged."""


@dataclass(frozen=True)
class Declared:
    """One subject's value of one attribute."""

    subject: UUID
    value: str
    synthetic: bool


@dataclass(frozen=True)
class LoggedReading:
    """One line of the access log."""

    at: datetime
    role: str
    purpose: str
    kind: str
    attribute: str
    rows: int


def declare(kind: str, rows: Iterable[tuple[UUID, str, str]], *, synthetic: bool) -> int:
    """Write (subject, attribute, value) rows; return how many. The last row of an attribute counts.

    The web role is enough: it can write and withdraw, but not read.
    Raises UnknownDeclaration if a row is not on the allow-list; then nothing is written.
    """
    wanted = list(rows)
    for _, attribute, value in wanted:
        check(attribute, value)
    latest = {(subject, attribute): value for subject, attribute, value in wanted}
    unique = [(subject, attribute, value) for (subject, attribute), value in latest.items()]
    with connection.cursor() as cursor:
        for start in range(0, len(unique), BATCH):
            part = unique[start : start + BATCH]
            subjects, attributes, values = (list(column) for column in zip(*part, strict=True))
            cursor.execute(
                "SELECT protected.declare(%s, %s::uuid[], %s::text[], %s::text[], %s)",
                [kind, subjects, attributes, values, synthetic],
            )
    return len(unique)


def withdraw(kind: str, subject: UUID, attribute: str | None = None) -> None:
    """Delete a subject's declarations: one attribute, or all. It returns nothing either way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT protected.withdraw(%s, %s, %s)", [kind, subject, attribute])


def holds_audit_role() -> bool:
    """Say whether this process was given the audit role's secret."""
    return AUDIT in connections.databases


def read(kind: str, attribute: str, *, purpose: str) -> list[Declared]:
    """Return all declarations of an attribute, in the order of the subjects' ids.

    The reading is logged and committed first. The database returns no row in the
    transaction that logs it, so that a rollback cannot hide it.
    Raises WallClosed without the audit role, or inside a transaction.
    """
    if not holds_audit_role():
        raise WallClosed("This process may not read protected attributes.")
    wall = connections[AUDIT]
    if wall.in_atomic_block:
        raise WallClosed(
            "A reading must be committed to the log first, so it cannot run in atomic()."
        )
    with wall.cursor() as cursor:
        cursor.execute("SELECT protected.announce_reading(%s, %s, %s)", [purpose, kind, attribute])
        (ticket,) = cursor.fetchone()
        cursor.execute("SELECT * FROM protected.read_declarations(%s)", [ticket])
        return [Declared(*row) for row in cursor.fetchall()]


def readings(limit: int = 200) -> list[LoggedReading]:
    """Return the newest lines of the access log. It names nobody who declared anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protected.access_log(%s)", [limit])
        return [LoggedReading(*row) for row in cursor.fetchall()]
