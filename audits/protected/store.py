"""The doors in the wall, one function each; PostgreSQL decides who gets through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, connections

from audits.protected.attributes import check

AUDIT = "protected"  # the alias of the only role that may read
BATCH = 10_000


class WallClosed(RuntimeError):
    """This process does not hold the audit role, or asked in a way that could go unlogged."""


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
    """Write (subject, attribute, value) rows, the newest of each attribute counting; how many.

    Works with the web role: it can write and withdraw, and not read.
    Raises UnknownDeclaration for anything off the allow-list; then nothing is written.
    """
    wanted = list(rows)
    for _, attribute, value in wanted:
        check(attribute, value)
    latest = {(subject, attribute): value for subject, attribute, value in wanted}
    found = [(subject, attribute, value) for (subject, attribute), value in latest.items()]
    with connection.cursor() as cursor:
        for start in range(0, len(found), BATCH):
            part = found[start : start + BATCH]
            subjects, attributes, values = (list(column) for column in zip(*part, strict=True))
            cursor.execute(
                "SELECT protected.declare(%s, %s::uuid[], %s::text[], %s::text[], %s)",
                [kind, subjects, attributes, values, synthetic],
            )
    return len(found)


def withdraw(kind: str, subject: UUID, attribute: str | None = None) -> None:
    """Delete what a subject declared: one attribute, or all. Says nothing of what was there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT protected.withdraw(%s, %s, %s)", [kind, subject, attribute])


def holds_audit_role() -> bool:
    """Say whether this process was given the audit role's secret."""
    return AUDIT in connections.databases


def read(kind: str, attribute: str, *, purpose: str) -> list[Declared]:
    """Return what was declared of an attribute, in the order of the subjects' ids.

    The reading is announced and committed first; the database gives no row out
    in the transaction that announced it, so that rolling back cannot hide it.
    Raises WallClosed without the audit role, or inside a transaction.
    """
    if not holds_audit_role():
        raise WallClosed("This process may not read protected attributes.")
    wall = connections[AUDIT]
    if wall.in_atomic_block:
        raise WallClosed("A reading must be logged for good before it happens: not in atomic().")
    with wall.cursor() as cursor:
        cursor.execute("SELECT protected.announce_reading(%s, %s, %s)", [purpose, kind, attribute])
        (ticket,) = cursor.fetchone()
        cursor.execute("SELECT * FROM protected.read_declarations(%s)", [ticket])
        return [Declared(*row) for row in cursor.fetchall()]


def readings(limit: int = 200) -> list[LoggedReading]:
    """Return the newest lines of the access log; it names nobody who declared anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protected.access_log(%s)", [limit])
        return [LoggedReading(*row) for row in cursor.fetchall()]
