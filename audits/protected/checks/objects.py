"""Every object of the walled schema, and what could run with its owner's rights elsewhere."""

from collections.abc import Iterator

from audits.protected.attributes import ATTRIBUTES
from audits.protected.checks.asking import Ask, Proof, Roles, none, same
from audits.protected.expected import LEAVING_BODY, SCHEMAS, SEQUENCES, TABLES
from audits.protected.functions import FUNCTIONS, TRIGGERS

KINDS = {
    "r": "table", "p": "table", "v": "view", "m": "view", "f": "foreign table", "S": "sequence",
}  # fmt: skip
RELATIONS = """
SELECT c.relkind::text, c.relname FROM pg_class AS c
WHERE c.relnamespace = 'protected'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
"""
COLUMNS = """
SELECT c.relname, replace(replace(format_type(a.atttypid, a.atttypmod),
        'character varying', 'varchar'), 'timestamp with time zone', 'timestamptz'),
    a.attname
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'protected'::regnamespace AND c.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped
"""
ROUTINES = """
SELECT p.proname || '(' || oidvectortypes(p.proargtypes) || ')', p.prosrc, p.prosecdef,
    p.proconfig, l.lanname, p.provolatile::text
FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.pronamespace = 'protected'::regnamespace
"""
WALLED_TRIGGERS = """
SELECT t.tgname || ' of ' || c.relname, pg_get_triggerdef(t.oid), t.tgenabled::text
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'protected'::regnamespace AND NOT t.tgisinternal
"""
RULES = """
SELECT 'rule ' || r.rulename || ' of ' || r.ev_class::regclass FROM pg_rewrite AS r
JOIN pg_class AS c ON c.oid = r.ev_class
WHERE c.relnamespace = 'protected'::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL
SELECT 'policy ' || p.polname || ' of ' || p.polrelid::regclass FROM pg_policy AS p
JOIN pg_class AS c ON c.oid = p.polrelid WHERE c.relnamespace = 'protected'::regnamespace
UNION ALL
SELECT 'row security of ' || c.oid::regclass FROM pg_class AS c
WHERE c.relnamespace = 'protected'::regnamespace AND (c.relrowsecurity OR c.relforcerowsecurity)
UNION ALL
SELECT i.inhrelid::regclass || ' inherits from ' || i.inhparent::regclass FROM pg_inherits AS i
JOIN pg_class AS c ON c.oid IN (i.inhrelid, i.inhparent)
WHERE c.relnamespace = 'protected'::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL
SELECT 'an unlogged table, ' || c.oid::regclass FROM pg_class AS c
WHERE c.relnamespace = 'protected'::regnamespace AND c.relpersistence <> 'p'
"""
FOREIGN_KEYS = """
SELECT conname || ' of ' || conrelid::regclass FROM pg_constraint
JOIN pg_class AS here ON here.oid = conrelid JOIN pg_class AS there ON there.oid = confrelid
WHERE contype = 'f' AND (
    (here.relnamespace = 'protected'::regnamespace)
    <> (there.relnamespace = 'protected'::regnamespace)
)
"""
# Functions elsewhere that run with the rights of somebody who reaches the walled tables; views of
# such owners; and every view over a walled table, whoever owns it.
DOORS = """
SELECT p.oid::regprocedure || ' runs as ' || p.proowner::regrole FROM pg_proc AS p
JOIN pg_roles AS owner ON owner.oid = p.proowner
WHERE p.prosecdef AND (owner.rolname = ANY(%s) OR owner.rolsuper)
    AND p.pronamespace::regnamespace::text <> ALL(%s)
    AND p.pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT c.oid::regclass || ', a view of ' || c.relowner::regrole FROM pg_class AS c
WHERE c.relowner::regrole::text = ANY(%s) AND c.relkind IN ('v', 'm')
    AND c.relnamespace::regnamespace::text <> ALL(%s)
UNION
SELECT c.oid::regclass || ', a view over ' || d.refobjid::regclass
FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_class AS t ON t.oid = d.refobjid
WHERE d.refclassid = 'pg_class'::regclass AND t.relnamespace = 'protected'::regnamespace
    AND c.relnamespace <> 'protected'::regnamespace
"""
LEAVING = """
SELECT p.prosrc, p.prosecdef, t.tgenabled::text, pg_get_triggerdef(t.oid)
FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE t.tgname = 'audits_withdraw_declarations'
    AND t.tgrelid = to_regclass('public.catalog_viewer')
"""
LEAVING_TRIGGER = (
    "CREATE TRIGGER audits_withdraw_declarations AFTER DELETE ON public.catalog_viewer "
    "FOR EACH ROW EXECUTE FUNCTION audits_withdraw_declarations()"
)
# Functions on the other side that name the walled schema, and what runs on events of the database.
OUTSIDE = """
SELECT p.oid::regprocedure || ' names the walled schema' FROM pg_proc AS p
WHERE p.pronamespace::regnamespace::text <> ALL(%s) AND p.proname <> 'audits_withdraw_declarations'
    AND p.pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
    AND p.prosrc ~* '\\mprotected\\M'
UNION ALL
SELECT 'event trigger ' || evtname FROM pg_event_trigger
UNION ALL
SELECT t.tgname || ' of ' || t.tgrelid::regclass || ' calls ' || t.tgfoid::regprocedure
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace <> 'protected'::regnamespace
    AND p.pronamespace = 'protected'::regnamespace
"""


def prove(ask: Ask, roles: Roles) -> Iterator[Proof]:
    """Yield the proofs about objects."""
    yield same(
        "The walled schema holds its tables and sequences, and nothing else.",
        {f"{KINDS[kind]} {name}" for kind, name in ask(RELATIONS)},
        {f"table {name}" for name in TABLES} | {f"sequence {name}" for name in SEQUENCES},
    )
    yield same(
        "Each walled table has its columns.",
        {f"column {table}.{name} {kind}" for table, kind, name in ask(COLUMNS) if table in TABLES},
        {f"column {table}.{column}" for table, columns in TABLES.items() for column in columns},
    )
    yield _functions(ask)
    yield _triggers(ask)
    yield none("No rule, policy or inheritance changes what a walled table is.", ask(RULES))
    yield none("No foreign key leads into the walled schema or out of it.", ask(FOREIGN_KEYS))
    doors = [roles.vault, roles.audit]
    yield none(
        "Nothing outside the schema runs with the rights of those who reach it.",
        ask(DOORS, doors, list(SCHEMAS), doors, list(SCHEMAS)),
    )
    yield none(
        "No other function, trigger or event trigger touches the walled schema.",
        ask(OUTSIDE, list(SCHEMAS)),
    )
    yield _leaving(ask)
    yield same(
        "The database's list of attributes and answers is the code's.",
        {f"{name}={answer}" for name, answer in ask("SELECT * FROM protected.allowed")},
        {f"{name}={answer}" for name, one in ATTRIBUTES.items() for answer in one.values},
    )


def _functions(ask: Ask) -> Proof:
    """Compare each walled function's body, rights, settings, language and volatility."""
    there = {name: rest for name, *rest in ask(ROUTINES)}
    apart = [f"found {name}" for name in there.keys() - {one.signature for one in FUNCTIONS}]
    for function in FUNCTIONS:
        if function.signature not in there:
            apart.append(f"missing {function.signature}")
            continue
        body, definer, config, language, volatility = there[function.signature]
        parts = {
            "another body": body == function.body,
            "other rights while it runs": definer == function.definer,
            "other settings": set(config or ()) == set(function.config),
            "another language": language == function.language,
            "another volatility": volatility == function.volatility[0].lower(),
        }
        apart += [f"{function.name} has {what}" for what, holds in parts.items() if not holds]
    words = (
        "Every walled function has the body, the rights and the search_path that the code lists."
    )
    return Proof(words, not apart, "; ".join(sorted(apart)))


def _triggers(ask: Ask) -> Proof:
    """Compare the triggers of walled tables: present, enabled, and no others."""
    wanted = {f"{one.name} of {one.table}": one for one in TRIGGERS}
    there = {name: rest for name, *rest in ask(WALLED_TRIGGERS)}
    apart = [f"found {name}" for name in there.keys() - wanted.keys()]
    for name, trigger in wanted.items():
        if name not in there:
            apart.append(f"missing {name}")
            continue
        definition, enabled = there[name]
        if definition != trigger.statement().replace("OR REPLACE ", "").replace(
            "EXECUTE FUNCTION protected.", "EXECUTE FUNCTION "
        ) and definition != trigger.statement().replace("OR REPLACE ", ""):
            apart.append(f"{name} does something else")
        if enabled != "O":
            apart.append(f"{name} is disabled")
    words = "The triggers that keep the access log are there and enabled, and there are no others."
    return Proof(words, not apart, "; ".join(sorted(apart)))


def _leaving(ask: Ask) -> Proof:
    """Compare the trigger that withdraws what a profile declared when the profile goes."""
    words = "A profile's declarations are withdrawn by a trigger when the profile goes."
    rows = ask(LEAVING)
    if not rows:
        return Proof(words, False, "missing audits_withdraw_declarations of catalog_viewer")
    body, definer, enabled, definition = rows[0]
    parts = {
        "it is disabled": enabled == "O",
        "its function has another body": body == LEAVING_BODY,
        "its function runs with its owner's rights": not definer,
        "it runs at another time": definition.replace("FUNCTION public.", "FUNCTION ")
        == LEAVING_TRIGGER,
    }
    apart = [what for what, holds in parts.items() if not holds]
    return Proof(words, not apart, "; ".join(apart))
