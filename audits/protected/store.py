"""The ways through the wall, one function each. PostgreSQL checks who may call them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, connections

from audits.protected.attributes import check
from audits.protected.functions import MOST_ROWS

AUDIT = "protected"  # the alias of the only role that may read


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
    """One line of the access log.

    `role` is the database role that read; `run` and `asked_by` are what the audit side recorded.
    """

    at: datetime
    role: str
    purpose: str
    kind: str
    attribute: str
    as_of: datetime | None
    run: UUID | None
    asked_by: str


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
    for start in range(0, len(unique), MOST_ROWS):
        part = unique[start : start + MOST_ROWS]
        subjects, attributes, values = (list(column) for column in zip(*part, strict=True))
        _tell(
            "SELECT protected.declare(%s, %s::uuid[], %s::text[], %s::text[], %s)",
            [kind, subjects, attributes, values, synthetic],
        )
    return len(unique)


def withdraw(kind: str, subject: UUID, attribute: str | None = None) -> None:
    """Delete a subject's declarations: one attribute, or all. It returns nothing either way.

    No reading that is announced after the commit gives them out. The rows themselves go when the
    audit side next folds arrivals in: before each reading, and at each of its ticks.
    """
    _tell("SELECT protected.withdraw(%s, %s, %s)", [kind, subject, attribute])


def _tell(statement: str, values: list[Any]) -> None:
    """Call a function with values that are no part of the statement's text.

    Django's own cursors write values into the text, which the server logs when something fails.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)


def holds_audit_role() -> bool:
    """Say whether this process was given the audit role's secret."""
    return AUDIT in connections.databases


def read(
    kind: str,
    attribute: str,
    *,
    purpose: str,
    at: datetime | None = None,
    run: UUID | None = None,
    asked_by: str = "",
) -> list[Declared]:
    """Return all declarations of an attribute as of `at` (now, if None), by the subjects' ids.

    What was declared or changed after `at` is not there. What was withdrawn since is not there
    either, because it was deleted. The reading is logged and committed first, with the run that it
    is for and who asked for that. The database returns no row in the transaction that logs it, so
    that a rollback cannot hide it. Raises WallClosed without the audit role, or in a transaction.
    """
    ticket = _announce(kind, attribute, purpose, at, run, asked_by)
    return _rows(ticket)


def read_for_run(
    kind: str,
    attribute: str,
    *,
    purpose: str,
    at: datetime | None,
    run: UUID,
    asked_by: str = "",
    keys_of: UUID | None = None,
    make: bool = True,
) -> tuple[list[Declared], str | None]:
    """Return what `read` returns, and a keyed commitment to it (HMAC-SHA256, in hex).

    The key belongs to `keys_of` (the run, if None) and the attribute, and never leaves the wall.
    A replay names the original's keys and gives make=False: then the commitment is the same if the
    declarations are, and None if the key was destroyed. A key is destroyed whenever anybody
    withdraws the attribute or leaves, since the commitment could betray what they had said.
    """
    ticket = _announce(kind, attribute, purpose, at, run, asked_by)
    commitment = _ask("SELECT protected.commitment(%s, %s, %s)", [ticket, keys_of or run, make])
    return _rows(ticket), commitment


def input_key(run: UUID, *, make: bool = True) -> bytes | None:
    """Return the key under which a run's document commits to its other personal inputs.

    Those are who was in the cohort and what they watched. A replay gives the original's `run` and
    make=False. None if the key was destroyed, which happens when a viewer withdraws or leaves.
    """
    key = _ask("SELECT protected.input_key(%s, %s)", [run, make])
    return None if key is None else bytes(key)


def fold() -> None:
    """Fold what arrived into the declarations, so that what was withdrawn is really deleted."""
    _ask("SELECT protected.fold_arrivals()", [])


def _announce(
    kind: str,
    attribute: str,
    purpose: str,
    at: datetime | None,
    run: UUID | None,
    asked_by: str,
) -> UUID:
    if holds_audit_role() and connections[AUDIT].in_atomic_block:
        raise WallClosed(
            "A reading must be committed to the log first, so it cannot run in atomic()."
        )
    ticket: UUID = _ask(
        "SELECT protected.announce_reading(%s, %s, %s, %s, %s, %s)",
        [purpose, kind, attribute, at, run, asked_by],
    )
    return ticket


def _rows(ticket: UUID) -> list[Declared]:
    with connections[AUDIT].cursor() as cursor:
        cursor.execute("SELECT * FROM protected.read_declarations(%s)", [ticket])
        return [Declared(*row) for row in cursor.fetchall()]


def _ask(statement: str, values: list[Any]) -> Any:
    """Return the one value of a statement of the audit role."""
    if not holds_audit_role():
        raise WallClosed("This process may not read protected attributes.")
    with connections[AUDIT].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def readings(limit: int = 200) -> list[LoggedReading]:
    """Return the newest lines of the access log. It names nobody who declared anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protected.access_log(%s)", [limit])
        return [LoggedReading(*row) for row in cursor.fetchall()]
