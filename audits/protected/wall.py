"""Building the wall: the schema, its tables, and the exact rights of each role."""

from django.core.management import call_command
from django.db import ProgrammingError, connections, transaction
from psycopg import sql

from audits.protected.attributes import ATTRIBUTES
from audits.protected.functions import FUNCTIONS, TRIGGERS, Function
from audits.record import earlier, rights
from audits.routers import VAULT

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
    call_command("migrate", database=VAULT, verbosity=verbosity, interactive=False)
    earlier.drop()
    with transaction.atomic(using=VAULT):
        _install()
        _list_answers()
        _grant()
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


def _make_schema() -> None:
    with connections[VAULT].cursor() as cursor:
        for schema in (SCHEMA, rights.SCHEMA):
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            cursor.execute(f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC")
        # By default PostgreSQL lets everybody call a new function. Here nobody may, from the start.
        cursor.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")


def _install() -> None:
    """Give each function and trigger the body that the code lists, whatever is there."""
    with connections[VAULT].cursor() as cursor:
        for function in FUNCTIONS:
            _install_function(function)
        for trigger in TRIGGERS:
            cursor.execute(trigger.statement())
            cursor.execute(f"ALTER TABLE {SCHEMA}.{trigger.table} ENABLE TRIGGER {trigger.name}")


def _install_function(function: Function) -> None:
    try:
        with transaction.atomic(using=VAULT), connections[VAULT].cursor() as cursor:
            cursor.execute(function.statement())
    except ProgrammingError:  # something else stands there: it returns another type
        with connections[VAULT].cursor() as cursor:
            cursor.execute(f"DROP FUNCTION IF EXISTS {SCHEMA}.{function.signature}")
            cursor.execute(function.statement())


def _list_answers() -> None:
    """Make the database's allow-list the code's."""
    pairs = [(name, value) for name, each in ATTRIBUTES.items() for value in each.values]
    attributes, answers = (list(column) for column in zip(*pairs, strict=True))
    with connections[VAULT].cursor() as cursor:
        cursor.execute(
            "INSERT INTO protected.allowed (attribute, answer)"
            " SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING",
            [attributes, answers],
        )
        # Answers of an attribute that is no longer asked stay listed, so that a withdrawal of
        # everything reaches them.
        cursor.execute(
            "DELETE FROM protected.allowed WHERE attribute = ANY(%s) AND (attribute, answer)"
            " NOT IN (SELECT * FROM unnest(%s::text[], %s::text[]))",
            [list(ATTRIBUTES), attributes, answers],
        )


def _grant() -> None:
    """Revoke every right, then grant each role its functions. No other right survives a rerun."""
    web, audit = sql.Identifier(role("default")), sql.Identifier(role("protected"))
    with connections[VAULT].cursor() as cursor:
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            cursor.execute(
                sql.SQL(
                    f"REVOKE ALL ON ALL {kind} IN SCHEMA {SCHEMA} FROM PUBLIC, {{}}, {{}}"
                ).format(web, audit)
            )
        cursor.execute(
            sql.SQL(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC, {{}}, {{}}").format(web, audit)
        )
        cursor.execute(sql.SQL(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {{}}, {{}}").format(web, audit))
        grantees = {"default": web, "protected": audit}
        for function in FUNCTIONS:
            for alias in function.callers:
                cursor.execute(
                    sql.SQL(
                        f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{function.signature} TO {{}}"
                    ).format(grantees[alias])
                )
