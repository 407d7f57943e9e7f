"""Attacks from the other side, by copies, by the record, and on the access log."""

from tests.audits.protected.attacks.kinds import WallAttack

ATTACKS = {
    # The other side.
    "erasures that withdraw nothing": WallAttack(
        "default",
        "ALTER TABLE catalog_viewer DISABLE TRIGGER audits_withdraw_declarations",
        "it is disabled",
    ),
    "an erasure's function emptied": WallAttack(
        "default",
        "CREATE OR REPLACE FUNCTION audits_withdraw_declarations() RETURNS trigger "
        "LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "its function has another body",
    ),
    "no trigger for erasures": WallAttack(
        "default",
        "DROP TRIGGER audits_withdraw_declarations ON catalog_viewer",
        "missing audits_withdraw_declarations",
    ),
    "a function of the web role that copies what it declares": WallAttack(
        "default",
        "CREATE FUNCTION copy_and_declare() RETURNS void LANGUAGE sql AS "
        "$$ SELECT protected.withdraw('viewer', gen_random_uuid(), NULL) $$",
        "copy_and_declare() names the walled schema",
        "DROP FUNCTION copy_and_declare()",
    ),
    "an event trigger": WallAttack(
        "superuser",
        "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS "
        "'BEGIN END'; CREATE EVENT TRIGGER watch ON ddl_command_end "
        "EXECUTE FUNCTION public.watch()",
        "event trigger watch",
        "DROP EVENT TRIGGER watch; DROP FUNCTION public.watch()",
    ),
    # Copies.
    "a publication of all tables": WallAttack(
        "superuser",
        "CREATE PUBLICATION wall_test FOR ALL TABLES",
        "publication wall_test of all tables",
        "DROP PUBLICATION wall_test",
    ),
    "a publication of a table": WallAttack(
        "superuser",
        "CREATE PUBLICATION wall_test FOR TABLE protected.declarations",
        "publication wall_test of",
        "DROP PUBLICATION wall_test",
    ),
    "a publication of the schema": WallAttack(
        "superuser",
        "CREATE PUBLICATION wall_test FOR TABLES IN SCHEMA protected",
        "publication wall_test of the schema",
        "DROP PUBLICATION wall_test",
    ),
    "a replication slot": WallAttack(
        "superuser",
        "SELECT pg_create_physical_replication_slot('wall_test')",
        "physical replication slot wall_test",
        "SELECT pg_drop_replication_slot('wall_test')",
    ),
    "a foreign server": WallAttack(
        "superuser",
        "CREATE FOREIGN DATA WRAPPER wall_test; "
        "CREATE SERVER wall_test FOREIGN DATA WRAPPER wall_test",
        "foreign server wall_test",
        "DROP FOREIGN DATA WRAPPER wall_test CASCADE",
    ),
    "another extension": WallAttack(
        "superuser", "CREATE EXTENSION amcheck", "extension amcheck", "DROP EXTENSION amcheck"
    ),
    "statements logged for the web role": WallAttack(
        "superuser",
        "ALTER ROLE marquee SET log_statement = 'all'",
        "log_statement=all, kept for marquee",
        "ALTER ROLE marquee RESET log_statement",
    ),
    "slow statements logged with their values": WallAttack(
        "superuser",
        "ALTER ROLE ALL IN DATABASE {database} SET log_min_duration_statement = 0",
        "log_min_duration_statement=0, kept for every role",
        "ALTER ROLE ALL IN DATABASE {database} RESET log_min_duration_statement",
    ),
    "plans logged": WallAttack(
        "superuser",
        "ALTER ROLE marquee SET session_preload_libraries = 'auto_explain'",
        "session_preload_libraries=auto_explain, kept for marquee",
        "ALTER ROLE marquee RESET session_preload_libraries",
    ),
    # In this database alone: in all of them, triggers would not fire in other workers' tests.
    "a session in which no trigger fires": WallAttack(
        "superuser",
        "ALTER ROLE marquee_audit IN DATABASE {database} SET session_replication_role = 'replica'",
        "session_replication_role=replica, kept for marquee_audit",
        "ALTER ROLE marquee_audit IN DATABASE {database} RESET session_replication_role",
    ),
    # The record, whose functions run with the vault's rights.
    "a function of the record with another name": WallAttack(
        "vault",
        "ALTER FUNCTION record.keep_order() RENAME TO kept_order",
        "missing keep_order",
        "ALTER FUNCTION record.kept_order() RENAME TO keep_order",
    ),
    "a new function of the record": WallAttack(
        "vault",
        "CREATE FUNCTION record.peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT count(*) FROM protected.declarations'",
        "peep with another body",
        "DROP FUNCTION record.peep()",
    ),
    "a trigger of the record disabled": WallAttack(
        "vault",
        "ALTER TABLE record.runs DISABLE TRIGGER keep_rows",
        "keep_rows of runs, disabled",
        "ALTER TABLE record.runs ENABLE TRIGGER keep_rows",
    ),
    # The list and the log.
    "an answer that nobody asked for": WallAttack(
        "vault", "INSERT INTO allowed VALUES ('gender', 'a secret')", "found gender=a secret"
    ),
    "an answer taken off": WallAttack(
        "vault", "DELETE FROM allowed WHERE answer = 'non-binary'", "missing gender=non-binary"
    ),
    "an emptied log": WallAttack(
        "vault",
        "ALTER TABLE readings DISABLE TRIGGER USER; CREATE TABLE kept AS TABLE readings; "
        "DELETE FROM readings; ALTER TABLE readings ENABLE TRIGGER USER",
        "0 readings are in the log of",
        "INSERT INTO readings SELECT * FROM kept; DROP TABLE kept",
    ),
    "one reading taken out": WallAttack(
        "vault",
        "ALTER TABLE readings DISABLE TRIGGER USER; CREATE TABLE kept AS TABLE readings LIMIT 1; "
        "DELETE FROM readings WHERE ticket IN (SELECT ticket FROM kept); "
        "ALTER TABLE readings ENABLE TRIGGER USER",
        "readings are in the log of",
        "INSERT INTO readings SELECT * FROM kept; DROP TABLE kept",
    ),
    "the count of readings gone": WallAttack(
        "vault",
        "CREATE TABLE kept AS TABLE marks; DELETE FROM marks",
        "the count of readings is gone",
        "INSERT INTO marks SELECT * FROM kept; DROP TABLE kept",
    ),
}
