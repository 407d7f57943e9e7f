"""The evidence log: events that wait, the leaves, the hashes above them, and the signed heads.

Events about runs and findings are written by triggers, in the transaction of what they tell of. The
audit role turns each event into one leaf. Nobody changes or removes any of these rows.
"""

from django.db import migrations

TABLES = """
-- What a leaf commits to names with: without it, a leaf says nothing of them.
ALTER TABLE record.runs ADD COLUMN seal uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE record.findings ADD COLUMN seal uuid NOT NULL DEFAULT gen_random_uuid();
CREATE TABLE record.events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind varchar(40) NOT NULL,
    subject varchar(100) NOT NULL,
    body jsonb NOT NULL DEFAULT '{}',
    role varchar(63) NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX events_by_subject ON record.events (kind, subject, id);
CREATE TABLE record.leaves (
    place bigint PRIMARY KEY CHECK (place >= 0),
    event_id bigint UNIQUE REFERENCES record.events,
    kind varchar(40) NOT NULL,
    subject varchar(100) NOT NULL,
    entry bytea NOT NULL CHECK (length(entry) BETWEEN 2 AND 65535),
    hash bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX leaves_by_subject ON record.leaves (subject, place);
-- Level 1 and above; the leaves hold level 0.
CREATE TABLE record.tiles (
    level smallint NOT NULL CHECK (level > 0),
    place bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, place)
);
CREATE TABLE record.heads (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size bigint NOT NULL,
    checkpoint text NOT NULL,
    signer varchar(300) NOT NULL,
    problems text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- One row, which the writer locks. The web role cannot, so it cannot stop the log.
CREATE TABLE record.turn (single boolean PRIMARY KEY DEFAULT true CHECK (single));
INSERT INTO record.turn DEFAULT VALUES;
-- What one account's commitments are made with. The key goes when the account goes.
CREATE TABLE record.account_keys (account bigint PRIMARY KEY, key bytea NOT NULL);
"""
KEEP = """
CREATE FUNCTION record.tell_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = record, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO record.events (kind, subject) VALUES ('run.requested', NEW.public_id);
        RETURN NULL;
    END IF;
    IF OLD.registration = '{}' AND NEW.registration <> '{}' THEN
        INSERT INTO record.events (kind, subject) VALUES ('run.registered', NEW.public_id);
    END IF;
    IF NEW.state <> OLD.state AND NEW.state IN ('finished', 'failed') THEN
        INSERT INTO record.events (kind, subject) VALUES ('run.' || NEW.state, NEW.public_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION record.tell_finding() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = record, pg_temp
AS $$
BEGIN
    INSERT INTO record.events (kind, subject) VALUES ('finding.recorded', 'finding ' || NEW.id);
    RETURN NULL;
END
$$;
CREATE FUNCTION record.keep_sequence() RETURNS trigger
LANGUAGE plpgsql SET search_path = record, pg_temp
AS $$
BEGIN
    IF NEW.place <> (SELECT coalesce(max(place) + 1, 0) FROM record.leaves) THEN
        RAISE EXCEPTION 'A leaf is added at the end of the log.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER tell_run AFTER INSERT OR UPDATE ON record.runs
FOR EACH ROW EXECUTE FUNCTION record.tell_run();
CREATE TRIGGER tell_finding AFTER INSERT ON record.findings
FOR EACH ROW EXECUTE FUNCTION record.tell_finding();
CREATE TRIGGER keep_sequence BEFORE INSERT ON record.leaves
FOR EACH ROW EXECUTE FUNCTION record.keep_sequence();
"""
KEEP_TABLES = "".join(
    f"""
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON record.{table}
FOR EACH ROW EXECUTE FUNCTION record.refuse();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON record.{table}
FOR EACH STATEMENT EXECUTE FUNCTION record.refuse();
"""
    for table in ("events", "leaves", "tiles", "heads")
)
# What is there already is logged as it is found. Runs from before the record are so too.
FOUND = """
INSERT INTO record.events (kind, subject)
SELECT 'run.' || told.what, r.public_id
FROM record.runs AS r, unnest(ARRAY['requested', 'registered', r.state])
    WITH ORDINALITY AS told (what, place)
WHERE told.what NOT IN ('queued', 'running') AND (told.what <> 'registered' OR registration <> '{}')
ORDER BY r.id, told.place;
INSERT INTO record.events (kind, subject)
SELECT 'finding.recorded', 'finding ' || id FROM record.findings ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0002_documents")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (TABLES, KEEP, KEEP_TABLES, FOUND)
    ]
