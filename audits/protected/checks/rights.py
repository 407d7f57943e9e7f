"""Every right of every role on the walled schema, its objects, the database and the settings."""

from collections.abc import Iterator

from audits.protected.checks.asking import Ask, Proof, Roles, none, same
from audits.protected.expected import PUBLIC_ON_DATABASE, SCHEMA_RIGHTS
from audits.protected.functions import FUNCTIONS

# Each right that somebody but the owner has, in words. An empty ACL stands for the default one.
RIGHTS = """
WITH walled (what, owner, acl) AS (
    SELECT 'schema protected', n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
    FROM pg_namespace AS n WHERE n.nspname = 'protected'
    UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END || c.relname, c.relowner,
        coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char",
                                      c.relowner))
    FROM pg_class AS c WHERE c.relnamespace = 'protected'::regnamespace
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'column ' || c.relname || '.' || a.attname, c.relowner, a.attacl
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'protected'::regnamespace AND a.attacl IS NOT NULL
    UNION ALL
    SELECT 'function ' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')', p.proowner,
        coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc AS p WHERE p.pronamespace = 'protected'::regnamespace
    UNION ALL
    SELECT 'type ' || t.typname, t.typowner, t.typacl
    FROM pg_type AS t WHERE t.typnamespace = 'protected'::regnamespace AND t.typacl IS NOT NULL
)
SELECT CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::regrole::text END
    || ': ' || one.privilege_type || ' on ' || what
    || CASE WHEN one.is_grantable THEN ', to be passed on' ELSE '' END
FROM walled, LATERAL aclexplode(acl) AS one
WHERE one.grantee <> owner
"""
DATABASE = """
SELECT CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::regrole::text END
    || ': ' || one.privilege_type || ' on the database'
FROM pg_database AS d,
    LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS one
WHERE d.datname = current_database() AND one.grantee <> d.datdba
    AND NOT (one.grantee = 0 AND one.privilege_type = ANY(%s))
    AND one.privilege_type <> 'CONNECT'
"""
# What the vault's role makes later is nobody's else: PostgreSQL's default lets all call functions.
DEFAULTS = """
SELECT CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::regrole::text END
    || ': ' || one.privilege_type || ' on each new object of type ' || d.defaclobjtype::text
FROM pg_default_acl AS d, LATERAL aclexplode(d.defaclacl) AS one
WHERE (d.defaclrole = %s::regrole OR d.defaclnamespace = 'protected'::regnamespace)
    AND one.grantee <> d.defaclrole AND d.defaclnamespace::regnamespace::text <> 'record'
"""
OPEN_TO_ALL = """
SELECT 'new functions are open to everybody' WHERE NOT EXISTS (
    SELECT FROM pg_default_acl WHERE defaclrole = %s::regrole AND defaclobjtype = 'f'
        AND defaclnamespace = 0
)
"""
# A role that may set these could write statements with their values into the log.
SETTINGS = """
SELECT one.grantee::regrole || ' may ' || one.privilege_type || ' ' || p.parname
FROM pg_parameter_acl AS p, LATERAL aclexplode(p.paracl) AS one
WHERE one.grantee <> 10
"""


def prove(ask: Ask, roles: Roles) -> Iterator[Proof]:
    """Yield the proofs about rights."""
    yield same(
        "Each role has its rights on the walled schema, and no others. Nobody else has any.",
        {row[0] for row in ask(RIGHTS)},
        wanted(roles),
    )
    yield none(
        "On the database nobody but its owner has a right that PostgreSQL does not give to all.",
        ask(DATABASE, list(PUBLIC_ON_DATABASE)),
    )
    yield none(
        "What the vault's role makes later is open to nobody.",
        ask(DEFAULTS, roles.vault) + ask(OPEN_TO_ALL, roles.vault),
    )
    yield none("No role may change settings of the server.", ask(SETTINGS))


def wanted(roles: Roles) -> set[str]:
    """Return the expected rights, in the words of RIGHTS."""
    schema = {
        f"{roles.of(alias)}: {privilege} on schema protected"
        for alias, privileges in SCHEMA_RIGHTS.items()
        for privilege in privileges
    }
    return schema | {
        f"{roles.of(alias)}: EXECUTE on function {function.signature}"
        for function in FUNCTIONS
        for alias in function.callers
    }
