"""Building the wall: the schema, its tables, and the exact rights of each role."""

from django.core.management import call_command
from django.db import connections
from psycopg import sql

from audits.protected import repair
from audits.record import earlier, rights
from audits.routers import VAULT, WALLED

SCHEMA = "protected"


class WallIncomplete(RuntimeError):
    """This process does not hold the three roles that are needed to build the wall."""


def build(*, verbosity: int = 0) -> None:
    """Create or repair the wall. Needs the aliases default, protected and vault."""
    missing = {"default", "protected", VAULT} - set(connections.databases)
    if missing:
        raise WallIncomplete(
            "Building the wall needs DATABASE_URL, AUDIT_DATABASE_URL and VAULT_DATABASE_URL; "
            f"this process has no URL for: {', '.join(sorted(missing))}."
        )
    _let_vault_create(True)
    try:
        _make_schema()
    finally:
        _let_vault_create(False)
    earlier.open_to_vault()
    for app in sorted(WALLED):  # all other apps' migrations would be noted here, and make nothing
        call_command("migrate", app, database=VAULT, verbosity=verbosity, interactive=False)
    earlier.drop()
    repair.repair(web=role("default"), audit=role("protected"))
    rights.grant()


def role(alias: str) -> str:
    """Return the database role that an alias logs in as."""
    return str(connections[alias].settings_dict["USER"])


def _let_vault_create(may: bool) -> None:
    """Let the vault's role create its schema, as the database's owner, or take that back."""
    statement = (
        "GRANT CREATE ON DATABASE {} TO {}" if may else "REVOKE CREATE ON DATABASE {} FROM {}"
    )
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_database()")
        names = (sql.Identifier(cursor.fetchone()[0]), sql.Identifier(role(VAULT)))
        cursor.execute(sql.SQL(statement).format(*names))


def take_back_create() -> None:
    """Take from the vault's role the right to create schemas."""
    _let_vault_create(False)


def _make_schema() -> None:
    with connections[VAULT].cursor() as cursor:
        for schema in (SCHEMA, rights.SCHEMA):
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            cursor.execute(f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC")
        cursor.execute(repair.CLOSED_FROM_THE_START)
