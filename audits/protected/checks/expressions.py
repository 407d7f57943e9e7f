"""What runs inside a walled table besides triggers: constraints, defaults, indexes, operators."""

from collections.abc import Iterator

from audits.protected.checks.asking import Ask, Proof, none, same
from audits.protected.expected import CONSTRAINTS, DEFAULTS, INDEXES

NAMED = """
SELECT 'constraint ' || conname FROM pg_constraint
WHERE connamespace = 'protected'::regnamespace AND contype <> 'n'
UNION ALL
SELECT 'index ' || relname FROM pg_class
WHERE relnamespace = 'protected'::regnamespace AND relkind IN ('i', 'I')
UNION ALL
SELECT 'default of ' || c.relname || '.' || a.attname
FROM pg_attrdef AS d JOIN pg_class AS c ON c.oid = d.adrelid
JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE c.relnamespace = 'protected'::regnamespace
"""
# Expressions that call a function which PostgreSQL does not bring along. It could copy rows.
CALLS = """
SELECT pg_describe_object(d.classid, d.objid, 0) || ' calls ' || d.refobjid::regprocedure
FROM pg_depend AS d
LEFT JOIN pg_constraint AS con ON d.classid = 'pg_constraint'::regclass AND con.oid = d.objid
LEFT JOIN pg_attrdef AS def ON d.classid = 'pg_attrdef'::regclass AND def.oid = d.objid
LEFT JOIN pg_class AS ind ON d.classid = 'pg_class'::regclass AND ind.oid = d.objid
LEFT JOIN pg_class AS tab ON tab.oid = def.adrelid
WHERE d.refclassid = 'pg_proc'::regclass
    AND 'protected'::regnamespace IN (con.connamespace, tab.relnamespace, ind.relnamespace)
"""
# Operators and types of the schema would come before PostgreSQL's own in the walled functions.
OTHERS = """
SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend AS d
WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = 'protected'::regnamespace
    AND d.classid NOT IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_default_acl'::regclass,
                          'pg_publication_namespace'::regclass)
UNION ALL
SELECT 'type ' || relname FROM pg_class
WHERE relnamespace = 'protected'::regnamespace AND relkind = 'c'
"""


def prove(ask: Ask) -> Iterator[Proof]:
    """Yield the proofs about expressions."""
    yield same(
        "Each walled table has its constraints, indexes and defaults.",
        {row[0] for row in ask(NAMED)},
        {f"constraint {name}" for name in CONSTRAINTS}
        | {f"index {name}" for name in INDEXES}
        | {f"default of {name}" for name in DEFAULTS},
    )
    yield none("No constraint, default or index calls a function of anybody's.", ask(CALLS))
    yield none("The walled schema holds no operator, type or other object.", ask(OTHERS))
