"""Attacks on the wall, as data: who does what, how it is named, and how it is undone."""

from dataclasses import dataclass

COPY = (
    "CREATE FUNCTION public.copy_it() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RETURN NEW; END'; GRANT EXECUTE ON FUNCTION public.copy_it() TO PUBLIC"
)
UNCOPY = "DROP FUNCTION public.copy_it() CASCADE"
READER = "CREATE ROLE wall_test_reader"
UNREADER = "DROP OWNED BY wall_test_reader; DROP ROLE wall_test_reader"


@dataclass(frozen=True)
class Attack:
    """Who does what, the words in which it is named, and how it is undone if setup does not."""

    by: str
    does: str
    named: str
    undo: str = ""
    harmless: bool = False  # once setup has repaired it, though something is left to undo


ATTACKS = {
    # Rights.
    "a table opened to the web role": Attack(
        "vault", "GRANT SELECT ON declarations TO marquee", "marquee: SELECT on table declarations"
    ),
    "a column opened": Attack(
        "vault", "GRANT SELECT (answers) ON declarations TO marquee", "column declarations.answers"
    ),
    "the audit role may read unlogged": Attack(
        "vault",
        "GRANT SELECT ON declarations TO marquee_audit",
        "marquee_audit: SELECT on table declarations",
    ),
    "the inbox opened": Attack(
        "vault", "GRANT SELECT ON arrivals TO marquee", "marquee: SELECT on table arrivals"
    ),
    "the keys opened": Attack(
        "vault",
        "GRANT SELECT ON commitment_keys TO marquee_audit",
        "marquee_audit: SELECT on table commitment_keys",
    ),
    "the web role may truncate": Attack(
        "vault", "GRANT TRUNCATE ON declarations TO marquee", "TRUNCATE on table declarations"
    ),
    "a sequence opened": Attack(
        "vault", "GRANT SELECT ON SEQUENCE arrivals_id_seq TO marquee", "sequence arrivals_id_seq"
    ),
    "a reading door for the web role": Attack(
        "vault",
        "GRANT EXECUTE ON FUNCTION read_declarations(uuid) TO marquee",
        "marquee: EXECUTE on function read_declarations(uuid)",
    ),
    "a key door for the audit role": Attack(
        "vault",
        "GRANT EXECUTE ON FUNCTION commitment_key TO marquee_audit",
        "marquee_audit: EXECUTE on function commitment_key",
    ),
    "everybody may call": Attack(
        "vault", "GRANT EXECUTE ON FUNCTION declare TO PUBLIC", "PUBLIC: EXECUTE on function"
    ),
    "a right to be passed on": Attack(
        "vault",
        "GRANT EXECUTE ON FUNCTION declare TO marquee WITH GRANT OPTION",
        "to be passed on",
    ),
    "a door shut": Attack(
        "vault",
        "REVOKE EXECUTE ON FUNCTION withdraw FROM marquee",
        "missing marquee: EXECUTE on function withdraw",
    ),
    "the schema opened to making": Attack(
        "vault", "GRANT CREATE ON SCHEMA protected TO marquee", "marquee: CREATE on schema"
    ),
    "rights on what is made later": Attack(
        "vault",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA protected GRANT SELECT ON TABLES TO marquee",
        "marquee: SELECT on each new object",
    ),
    "functions made later open to all": Attack(
        "vault",
        "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "new functions are open",
    ),
    "the vault may create schemas": Attack(
        "default",
        "GRANT CREATE ON DATABASE {database} TO marquee_vault",
        "marquee_vault: CREATE on the database",
    ),
    # Roles.
    "a fourth role that may read": Attack(
        "superuser",
        f"{READER}; GRANT SELECT ON protected.declarations TO wall_test_reader",
        "wall_test_reader: SELECT on table declarations",
        UNREADER,
        harmless=True,
    ),
    "a member of pg_read_all_data": Attack(
        "superuser",
        f"{READER} IN ROLE pg_read_all_data",
        "wall_test_reader is a member of pg_read_all_data",
        UNREADER,
    ),
    "a reader of the server's files": Attack(
        "superuser",
        f"{READER} IN ROLE pg_read_server_files",
        "member of pg_read_server_files",
        UNREADER,
    ),
    "a watcher of others' statements": Attack(
        "superuser", f"{READER} IN ROLE pg_monitor", "member of pg_monitor", UNREADER
    ),
    "another superuser": Attack(
        "superuser", f"{READER} SUPERUSER", "wall_test_reader is a superuser", UNREADER
    ),
    "a role that replicates": Attack(
        "superuser", f"{READER} REPLICATION", "wall_test_reader may replicate", UNREADER
    ),
    "a role that makes roles": Attack(
        "superuser", f"{READER} CREATEROLE", "may create roles", UNREADER
    ),
    "the web role given a power": Attack(
        "superuser",
        "ALTER ROLE marquee BYPASSRLS",
        "marquee may bypass row security",
        "ALTER ROLE marquee NOBYPASSRLS",
    ),
    "a role that can act as the vault": Attack(
        "superuser",
        f"{READER} IN ROLE marquee_vault",
        "wall_test_reader can act as marquee_vault",
        UNREADER,
    ),
    "a role that can act as the audit role": Attack(
        "superuser",
        f"{READER} IN ROLE marquee_audit",
        "wall_test_reader can act as marquee_audit",
        UNREADER,
    ),
    "the web role can act as another": Attack(
        "superuser",
        f"{READER} ROLE marquee",
        "marquee can act as wall_test_reader",
        UNREADER,
    ),
    "a table given away": Attack(
        "superuser",
        "ALTER TABLE protected.commitment_keys OWNER TO marquee_audit",
        "commitment_keys belongs to marquee_audit",
        "ALTER TABLE protected.commitment_keys OWNER TO marquee_vault",
    ),
    "the right to log statements": Attack(
        "superuser",
        "GRANT SET ON PARAMETER log_statement TO marquee",
        "marquee may SET log_statement",
        "REVOKE SET ON PARAMETER log_statement FROM marquee",
    ),
    # Functions and triggers.
    "a search_path let loose": Attack(
        "vault", "ALTER FUNCTION withdraw RESET search_path", "withdraw has other settings"
    ),
    "reading without a log": Attack(
        "vault",
        "CREATE OR REPLACE FUNCTION read_declarations(announced uuid) "
        "RETURNS TABLE (whose uuid, answer text, invented boolean) LANGUAGE sql SECURITY DEFINER "
        "SET search_path = protected, pg_temp AS $$ SELECT subject, answers[1]::text, synthetic[1]"
        " FROM protected.declarations $$",
        "read_declarations has another body",
    ),
    "one more word in a body": Attack(
        "vault",
        "CREATE OR REPLACE FUNCTION keep_readings() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = protected, pg_temp AS $$ BEGIN RETURN OLD; END $$",
        "keep_readings has another body",
    ),
    "a function that returns something else": Attack(
        "vault",
        "DROP FUNCTION access_log(integer); CREATE FUNCTION access_log(integer) RETURNS bigint "
        "LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM protected.declarations'",
        "access_log has another body",
    ),
    "a function gone": Attack(
        "vault", "DROP FUNCTION withdraw(text, uuid, text)", "missing withdraw(text, uuid, text)"
    ),
    "another door": Attack(
        "vault",
        "CREATE FUNCTION peep() RETURNS text LANGUAGE sql SECURITY DEFINER "
        "SET search_path = protected, pg_temp AS 'SELECT attribute FROM declarations LIMIT 1'; "
        "GRANT EXECUTE ON FUNCTION peep() TO marquee",
        "found peep()",
        "DROP FUNCTION peep()",
    ),
    "a second function of the same name": Attack(
        "vault",
        "CREATE FUNCTION access_log(boolean) RETURNS bigint LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT count(*) FROM protected.declarations'",
        "found access_log(boolean)",
        "DROP FUNCTION access_log(boolean)",
    ),
    "a door in another schema": Attack(
        "superuser",
        "CREATE FUNCTION public.peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT count(*) FROM protected.declarations'",
        "peep() runs as postgres",
        "DROP FUNCTION public.peep()",
    ),
    "a view over the table": Attack(
        "superuser",
        "CREATE VIEW public.seen AS SELECT * FROM protected.declarations; "
        "ALTER VIEW public.seen OWNER TO marquee",
        "a view over",
        "DROP VIEW public.seen",
    ),
    "a view in the schema": Attack(
        "vault",
        "CREATE VIEW protected.seen AS SELECT * FROM protected.declarations",
        "found view seen",
        "DROP VIEW protected.seen",
    ),
    "a table in the schema": Attack(
        "vault", "CREATE TABLE copied (id bigint)", "found table copied", "DROP TABLE copied"
    ),
    "a column added": Attack(
        "vault",
        "ALTER TABLE arrivals ADD COLUMN address text",
        "column arrivals.address",
        "ALTER TABLE arrivals DROP COLUMN address",
    ),
    "a trigger that copies every arrival": Attack(
        "superuser",
        f"{COPY}; CREATE TRIGGER copy_it AFTER INSERT ON protected.arrivals "
        "FOR EACH ROW EXECUTE FUNCTION public.copy_it()",
        "found copy_it of arrivals",
        UNCOPY,
        harmless=True,
    ),
    "a trigger that copies every declaration": Attack(
        "superuser",
        f"{COPY}; CREATE TRIGGER copy_it AFTER INSERT ON protected.declarations "
        "FOR EACH ROW EXECUTE FUNCTION public.copy_it()",
        "found copy_it of declarations",
        UNCOPY,
        harmless=True,
    ),
    "a disabled trigger": Attack(
        "vault",
        "ALTER TABLE readings DISABLE TRIGGER keep_readings",
        "keep_readings of readings is disabled",
    ),
    "a trigger for replicas only": Attack(
        "vault",
        "ALTER TABLE readings ENABLE REPLICA TRIGGER keep_readings",
        "keep_readings of readings is disabled",
    ),
    "a trigger gone": Attack(
        "vault", "DROP TRIGGER keep_readings_whole ON readings", "missing keep_readings_whole"
    ),
    "a trigger that fires at another time": Attack(
        "vault",
        "CREATE OR REPLACE TRIGGER keep_readings BEFORE UPDATE ON readings "
        "FOR EACH ROW EXECUTE FUNCTION keep_readings()",
        "keep_readings of readings does something else",
    ),
    "a rule": Attack(
        "vault", "CREATE RULE silent AS ON INSERT TO arrivals DO INSTEAD NOTHING", "rule silent"
    ),
    "a policy": Attack(
        "vault",
        "CREATE POLICY hidden ON declarations USING (false); "
        "ALTER TABLE declarations ENABLE ROW LEVEL SECURITY",
        "policy hidden",
    ),
    "a table that inherits": Attack(
        "superuser",
        "CREATE TABLE public.child () INHERITS (protected.declarations)",
        "inherits from",
        "DROP TABLE public.child",
    ),
    # The other side.
    "erasures that withdraw nothing": Attack(
        "default",
        "ALTER TABLE catalog_viewer DISABLE TRIGGER audits_withdraw_declarations",
        "it is disabled",
    ),
    "an erasure's function emptied": Attack(
        "default",
        "CREATE OR REPLACE FUNCTION audits_withdraw_declarations() RETURNS trigger "
        "LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "its function has another body",
    ),
    "no trigger for erasures": Attack(
        "default",
        "DROP TRIGGER audits_withdraw_declarations ON catalog_viewer",
        "missing audits_withdraw_declarations",
    ),
    "a function of the web role that copies what it declares": Attack(
        "default",
        "CREATE FUNCTION copy_and_declare() RETURNS void LANGUAGE sql AS "
        "$$ SELECT protected.withdraw('viewer', gen_random_uuid(), NULL) $$",
        "copy_and_declare() names the walled schema",
        "DROP FUNCTION copy_and_declare()",
    ),
    "an event trigger": Attack(
        "superuser",
        "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS "
        "'BEGIN END'; CREATE EVENT TRIGGER watch ON ddl_command_end "
        "EXECUTE FUNCTION public.watch()",
        "event trigger watch",
        "DROP EVENT TRIGGER watch; DROP FUNCTION public.watch()",
    ),
    # Copies.
    "a publication of all tables": Attack(
        "superuser",
        "CREATE PUBLICATION wall_test FOR ALL TABLES",
        "publication wall_test of all tables",
        "DROP PUBLICATION wall_test",
    ),
    "a publication of a table": Attack(
        "superuser",
        "CREATE PUBLICATION wall_test FOR TABLE protected.declarations",
        "publication wall_test of",
        "DROP PUBLICATION wall_test",
    ),
    "a publication of the schema": Attack(
        "superuser",
        "CREATE PUBLICATION wall_test FOR TABLES IN SCHEMA protected",
        "publication wall_test of the schema",
        "DROP PUBLICATION wall_test",
    ),
    "a replication slot": Attack(
        "superuser",
        "SELECT pg_create_physical_replication_slot('wall_test')",
        "physical replication slot wall_test",
        "SELECT pg_drop_replication_slot('wall_test')",
    ),
    "a foreign server": Attack(
        "superuser",
        "CREATE FOREIGN DATA WRAPPER wall_test; "
        "CREATE SERVER wall_test FOREIGN DATA WRAPPER wall_test",
        "foreign server wall_test",
        "DROP FOREIGN DATA WRAPPER wall_test CASCADE",
    ),
    "another extension": Attack(
        "superuser", "CREATE EXTENSION amcheck", "extension amcheck", "DROP EXTENSION amcheck"
    ),
    "statements logged for the web role": Attack(
        "superuser",
        "ALTER ROLE marquee SET log_statement = 'all'",
        "log_statement=all, kept for marquee",
        "ALTER ROLE marquee RESET log_statement",
    ),
    "slow statements logged with their values": Attack(
        "superuser",
        "ALTER ROLE ALL IN DATABASE {database} SET log_min_duration_statement = 0",
        "log_min_duration_statement=0, kept for every role",
        "ALTER ROLE ALL IN DATABASE {database} RESET log_min_duration_statement",
    ),
    "plans logged": Attack(
        "superuser",
        "ALTER ROLE marquee SET session_preload_libraries = 'auto_explain'",
        "session_preload_libraries=auto_explain, kept for marquee",
        "ALTER ROLE marquee RESET session_preload_libraries",
    ),
    "a session in which no trigger fires": Attack(
        "superuser",
        "ALTER ROLE marquee_audit SET session_replication_role = 'replica'",
        "session_replication_role=replica, kept for marquee_audit",
        "ALTER ROLE marquee_audit RESET session_replication_role",
    ),
    # The record, whose functions run with the vault's rights.
    "a function of the record with another name": Attack(
        "vault",
        "ALTER FUNCTION record.keep_order() RENAME TO kept_order",
        "missing keep_order",
        "ALTER FUNCTION record.kept_order() RENAME TO keep_order",
    ),
    "a new function of the record": Attack(
        "vault",
        "CREATE FUNCTION record.peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT count(*) FROM protected.declarations'",
        "peep with another body",
        "DROP FUNCTION record.peep()",
    ),
    "a trigger of the record disabled": Attack(
        "vault",
        "ALTER TABLE record.runs DISABLE TRIGGER keep_rows",
        "keep_rows of runs, disabled",
        "ALTER TABLE record.runs ENABLE TRIGGER keep_rows",
    ),
    # The list and the log.
    "an answer that nobody asked for": Attack(
        "vault", "INSERT INTO allowed VALUES ('gender', 'a secret')", "found gender=a secret"
    ),
    "an answer taken off": Attack(
        "vault", "DELETE FROM allowed WHERE answer = 'non-binary'", "missing gender=non-binary"
    ),
    "an emptied log": Attack(
        "vault",
        "ALTER TABLE readings DISABLE TRIGGER USER; CREATE TABLE kept AS TABLE readings; "
        "DELETE FROM readings; ALTER TABLE readings ENABLE TRIGGER USER",
        "0 readings are in the log of",
        "INSERT INTO readings SELECT * FROM kept; DROP TABLE kept",
    ),
    "one reading taken out": Attack(
        "vault",
        "ALTER TABLE readings DISABLE TRIGGER USER; CREATE TABLE kept AS TABLE readings LIMIT 1; "
        "DELETE FROM readings WHERE ticket IN (SELECT ticket FROM kept); "
        "ALTER TABLE readings ENABLE TRIGGER USER",
        "readings are in the log of",
        "INSERT INTO readings SELECT * FROM kept; DROP TABLE kept",
    ),
    "the count of readings gone": Attack(
        "vault",
        "CREATE TABLE kept AS TABLE marks; DELETE FROM marks",
        "the count of readings is gone",
        "INSERT INTO marks SELECT * FROM kept; DROP TABLE kept",
    ),
}
