"""What a proof is, and how the database is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from audits.protected import wall
from audits.routers import VAULT

Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Proof:
    """What must hold in words, whether it does, and what was found if it does not.

    Attributes:
        of_server: each difference that the server's operator may have made, in words. Only these
            can be accepted.
        accepted: those of them that WALL_ACCEPTED names.
    """

    words: str
    holds: bool
    found: str = ""
    of_server: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()

    def accepting(self, exceptions: Collection[str], roles: Roles) -> Proof:
        """Return the proof with these exceptions; none that names one of the three roles."""
        accepted = tuple(
            name
            for name in self.of_server
            if name in exceptions and not any(role in name for role in roles.all)
        )
        left = [name for name in self.of_server if name not in accepted]
        if not accepted:
            return self
        return replace(self, holds=not left, found=_found(left), accepted=accepted)


@dataclass(frozen=True)
class Roles:
    """The names of the three roles in this database."""

    web: str
    audit: str
    vault: str

    @property
    def all(self) -> list[str]:
        return [self.web, self.audit, self.vault]

    def of(self, alias: str) -> str:
        return {"default": self.web, "protected": self.audit, VAULT: self.vault}[alias]


def roles() -> Roles:
    """Return the roles that the three aliases log in as."""
    return Roles(*(wall.role(alias) for alias in ("default", "protected", VAULT)))


def asker(alias: str) -> Ask:
    """Return a function that runs a statement over `alias` and returns its rows."""

    def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return list(cursor.fetchall())

    return ask


def none(words: str, rows: Iterable[tuple[Any, ...]], *, of_server: bool = False) -> Proof:
    """Prove that there is no row. Each row's first column names a difference.

    With `of_server` the server's operator may have made them, and they can be accepted.
    """
    names = tuple(str(row[0]) for row in rows)
    return Proof(words, not names, _found(names), names if of_server else ())


def _found(names: Iterable[str]) -> str:
    return "found " + "; ".join(names)


def same(words: str, found: set[str], wanted: set[str]) -> Proof:
    """Prove that two sets are the same, and name each member that only one of them has."""
    apart = [f"found {name}" for name in sorted(found - wanted)]
    apart += [f"missing {name}" for name in sorted(wanted - found)]
    return Proof(words, not apart, "; ".join(apart))
