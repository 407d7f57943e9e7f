"""What could carry rows away: replication, other servers, extensions, the server's log."""

from collections.abc import Iterator

from django.db import connections

from audits.protected.checks.asking import Ask, Proof, Roles, asker, none
from audits.protected.expected import EXTENSIONS, LANGUAGES, LOGGING

PUBLICATIONS = """
SELECT 'publication ' || pubname || ' of all tables' FROM pg_publication WHERE puballtables
UNION ALL
SELECT 'publication ' || p.pubname || ' of ' || r.prrelid::regclass
FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
JOIN pg_class AS c ON c.oid = r.prrelid WHERE c.relnamespace = 'protected'::regnamespace
UNION ALL
SELECT 'publication ' || p.pubname || ' of the schema'
FROM pg_publication_namespace AS n JOIN pg_publication AS p ON p.oid = n.pnpubid
WHERE n.pnnspid = 'protected'::regnamespace
UNION ALL
SELECT 'subscription ' || subname FROM pg_subscription
WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT slot_type || ' replication slot ' || slot_name FROM pg_replication_slots
WHERE database IS NULL OR database = current_database()
UNION ALL
SELECT 'a standby or backup, ' || coalesce(application_name, 'of an unknown name')
FROM pg_stat_replication
"""
SERVERS = """
SELECT 'foreign server ' || srvname FROM pg_foreign_server
UNION ALL
SELECT 'foreign-data wrapper ' || fdwname FROM pg_foreign_data_wrapper
UNION ALL
SELECT 'extension ' || extname FROM pg_extension WHERE extname <> ALL(%s)
UNION ALL
SELECT 'language ' || lanname FROM pg_language WHERE lanname <> ALL(%s)
"""
# Modules that are loaded name their settings: auto_explain and pg_stat_statements keep statements.
MODULES = """
SELECT DISTINCT 'module ' || split_part(name, '.', 1) FROM pg_settings
WHERE name LIKE '%%.%%' AND split_part(name, '.', 1) <> ALL(%s)
"""
SETTINGS = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
# Settings of a role or of the database, which sessions to come will have.
STORED = """
SELECT coalesce(s.setrole::regrole::text, ''), split_part(one, '=', 1),
    substr(one, strpos(one, '=') + 1)
FROM pg_db_role_setting AS s, LATERAL unnest(s.setconfig) AS one
WHERE (s.setdatabase = 0
    OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
PRELOADS = ("session_preload_libraries", "local_preload_libraries", "shared_preload_libraries")
LOST = """
SELECT format('%s readings are in the log of %s that were made', count(ticket), m.readings)
FROM protected.marks AS m LEFT JOIN protected.readings ON true
GROUP BY m.readings HAVING count(ticket) <> m.readings
UNION ALL
SELECT 'the count of readings is gone' WHERE NOT EXISTS (SELECT FROM protected.marks)
UNION ALL
SELECT format('no reading is in the log for the finished run %s', r.public_id)
FROM record.runs AS r
WHERE r.state = 'finished' AND NOT r.is_earlier
    AND NOT EXISTS (SELECT FROM protected.readings AS line WHERE line.run = r.public_id)
"""


def prove(ask: Ask, roles: Roles) -> Iterator[Proof]:
    """Yield the proofs about copies."""
    yield none("Nothing replicates the walled tables.", ask(PUBLICATIONS), of_server=True)
    yield none(
        "There is no foreign server, and no extension or language but the project's.",
        ask(SERVERS, list(EXTENSIONS), list(LANGUAGES)),
        of_server=True,
    )
    yield none(
        "The server writes no declared value into its log.", _logging(ask, roles), of_server=True
    )
    yield none("No reading is missing from the access log.", ask(LOST))


def _logging(ask: Ask, roles: Roles) -> list[tuple[str]]:
    rows = [(str(row[0]),) for row in ask(MODULES, [*EXTENSIONS, "plpgsql"])]
    for alias in sorted({"default", "protected"} & set(connections)):
        for name, value in asker(alias)(SETTINGS, list(LOGGING)):
            if value not in LOGGING[name]:
                rows.append((f"{name}={value} for {roles.of(alias)}",))
    for role, name, value in ask(STORED):
        wrong = name in PRELOADS or value not in LOGGING.get(name, (value,))
        if wrong and (role in {"", "-", *roles.all}):
            rows.append((f"{name}={value}, kept for {role.strip('-') or 'every role'}",))
    return list(dict.fromkeys(rows))
