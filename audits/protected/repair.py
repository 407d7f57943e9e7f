"""Setting right what the wall's own role can set right, whatever was changed.

What others own (roles, publications, modules, functions elsewhere) is left alone;
`check_wall` names it.
"""

from django.db import DatabaseError, ProgrammingError, connections, transaction
from psycopg import sql

from audits.protected.attributes import ATTRIBUTES
from audits.protected.expected import LEAVING
from audits.protected.functions import FUNCTIONS, TRIGGERS, Function
from audits.routers import VAULT

# By default PostgreSQL lets everybody call a new function. Here nobody may, from the start.
CLOSED_FROM_THE_START = "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
# One REVOKE for each right that anybody but the owner has.
REVOKES = """
WITH walled (kind, name, owner, acl) AS (
    SELECT 'SCHEMA', 'protected', n.nspowner, n.nspacl
    FROM pg_namespace AS n WHERE n.nspname = 'protected'
    UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text,
        c.relowner, c.relacl
    FROM pg_class AS c WHERE c.relnamespace = 'protected'::regnamespace
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'TABLE', c.oid::regclass::text, c.relowner, a.attacl
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'protected'::regnamespace
    UNION ALL
    SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner,
        coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc AS p WHERE p.pronamespace = 'protected'::regnamespace
    UNION ALL
    SELECT 'TYPE', t.oid::regtype::text, t.typowner, t.typacl
    FROM pg_type AS t WHERE t.typnamespace = 'protected'::regnamespace
)
SELECT DISTINCT format('REVOKE ALL ON %%s %%s FROM %%s CASCADE', kind, name,
    CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::regrole::text END)
FROM walled, LATERAL aclexplode(acl) AS one WHERE one.grantee <> owner
UNION ALL
SELECT format('ALTER DEFAULT PRIVILEGES %%s REVOKE ALL ON %%s FROM %%s',
    CASE d.defaclnamespace WHEN 0 THEN '' ELSE 'IN SCHEMA protected' END,
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
        WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
    CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::regrole::text END)
FROM pg_default_acl AS d, LATERAL aclexplode(d.defaclacl) AS one
WHERE d.defaclrole = current_user::regrole AND one.grantee <> d.defaclrole
    AND d.defaclnamespace IN (0, 'protected'::regnamespace)
"""
# What does not belong in the schema: operators that come before PostgreSQL's own, and on a walled
# table other triggers, rules and policies.
STRANGERS = """
SELECT format('DROP OPERATOR %%s', o.oid::regoperator)
FROM pg_operator AS o WHERE o.oprnamespace = 'protected'::regnamespace
UNION ALL
SELECT format('DROP TRIGGER %%I ON %%s', t.tgname, t.tgrelid::regclass)
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'protected'::regnamespace AND NOT t.tgisinternal
    AND t.tgname || ' of ' || c.relname <> ALL(%s)
UNION ALL
SELECT format('DROP RULE %%I ON %%s', r.rulename, r.ev_class::regclass)
FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class
WHERE c.relnamespace = 'protected'::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL
SELECT format('DROP POLICY %%I ON %%s', p.polname, p.polrelid::regclass)
FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
WHERE c.relnamespace = 'protected'::regnamespace
UNION ALL
SELECT format('ALTER TABLE %%s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY',
    c.oid::regclass)
FROM pg_class AS c
WHERE c.relnamespace = 'protected'::regnamespace AND (c.relrowsecurity OR c.relforcerowsecurity)
"""


def repair(*, web: str, audit: str) -> None:
    """Give the walled schema its functions, triggers, allow-list and rights, and take all others.

    `web` and `audit` are the names of the roles.
    """
    with transaction.atomic(using=VAULT):
        with connections[VAULT].cursor() as cursor:
            cursor.execute(CLOSED_FROM_THE_START)
        _run(REVOKES)
        _run(STRANGERS, [f"{one.name} of {one.table}" for one in TRIGGERS])
        _install()
        _list_answers()
        _grant({"default": web, "protected": audit})
    with transaction.atomic(using="default"), connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.catalog_viewer') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(LEAVING)


def _run(statements: str, *parameters: list[str]) -> None:
    """Run each statement that a query returns. One that another owner refuses is left out."""
    with connections[VAULT].cursor() as cursor:
        cursor.execute(statements, parameters)
        for (statement,) in cursor.fetchall():
            try:
                with transaction.atomic(using=VAULT):
                    cursor.execute(statement)
            except DatabaseError:
                continue  # it belongs to somebody else, and check_wall names it


def _install() -> None:
    """Give each function and trigger the body that the code lists, whatever is there."""
    with connections[VAULT].cursor() as cursor:
        for function in FUNCTIONS:
            _install_function(function)
        for trigger in TRIGGERS:
            cursor.execute(trigger.statement())
            cursor.execute(f"ALTER TABLE protected.{trigger.table} ENABLE TRIGGER {trigger.name}")


def _install_function(function: Function) -> None:
    try:
        with transaction.atomic(using=VAULT), connections[VAULT].cursor() as cursor:
            cursor.execute(function.statement())
    except ProgrammingError:  # something else stands there: it returns another type
        with connections[VAULT].cursor() as cursor:
            cursor.execute(f"DROP FUNCTION IF EXISTS protected.{function.signature}")
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
        cursor.execute(
            "DELETE FROM protected.allowed WHERE (attribute, answer)"
            " NOT IN (SELECT * FROM unnest(%s::text[], %s::text[]))",
            [attributes, answers],
        )


def _grant(roles: dict[str, str]) -> None:
    """Grant each role its functions, and nothing else."""
    with connections[VAULT].cursor() as cursor:
        for alias, role in roles.items():
            name = sql.Identifier(role)
            cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA protected TO {}").format(name))
            for function in FUNCTIONS:
                if alias in function.callers:
                    statement = f"GRANT EXECUTE ON FUNCTION protected.{function.signature} TO {{}}"
                    cursor.execute(sql.SQL(statement).format(name))
