"""Announcing a reading, reading, and the access log."""

from audits.protected.functions.kinds import Function

ANNOUNCE = Function(
    name="announce_reading",
    arguments="reason text, subject_kind text, which text, as_of timestamp with time zone, "
    "for_run uuid, asked_by text",
    returns="uuid",
    callers=("protected",),
    body="""
DECLARE
    made uuid := gen_random_uuid();
    instant timestamptz;
BEGIN
    IF length(btrim(coalesce(reason, ''))) < 3 THEN
        RAISE EXCEPTION 'A reading needs a purpose.';
    END IF;
    IF subject_kind IS NULL OR subject_kind NOT IN ('viewer', 'person') OR NOT EXISTS (
        SELECT FROM protected.allowed AS listed WHERE listed.attribute = which
    ) THEN
        RAISE EXCEPTION 'Nobody can declare this attribute.';
    END IF;
    PERFORM protected.fold_arrivals();
    -- An instant to come would put off what is declared before it.
    instant := least(as_of, clock_timestamp());
    UPDATE protected.marks
    SET readings = readings + 1, read_until = greatest(read_until, instant);
    INSERT INTO protected.readings
        (ticket, at, role, purpose, kind, attribute, rows, transaction, as_of, run, asked_by)
    VALUES (
        made, clock_timestamp(), session_user, left(reason, 300), subject_kind, which,
        (SELECT count(*) FROM protected.declarations AS d
         WHERE d.kind = subject_kind AND d.attribute = which AND d.since[1] <= instant),
        pg_current_xact_id()::text::bigint, instant, for_run, left(coalesce(asked_by, ''), 254)
    );
    RETURN made;
END
""",
)
# A ticket counts only in a later transaction than the one that wrote it into the log: a reader
# who rolls back takes the ticket with the log line, and has read nothing.
TICKET = Function(
    name="announced_reading",
    arguments="announced uuid",
    returns="protected.readings",
    definer=False,
    body="""
DECLARE
    line protected.readings;
BEGIN
    SELECT * INTO line FROM protected.readings
    WHERE ticket = announced
      AND role = session_user
      AND at > clock_timestamp() - interval '10 minutes'
      AND transaction <> coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No reading was announced and committed under this ticket lately.';
    END IF;
    RETURN line;
END
""",
)
READ = Function(
    name="read_declarations",
    arguments="announced uuid",
    returns="TABLE(whose uuid, answer text, invented boolean)",
    callers=("protected",),
    body="""
DECLARE
    line protected.readings := protected.announced_reading(announced);
BEGIN
    RETURN QUERY
        SELECT d.subject, d.answers[last.place]::text, d.synthetic[last.place]
        FROM protected.declarations AS d,
            LATERAL (
                SELECT max(place) AS place FROM generate_subscripts(d.since, 1) AS place
                WHERE d.since[place] <= line.as_of
            ) AS last
        WHERE d.kind = line.kind AND d.attribute = line.attribute AND last.place IS NOT NULL
        ORDER BY d.subject;
END
""",
)
# It names no count: a count that falls by one after a withdrawal would say who had declared.
LOG = Function(
    name="access_log",
    arguments="newest integer",
    returns="TABLE(read_at timestamp with time zone, reader text, reason text, subject_kind text, "
    "which text, instant timestamp with time zone, for_run uuid, requester text)",
    callers=("default", "protected"),
    language="sql",
    volatility="STABLE",
    body="""
    SELECT at, role::text, purpose::text, kind::text, attribute::text, as_of, run, asked_by::text
    FROM protected.readings ORDER BY at DESC LIMIT least(newest, 10000)
""",
)
KEEP = Function(
    name="keep_readings",
    arguments="",
    returns="trigger",
    definer=False,
    body="""
BEGIN
    RAISE EXCEPTION 'The access log is only ever added to.';
END
""",
)
