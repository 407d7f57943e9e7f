"""Who may do what in the schema `record`. `grant` sets these rights and `excess` compares them."""

from collections.abc import Iterator
from typing import Any

from django.db import connections, transaction
from psycopg import sql

from audits.routers import AUDIT, VAULT

SCHEMA = "record"
WEB = "default"
# What the audit role writes on a run that is not over. Triggers refuse everything else.
OF_A_RUN = (
    "state", "stage", "progress", "attempts", "failure", "model_sha256", "registration",
    "registration_digest", "inputs", "groups", "synthetic", "touched_at",
)  # fmt: skip
# What the audit role writes of the self-test; the database adds the rest.
OF_A_WORLD = ("series", "code", "number", "spec", "measures", "seconds")
OF_A_CURVE = ("series", "code", "worlds", "curve")
SELFTEST = ("selftest_worlds", "selftest_curves")
LOG = ("events", "leaves", "tiles", "heads")
# Rights on tables, by the alias that logs in: (table, privilege, columns; none means all).
TABLES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    WEB: (
        ("runs", "SELECT", ()),
        ("statistics", "SELECT", ()),
        ("findings", "SELECT", ()),
        ("documents", "SELECT", ()),
        ("replays", "SELECT", ()),
        ("installation", "SELECT", ()),
        *((table, "SELECT", ()) for table in (*LOG, *SELFTEST)),
    ),
    AUDIT: (
        ("runs", "SELECT", ()),
        ("runs", "UPDATE", OF_A_RUN),
        ("statistics", "SELECT", ()),
        ("statistics", "INSERT", ()),
        ("findings", "SELECT", ()),
        ("documents", "SELECT", ()),
        ("documents", "INSERT", ()),
        ("replays", "SELECT", ()),
        ("replays", "INSERT", ()),
        ("installation", "SELECT", ()),
        *((table, right, ()) for table in LOG for right in ("SELECT", "INSERT")),
        *((table, "SELECT", ()) for table in SELFTEST),
        ("selftest_worlds", "INSERT", OF_A_WORLD),
        ("selftest_curves", "INSERT", OF_A_CURVE),
        ("turn", "SELECT", ()),
        ("turn", "UPDATE", ()),
        *(("account_keys", right, ()) for right in ("SELECT", "INSERT", "DELETE")),
    ),
}
REQUEST = "request_run(bigint, text, text[], text, text)"
JUDGE = "judge(bigint, text, text, text)"
CHECK_COHORT = "check_cohort(bigint, uuid[], timestamp with time zone)"
FUNCTIONS: dict[str, tuple[str, ...]] = {
    WEB: (REQUEST, JUDGE),
    AUDIT: (REQUEST, CHECK_COHORT),
}
ACTUAL = """
SELECT grantee, object, privilege FROM (
    SELECT r.grantee, c.relname || '' AS object, r.privilege_type AS privilege, c.relowner AS owner
    FROM pg_class AS c, LATERAL aclexplode(c.relacl) AS r
    WHERE c.relnamespace = 'record'::regnamespace
    UNION ALL
    SELECT r.grantee, c.relname || '.' || a.attname, r.privilege_type, c.relowner
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid,
         LATERAL aclexplode(a.attacl) AS r
    WHERE c.relnamespace = 'record'::regnamespace
    UNION ALL
    SELECT r.grantee, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
           r.privilege_type, p.proowner
    FROM pg_proc AS p, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS r
    WHERE p.pronamespace = 'record'::regnamespace
    UNION ALL
    SELECT r.grantee, 'schema', r.privilege_type, n.nspowner
    FROM pg_namespace AS n, LATERAL aclexplode(n.nspacl) AS r WHERE n.nspname = 'record'
) AS rights WHERE grantee <> owner
"""
NAMES = "SELECT oid, rolname FROM pg_roles"
# Function arguments by type alone, as they stand above.
SIGNATURES = """
SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       p.proname || '(' || (SELECT coalesce(string_agg(format_type(t, NULL), ', ' ORDER BY n), '')
                            FROM unnest(p.proargtypes) WITH ORDINALITY AS u(t, n)) || ')'
FROM pg_proc AS p WHERE p.pronamespace = 'record'::regnamespace
"""


def grant() -> None:
    """Revoke every right in the schema, then grant what stands above. Needs the vault's role."""
    with transaction.atomic(using=VAULT), connections[VAULT].cursor() as cursor:

        def run(statement: str, *names: sql.Composable) -> None:
            cursor.execute(sql.SQL(statement).format(*names))

        roles = [_role(alias) for alias in TABLES]
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            run(f"REVOKE ALL ON ALL {kind} IN SCHEMA {SCHEMA} FROM PUBLIC, {{}}, {{}}", *roles)
        for table, column in _granted_columns(cursor):
            run(
                f"REVOKE ALL ({{}}) ON {SCHEMA}.{{}} FROM PUBLIC, {{}}, {{}}",
                sql.Identifier(column), sql.Identifier(table), *roles,
            )  # fmt: skip
        run(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC, {{}}, {{}}", *roles)
        run(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {{}}, {{}}", *roles)
        for alias, rights in TABLES.items():
            for table, privilege, columns in rights:
                part = f" ({', '.join(columns)})" if columns else ""
                run(f"GRANT {privilege}{part} ON {SCHEMA}.{table} TO {{}}", _role(alias))
        for alias, functions in FUNCTIONS.items():
            for function in functions:
                run(f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{function} TO {{}}", _role(alias))


def excess() -> list[str]:
    """Return each right that is too wide, and each that is missing, in words."""
    expected, actual = set(_expected()), set(_actual())
    words = [
        f"{who} may {privilege} {what}, and should not"
        for who, what, privilege in actual - expected
    ]
    words += [f"{who} may not {privilege} {what}" for who, what, privilege in expected - actual]
    return sorted(words)


def _expected() -> Iterator[tuple[str, str, str]]:
    for alias, rights in TABLES.items():
        name = _name(alias)
        yield name, "schema", "USAGE"
        for table, privilege, columns in rights:
            for what in [f"{table}.{column}" for column in columns] or [table]:
                yield name, what, privilege
        yield from ((name, function, "EXECUTE") for function in FUNCTIONS[alias])


def _actual() -> Iterator[tuple[str, str, str]]:
    with connections[WEB].cursor() as cursor:
        cursor.execute(NAMES)
        names = {0: "PUBLIC", **dict(cursor.fetchall())}
        cursor.execute(SIGNATURES)
        signatures = dict(cursor.fetchall())
        cursor.execute(ACTUAL)
        for grantee, what, privilege in cursor.fetchall():
            yield names.get(grantee, str(grantee)), signatures.get(what, what), privilege


def _granted_columns(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT c.relname, a.attname"
        " FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'record'::regnamespace AND a.attacl IS NOT NULL"
    )
    return list(cursor.fetchall())


def _name(alias: str) -> str:
    return str(connections[alias].settings_dict["USER"])


def _role(alias: str) -> sql.Identifier:
    return sql.Identifier(_name(alias))
