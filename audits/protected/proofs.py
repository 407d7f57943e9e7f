"""Proofs about the wall, each checked against the running database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connections, transaction

from audits.protected import wall
from audits.protected.attributes import ATTRIBUTES
from audits.protected.functions import FUNCTIONS
from audits.record import rights
from audits.routers import VAULT
from personalization.inspection import feature_manifest


@dataclass(frozen=True)
class Proof:
    """What must hold in words, whether it does, and what was found if it does not."""

    words: str
    holds: bool
    found: str = ""


Ask = Callable[..., list[tuple[Any, ...]]]

TABLES = """
SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'protected' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND (
    has_table_privilege(%s, c.oid,
        'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
  )
"""
CALLABLE = """
SELECT p.proname
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'protected' AND has_function_privilege(%s, p.oid, 'EXECUTE')
ORDER BY p.proname
"""
FOREIGN_KEYS = """
SELECT conname FROM pg_constraint
JOIN pg_class AS here ON here.oid = conrelid JOIN pg_class AS there ON there.oid = confrelid
WHERE contype = 'f' AND (
    (here.relnamespace = 'protected'::regnamespace)
    <> (there.relnamespace = 'protected'::regnamespace)
)
"""
UNPINNED = """
SELECT p.oid::regprocedure::text FROM pg_proc AS p
WHERE p.pronamespace = 'protected'::regnamespace
  AND NOT coalesce('search_path=protected, pg_temp' = ANY(p.proconfig), false)
"""
PUBLIC_RIGHTS = """
SELECT c.relname FROM pg_class AS c, LATERAL aclexplode(c.relacl) AS right_
WHERE c.relnamespace = 'protected'::regnamespace AND right_.grantee = 0
UNION ALL
SELECT p.oid::regprocedure::text FROM pg_proc AS p,
     LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS right_
WHERE p.pronamespace = 'protected'::regnamespace AND right_.grantee = 0
"""
# Views and functions elsewhere that run with the vault's rights would be other ways in.
OTHER_DOORS = """
SELECT p.oid::regprocedure::text FROM pg_proc AS p
WHERE p.prosecdef AND p.proowner = %s::regrole
  AND p.pronamespace <> ALL (ARRAY['protected'::regnamespace, 'record'::regnamespace])
UNION ALL
SELECT c.oid::regclass::text FROM pg_class AS c
WHERE c.relowner = %s::regrole
  AND c.relnamespace <> ALL (ARRAY['protected'::regnamespace, 'record'::regnamespace])
  AND c.relkind IN ('v', 'm')
"""


ANNOUNCE = "SELECT protected.announce_reading('check_wall', 'viewer', 'gender', now(), NULL, '')"


def prove() -> Iterator[Proof]:
    """Yield every proof. This needs all three roles, which the operator's process has."""
    web, audit, vault = (wall.role(alias) for alias in ("default", "protected", VAULT))
    ask = _asker("default")
    yield from _separate_roles(ask, web, audit, vault)
    yield from _no_rights_on_tables(ask, web, "The web role")
    yield from _no_rights_on_tables(ask, audit, "The audit role")
    yield _doors(ask, web, "The web role", {"access_log", "declare", "withdraw"})
    doors = {one.name for one in FUNCTIONS if "protected" in one.callers}
    yield _doors(ask, audit, "The audit role", doors)
    yield _none("No foreign key leads into the walled schema or out of it.", ask(FOREIGN_KEYS))
    yield _none("Every walled function pins its search_path.", ask(UNPINNED))
    yield _none("PUBLIC has no right in the walled schema.", ask(PUBLIC_RIGHTS))
    yield _none(
        "Nothing outside the schema runs with the vault's rights.", ask(OTHER_DOORS, vault, vault)
    )
    yield _refused(
        "default", "SELECT 1 FROM protected.declarations", "The web role, trying to read,"
    )
    yield _refused(
        "default",
        ANNOUNCE,
        "The web role, trying to announce a reading,",
    )
    yield _refused(
        "protected",
        "SELECT 1 FROM protected.declarations",
        "The audit role, trying to read unlogged,",
    )
    yield _unlogged_reading_refused()
    yield _record()
    yield from _manifest()


def _record() -> Proof:
    words = "The web role reads the record and asks for runs; only the audit role writes runs."
    wrong = rights.excess()
    return Proof(words, not wrong, "; ".join(wrong))


def _separate_roles(ask: Ask, web: str, audit: str, vault: str) -> Iterator[Proof]:
    three = {web, audit, vault}
    yield Proof("Three different roles log in.", len(three) == 3, f"found {sorted(three)}")
    powers = ask(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
        " AND (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls)",
        list(three),
    )
    yield _none("None of them is a superuser, may create roles, or may replicate.", powers)
    members = ask(
        "SELECT r.rolname || ' as ' || g.rolname FROM pg_roles AS r, pg_roles AS g"
        " WHERE r.rolname = ANY(%s) AND g.rolname <> r.rolname"
        " AND (g.rolname = ANY(%s) OR g.rolname LIKE 'pg\\_%%')"
        " AND g.rolname <> 'pg_database_owner'"
        " AND pg_has_role(r.rolname, g.rolname, 'MEMBER')",
        list(three),
        list(three),
    )
    yield _none("None can act as another (SET ROLE), or as a role that reads everything.", members)
    owner = ask("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'protected'")
    owned = bool(owner) and owner[0][0] == vault
    yield Proof("The walled schema belongs to the vault's role.", owned, f"found {owner}")


def _no_rights_on_tables(ask: Ask, role: str, name: str) -> Iterator[Proof]:
    yield _none(f"{name} has no right on any walled table or column.", ask(TABLES, role, role))
    may = ask("SELECT has_schema_privilege(%s, 'protected', 'CREATE')", role)[0][0]
    yield Proof(f"{name} cannot create anything in the walled schema.", not may, "it may CREATE")


def _doors(ask: Ask, role: str, name: str, wanted: set[str]) -> Proof:
    found = {row[0] for row in ask(CALLABLE, role)}
    return Proof(
        f"{name} can call {', '.join(sorted(wanted))} and nothing else.",
        found == wanted,
        f"it can call {', '.join(sorted(found)) or 'nothing'}",
    )


def _none(words: str, rows: list[tuple[Any, ...]]) -> Proof:
    return Proof(words, not rows, "found " + ", ".join(str(row[0]) for row in rows))


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


def _manifest() -> Iterator[Proof]:
    manifest = feature_manifest()
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


def _asker(alias: str) -> Ask:
    def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return list(cursor.fetchall())

    return ask
