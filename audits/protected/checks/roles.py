"""Who can be whom: the three roles, their powers, and everybody who can act as one of them."""

from collections.abc import Iterator

from audits.protected.checks.asking import Ask, Proof, Roles, none

# The superuser that initdb makes has the id 10. Any other was added.
SUPERUSERS = "SELECT rolname || ' is a superuser' FROM pg_roles WHERE rolsuper AND oid <> 10"
POWERS = """
SELECT r.rolname || ' may ' || power.what
FROM pg_roles AS r, LATERAL (VALUES
    (r.rolcreaterole, 'create roles'), (r.rolreplication, 'replicate'),
    (r.rolbypassrls, 'bypass row security')
) AS power (has, what)
WHERE power.has AND NOT r.rolsuper
"""
# Members of a role inherit its rights, or can SET ROLE to it, or can grant themselves that.
ACTING = """
SELECT m.member::regrole || ' can act as ' || m.roleid::regrole
FROM pg_auth_members AS m
WHERE m.roleid::regrole::text = ANY(%s) OR m.member::regrole::text = ANY(%s)
"""
# Predefined roles read or write everything, files, or other sessions' statements. PostgreSQL
# makes some of them members of others.
PREDEFINED = """
SELECT m.member::regrole || ' is a member of ' || m.roleid::regrole
FROM pg_auth_members AS m
WHERE m.roleid < 16384 AND m.member >= 16384 AND m.roleid::regrole::text LIKE 'pg\\_%%'
"""
OWNERS = """
SELECT 'the schema belongs to ' || nspowner::regrole FROM pg_namespace
WHERE nspname = 'protected' AND nspowner <> %s::regrole
UNION ALL
SELECT c.oid::regclass || ' belongs to ' || c.relowner::regrole FROM pg_class AS c
WHERE c.relnamespace = 'protected'::regnamespace AND c.relowner <> %s::regrole
UNION ALL
SELECT p.oid::regprocedure || ' belongs to ' || p.proowner::regrole FROM pg_proc AS p
WHERE p.pronamespace = 'protected'::regnamespace AND p.proowner <> %s::regrole
UNION ALL
SELECT 'the database belongs to ' || datdba::regrole FROM pg_database
WHERE datname = current_database() AND datdba <> %s::regrole
"""


def prove(ask: Ask, roles: Roles) -> Iterator[Proof]:
    """Yield the proofs about roles."""
    yield Proof(
        "Three different roles log in.", len(set(roles.all)) == 3, f"found {sorted(roles.all)}"
    )
    yield none(
        "There is no superuser but the one that the server was made with.",
        ask(SUPERUSERS),
        of_server=True,
    )
    yield none(
        "No other role may create roles, replicate, or bypass row security.",
        ask(POWERS),
        of_server=True,
    )
    yield none(
        "No role can act as one of the three, and none of them as another.",
        ask(ACTING, roles.all, roles.all),
    )
    yield none(
        "Nobody is a member of a role that reads or writes everything.",
        ask(PREDEFINED),
        of_server=True,
    )
    yield none(
        "The walled schema and all that is in it belong to the vault's role.",
        ask(OWNERS, roles.vault, roles.vault, roles.vault, roles.web),
    )
