"""The functions through which alone the walled tables are reached.

Each runs with its owner's rights (SECURITY DEFINER) under a pinned search_path, so that a caller
cannot slip in tables of its own. Who may call which is set by audits.protected.wall.
"""

from django.db import migrations

DECLARE = """
CREATE FUNCTION protected.declare(
    subject_kind text, subjects uuid[], attributes text[], answers text[], invented boolean
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = protected, pg_temp
AS $$
    INSERT INTO protected.declarations (kind, subject, attribute, value, declared_at, synthetic)
    SELECT subject_kind, row.subject, row.attribute, row.value, now(), invented
    FROM unnest(subjects, attributes, answers) AS row (subject, attribute, value)
    ON CONFLICT (kind, subject, attribute) DO UPDATE
    SET value = excluded.value, declared_at = excluded.declared_at, synthetic = excluded.synthetic
$$;
"""
# Returns nothing, whether there was something or not: how many rows went would be a reading.
WITHDRAW = """
CREATE FUNCTION protected.withdraw(subject_kind text, whose uuid, which text)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = protected, pg_temp
AS $$
    DELETE FROM protected.declarations
    WHERE kind = subject_kind AND subject = whose AND (which IS NULL OR attribute = which)
$$;
"""
ANNOUNCE = """
CREATE FUNCTION protected.announce_reading(reason text, subject_kind text, which text)
RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = protected, pg_temp
AS $$
DECLARE
    made uuid := gen_random_uuid();
BEGIN
    IF length(btrim(coalesce(reason, ''))) < 3 THEN
        RAISE EXCEPTION 'A reading needs a purpose.';
    END IF;
    INSERT INTO protected.readings
        (ticket, at, role, purpose, kind, attribute, rows, transaction)
    VALUES (
        made, clock_timestamp(), session_user, left(reason, 300), subject_kind, which,
        (SELECT count(*) FROM protected.declarations
         WHERE kind = subject_kind AND attribute = which),
        pg_current_xact_id()::text::bigint
    );
    RETURN made;
END
$$;
"""
# A ticket counts only in a later transaction than the one that wrote it into the log: a reader
# who rolls back takes the ticket with the log line, and has read nothing.
READ = """
CREATE FUNCTION protected.read_declarations(announced uuid)
RETURNS TABLE (whose uuid, answer text, invented boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = protected, pg_temp
AS $$
DECLARE
    log protected.readings;
BEGIN
    SELECT * INTO log FROM protected.readings
    WHERE ticket = announced
      AND role = session_user
      AND at > clock_timestamp() - interval '10 minutes'
      AND transaction <> coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No reading was announced and committed under this ticket lately.';
    END IF;
    RETURN QUERY
        SELECT d.subject, d.value::text, d.synthetic FROM protected.declarations AS d
        WHERE d.kind = log.kind AND d.attribute = log.attribute
        ORDER BY d.subject;
END
$$;
"""
LOG = """
CREATE FUNCTION protected.access_log(newest integer)
RETURNS TABLE (
    read_at timestamptz, reader text, reason text, subject_kind text, which text, found integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = protected, pg_temp
AS $$
    SELECT at, role::text, purpose::text, kind::text, attribute::text, rows
    FROM protected.readings ORDER BY at DESC LIMIT least(newest, 10000)
$$;
"""
KEEP = """
CREATE FUNCTION protected.keep_readings() RETURNS trigger
LANGUAGE plpgsql SET search_path = protected, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'The access log is only ever added to.';
END
$$;
CREATE TRIGGER keep_readings BEFORE UPDATE OR DELETE ON protected.readings
FOR EACH ROW EXECUTE FUNCTION protected.keep_readings();
"""


def _function(name, statement):
    return migrations.RunSQL(statement, f"DROP FUNCTION protected.{name} CASCADE")


class Migration(migrations.Migration):
    dependencies = [("protected", "0001_initial")]

    operations = [
        _function("declare", DECLARE),
        _function("withdraw", WITHDRAW),
        _function("announce_reading", ANNOUNCE),
        _function("read_declarations", READ),
        _function("access_log", LOG),
        _function("keep_readings", KEEP),
    ]
