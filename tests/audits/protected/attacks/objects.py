"""Attacks by functions, triggers and other objects of the walled schema."""

from tests.audits.protected.attacks.kinds import COPY, SPY, UNCOPY, UNSPY, WallAttack

ATTACKS = {
    # Functions and triggers.
    "a search_path let loose": WallAttack(
        "vault", "ALTER FUNCTION withdraw RESET search_path", "withdraw has other settings"
    ),
    "reading without a log": WallAttack(
        "vault",
        "CREATE OR REPLACE FUNCTION read_declarations(announced uuid) "
        "RETURNS TABLE (whose uuid, answer text, invented boolean) LANGUAGE sql SECURITY DEFINER "
        "SET search_path = protected, pg_temp AS $$ SELECT subject, answers[1]::text, synthetic[1]"
        " FROM protected.declarations $$",
        "read_declarations has another body",
    ),
    "one more word in a body": WallAttack(
        "vault",
        "CREATE OR REPLACE FUNCTION keep_readings() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = protected, pg_temp AS $$ BEGIN RETURN OLD; END $$",
        "keep_readings has another body",
    ),
    "a function that returns something else": WallAttack(
        "vault",
        "DROP FUNCTION access_log(integer); CREATE FUNCTION access_log(integer) RETURNS bigint "
        "LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM protected.declarations'",
        "access_log has another body",
    ),
    "a function gone": WallAttack(
        "vault", "DROP FUNCTION withdraw(text, uuid, text)", "missing withdraw(text, uuid, text)"
    ),
    "another door": WallAttack(
        "vault",
        "CREATE FUNCTION peep() RETURNS text LANGUAGE sql SECURITY DEFINER "
        "SET search_path = protected, pg_temp AS 'SELECT attribute FROM declarations LIMIT 1'; "
        "GRANT EXECUTE ON FUNCTION peep() TO marquee",
        "found peep()",
        "DROP FUNCTION peep()",
    ),
    "a second function of the same name": WallAttack(
        "vault",
        "CREATE FUNCTION access_log(boolean) RETURNS bigint LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT count(*) FROM protected.declarations'",
        "found access_log(boolean)",
        "DROP FUNCTION access_log(boolean)",
    ),
    "a door in another schema": WallAttack(
        "superuser",
        "CREATE FUNCTION public.peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT count(*) FROM protected.declarations'",
        "peep() runs as postgres",
        "DROP FUNCTION public.peep()",
    ),
    "a view over the table": WallAttack(
        "superuser",
        "CREATE VIEW public.seen AS SELECT * FROM protected.declarations; "
        "ALTER VIEW public.seen OWNER TO marquee",
        "a view over",
        "DROP VIEW public.seen",
    ),
    "a view in the schema": WallAttack(
        "vault",
        "CREATE VIEW protected.seen AS SELECT * FROM protected.declarations",
        "found view seen",
        "DROP VIEW protected.seen",
    ),
    "a table in the schema": WallAttack(
        "vault", "CREATE TABLE copied (id bigint)", "found table copied", "DROP TABLE copied"
    ),
    "a column added": WallAttack(
        "vault",
        "ALTER TABLE arrivals ADD COLUMN address text",
        "column arrivals.address",
        "ALTER TABLE arrivals DROP COLUMN address",
    ),
    "a trigger that copies every arrival": WallAttack(
        "superuser",
        f"{COPY}; CREATE TRIGGER copy_it AFTER INSERT ON protected.arrivals "
        "FOR EACH ROW EXECUTE FUNCTION public.copy_it()",
        "found copy_it of arrivals",
        UNCOPY,
        harmless=True,
    ),
    "a trigger that copies every declaration": WallAttack(
        "superuser",
        f"{COPY}; CREATE TRIGGER copy_it AFTER INSERT ON protected.declarations "
        "FOR EACH ROW EXECUTE FUNCTION public.copy_it()",
        "found copy_it of declarations",
        UNCOPY,
        harmless=True,
    ),
    "a disabled trigger": WallAttack(
        "vault",
        "ALTER TABLE readings DISABLE TRIGGER keep_readings",
        "keep_readings of readings is disabled",
    ),
    "a trigger for replicas only": WallAttack(
        "vault",
        "ALTER TABLE readings ENABLE REPLICA TRIGGER keep_readings",
        "keep_readings of readings is disabled",
    ),
    "a trigger gone": WallAttack(
        "vault", "DROP TRIGGER keep_readings_whole ON readings", "missing keep_readings_whole"
    ),
    "a trigger that fires at another time": WallAttack(
        "vault",
        "CREATE OR REPLACE TRIGGER keep_readings BEFORE UPDATE ON readings "
        "FOR EACH ROW EXECUTE FUNCTION keep_readings()",
        "keep_readings of readings does something else",
    ),
    "a rule": WallAttack(
        "vault", "CREATE RULE silent AS ON INSERT TO arrivals DO INSTEAD NOTHING", "rule silent"
    ),
    "a policy": WallAttack(
        "vault",
        "CREATE POLICY hidden ON declarations USING (false); "
        "ALTER TABLE declarations ENABLE ROW LEVEL SECURITY",
        "policy hidden",
    ),
    "a table that inherits": WallAttack(
        "superuser",
        "CREATE TABLE public.child () INHERITS (protected.declarations)",
        "inherits from",
        "DROP TABLE public.child",
    ),
    "a constraint that calls a function": WallAttack(
        "superuser",
        f"{SPY}; ALTER TABLE protected.arrivals ADD CONSTRAINT spied CHECK (public.spy(answer))",
        "constraint spied",
        UNSPY,
    ),
    "a constraint of the same name that calls a function": WallAttack(
        "superuser",
        f"{SPY}; ALTER TABLE protected.readings DROP CONSTRAINT readings_rows_check, "
        "ADD CONSTRAINT readings_rows_check CHECK (public.spy(purpose))",
        "calls public.spy(text)",
        f"{UNSPY}; ALTER TABLE protected.readings "
        "ADD CONSTRAINT readings_rows_check CHECK (rows >= 0)",
    ),
    "an index that calls a function": WallAttack(
        "superuser",
        f"{SPY}; CREATE INDEX spied ON protected.declarations (public.spy(attribute))",
        "index spied",
        UNSPY,
    ),
    "a default that calls a function": WallAttack(
        "superuser",
        f"{SPY}; ALTER TABLE protected.arrivals ALTER COLUMN synthetic SET DEFAULT public.spy('')",
        "default of arrivals.synthetic",
        UNSPY,
    ),
    "an operator that comes before PostgreSQL's": WallAttack(
        "vault",
        "CREATE FUNCTION never(varchar, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; "
        "CREATE OPERATOR = (LEFTARG = varchar, RIGHTARG = text, FUNCTION = never)",
        "operator =(character varying,text)",
        "DROP FUNCTION never CASCADE",
    ),
}
