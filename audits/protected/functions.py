"""The functions through which alone the walled tables are reached, and who may call each.

Each runs with its owner's rights (SECURITY DEFINER) under a pinned search_path, so that a caller
cannot slip in tables of its own. `audits.protected.wall` installs them and repairs them;
`check_wall` compares the database's functions with this list.

The web role's functions only append to `arrivals`. They read the allow-list and their arguments
and nothing else, so that their counters, locks, errors and time are the same whatever was declared.
"""

from dataclasses import dataclass

MOST_ROWS = 10_000  # in one call of declare(), whose body repeats the number
PINNED = "search_path=protected, pg_temp"
# A look-up in an index is counted by the rows that it found, a whole scan by those that there are.
SCANNED = ("enable_indexscan=off", "enable_indexonlyscan=off", "enable_bitmapscan=off")


@dataclass(frozen=True)
class Function:
    """One walled function: `name(arguments)`, what it returns, its body, and its callers.

    `callers` are aliases of databases: "default" is the web role, "protected" the audit role.
    """

    name: str
    arguments: str
    returns: str
    body: str
    callers: tuple[str, ...] = ()
    language: str = "plpgsql"
    definer: bool = True
    volatility: str = "VOLATILE"
    settings: tuple[str, ...] = ()  # besides search_path, each `name=value`

    @property
    def types(self) -> str:
        """The types of the arguments, which with the name identify the function."""
        parts = [part.strip() for part in self.arguments.split(",") if part.strip()]
        return ", ".join(part.split(" ", 1)[1].removeprefix("protected.") for part in parts)

    @property
    def signature(self) -> str:
        return f"{self.name}({self.types})"

    @property
    def config(self) -> list[str]:
        """What `pg_proc.proconfig` holds for this function."""
        return [PINNED, *self.settings]

    def _settings(self) -> str:
        return " ".join(f"SET {setting.replace('=', ' = ', 1)}" for setting in self.config)

    def statement(self) -> str:
        """Return the CREATE OR REPLACE FUNCTION."""
        security = "SECURITY DEFINER" if self.definer else "SECURITY INVOKER"
        return (
            f"CREATE OR REPLACE FUNCTION protected.{self.name}({self.arguments})\n"
            f"RETURNS {self.returns}\n"
            f"LANGUAGE {self.language} {self.volatility} {security} "
            f"{self._settings()}\nAS $walled${self.body}$walled$"
        )


# No message repeats an argument: the server's log would keep it.
DECLARE = Function(
    name="declare",
    arguments="subject_kind text, subjects uuid[], attributes text[], answers text[], "
    "invented boolean",
    returns="void",
    callers=("default",),
    body="""
DECLARE
    many integer := cardinality(subjects);
BEGIN
    IF subject_kind IS NULL OR subject_kind NOT IN ('viewer', 'person') THEN
        RAISE EXCEPTION 'This kind of subject declares nothing.';
    END IF;
    IF many IS NULL OR invented IS NULL
        OR cardinality(attributes) IS DISTINCT FROM many
        OR cardinality(answers) IS DISTINCT FROM many
        OR many > 0 AND 3 <> array_ndims(subjects) + array_ndims(attributes) + array_ndims(answers)
    THEN
        RAISE EXCEPTION 'Declarations come as three lists of the same length.';
    END IF;
    IF many > 10000 THEN
        RAISE EXCEPTION 'One call takes at most 10000 declarations.';
    END IF;
    IF array_position(subjects, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'A declaration needs a subject.';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(attributes, answers) AS said (attribute, answer)
        WHERE NOT EXISTS (
            SELECT FROM protected.allowed AS listed
            WHERE listed.attribute = said.attribute AND listed.answer = said.answer
        )
    ) THEN
        RAISE EXCEPTION 'An attribute or an answer is not on the allow-list.';
    END IF;
    INSERT INTO protected.arrivals (kind, subject, attribute, answer, synthetic, at)
    SELECT subject_kind, said.subject, said.attribute, said.answer, invented, clock_timestamp()
    FROM unnest(subjects, attributes, answers)
        WITH ORDINALITY AS said (subject, attribute, answer, place)
    ORDER BY said.place;
END
""",
)
WITHDRAW = Function(
    name="withdraw",
    arguments="subject_kind text, whose uuid, which text",
    returns="void",
    callers=("default",),
    body="""
BEGIN
    IF subject_kind IS NULL OR subject_kind NOT IN ('viewer', 'person') THEN
        RAISE EXCEPTION 'This kind of subject declares nothing.';
    END IF;
    IF whose IS NULL THEN
        RAISE EXCEPTION 'A withdrawal needs a subject.';
    END IF;
    IF which IS NOT NULL AND NOT EXISTS (
        SELECT FROM protected.allowed AS listed WHERE listed.attribute = which
    ) THEN
        RAISE EXCEPTION 'The attribute is not on the allow-list.';
    END IF;
    INSERT INTO protected.arrivals (kind, subject, attribute, answer, synthetic, at)
    VALUES (subject_kind, whose, coalesce(which, ''), NULL, false, clock_timestamp());
END
""",
)
# PostgreSQL shows everybody how many rows of a table were added and deleted. So a fold of arrivals
# on n (subject, attribute) pairs adds n rows of padding, deletes n rows (those of the pairs, and
# padding for the pairs that have none), and adds n rows (those of the pairs that hold an answer
# now, and padding for the rest). The totals tell how much arrived, which the web role knows anyway.
# It reads tables from end to end, for the same reason, and only if something arrived.
FOLD = Function(
    name="fold_arrivals",
    arguments="",
    returns="void",
    callers=("protected",),
    settings=SCANNED,
    body="""
DECLARE
    batch protected.arrivals[];
    pairs bigint;
    earliest timestamptz;
BEGIN
    LOCK TABLE protected.declarations IN EXCLUSIVE MODE;
    -- What arrives after a reading counts from after the instant that it was as of.
    SELECT read_until + interval '1 microsecond' INTO earliest FROM protected.marks;
    LOOP
        WITH taken AS (
            DELETE FROM protected.arrivals
            WHERE id IN (SELECT id FROM protected.arrivals ORDER BY id LIMIT 20000)
            RETURNING id, kind, subject, attribute, answer, synthetic, at
        )
        SELECT array_agg(ROW(taken.*)::protected.arrivals ORDER BY taken.id)
        INTO batch FROM taken;
        EXIT WHEN batch IS NULL;

        SELECT count(*) INTO pairs FROM protected.pairs_of(batch);
        INSERT INTO protected.declarations (kind, subject, attribute, answers, since, synthetic)
        SELECT 'padding', gen_random_uuid(), '', '{}', '{}', '{}'
        FROM generate_series(1, pairs);

        WITH pair AS (
            SELECT p.kind, p.subject, p.attribute FROM protected.pairs_of(batch) AS p
        ), there AS (
            SELECT d.id FROM protected.declarations AS d JOIN pair USING (kind, subject, attribute)
        ), spare AS MATERIALIZED (
            SELECT d.id, row_number() OVER (ORDER BY d.id) AS place
            FROM protected.declarations AS d WHERE d.kind = 'padding' ORDER BY d.id LIMIT pairs
        ), gone AS (
            DELETE FROM protected.declarations AS d
            WHERE d.id IN (
                SELECT id FROM there
                UNION ALL SELECT id FROM spare WHERE place <= pairs - (SELECT count(*) FROM there)
            )
            RETURNING d.kind, d.subject, d.attribute, d.answers, d.since, d.synthetic
        ), said AS (
            SELECT g.kind, g.subject, g.attribute, old.place, old.answer, old.since, old.invented
            FROM gone AS g, unnest(g.answers, g.since, g.synthetic)
                WITH ORDINALITY AS old (answer, since, invented, place)
            WHERE g.kind <> 'padding'
            UNION ALL
            SELECT a.kind, a.subject, p.attribute, 1000000000 + a.id, a.answer,
                greatest(a.at, earliest), a.synthetic
            FROM unnest(batch) AS a
            JOIN pair AS p ON p.kind = a.kind AND p.subject = a.subject
                AND a.attribute IN ('', p.attribute)
        ), told AS (
            SELECT s.*,
                max(place) FILTER (WHERE answer IS NULL) OVER whole AS withdrawn,
                lag(ROW(answer, invented)) OVER (whole ORDER BY place)
                    IS NOT DISTINCT FROM ROW(answer, invented) AS again
            FROM said AS s WINDOW whole AS (PARTITION BY kind, subject, attribute)
        ), kept AS (
            SELECT t.kind, t.subject, t.attribute,
                array_agg(t.answer ORDER BY t.place) AS answers,
                array_agg(t.since ORDER BY t.place) AS since,
                array_agg(t.invented ORDER BY t.place) AS synthetic
            FROM told AS t
            WHERE NOT t.again AND (t.withdrawn IS NULL OR t.place > t.withdrawn)
            GROUP BY t.kind, t.subject, t.attribute
        )
        INSERT INTO protected.declarations (kind, subject, attribute, answers, since, synthetic)
        SELECT k.kind, k.subject, k.attribute, k.answers, k.since, k.synthetic FROM kept AS k
        UNION ALL
        SELECT 'padding', gen_random_uuid(), '', '{}', '{}', '{}'
        FROM generate_series(1, pairs - (SELECT count(*) FROM kept));

        -- Whoever withdrew, whether there was anything or not: else the count of keys would tell.
        DELETE FROM protected.commitment_keys AS c USING (
            SELECT DISTINCT a.kind, a.attribute FROM unnest(batch) AS a WHERE a.answer IS NULL
        ) AS left_
        WHERE c.kind IN (left_.kind, '') AND left_.attribute IN ('', c.attribute);
    END LOOP;
END
""",
)
PAIRS = Function(
    name="pairs_of",
    arguments="batch protected.arrivals[]",
    returns="TABLE(kind character varying, subject uuid, attribute character varying)",
    language="sql",
    definer=False,
    volatility="STABLE",
    body="""
    SELECT DISTINCT a.kind, a.subject, listed.attribute
    FROM unnest(batch) AS a
    JOIN (SELECT DISTINCT l.attribute FROM protected.allowed AS l) AS listed
        ON a.attribute IN ('', listed.attribute)
""",
)
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
# The commitment to all that a reading gave, under a key of one run that never leaves the schema.
COMMIT = Function(
    name="commitment",
    arguments="announced uuid, of_run uuid, make boolean",
    returns="text",
    callers=("protected",),
    body="""
DECLARE
    line protected.readings := protected.announced_reading(announced);
    secret bytea := protected.commitment_key(of_run, line.kind, line.attribute, make);
BEGIN
    RETURN encode(protected.hmac_sha256(secret, convert_to(
        line.kind || '|' || line.attribute || E'\\n' || coalesce((
            SELECT string_agg(r.whose || '|' || r.answer || '|' || r.invented, E'\\n'
                              ORDER BY r.whose)
            FROM protected.read_declarations(announced) AS r
        ), ''), 'UTF8')), 'hex');
END
""",
)
INPUT_KEY = Function(
    name="input_key",
    arguments="of_run uuid, make boolean",
    returns="bytea",
    callers=("protected",),
    language="sql",
    body="""
    SELECT protected.commitment_key(of_run, '', '', make)
""",
)
KEY = Function(
    name="commitment_key",
    arguments="of_run uuid, of_kind text, of_attribute text, make boolean",
    returns="bytea",
    definer=False,
    body="""
BEGIN
    IF of_run IS NULL THEN
        RAISE EXCEPTION 'A commitment belongs to a run.';
    END IF;
    IF make THEN
        INSERT INTO protected.commitment_keys (run, kind, attribute, key)
        VALUES (of_run, of_kind, of_attribute,
                sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN (
        SELECT key FROM protected.commitment_keys AS c
        WHERE c.run = of_run AND c.kind = of_kind AND c.attribute = of_attribute
    );
END
""",
)
# RFC 2104, for keys of 32 bytes: pgcrypto is not there on every server.
HMAC = Function(
    name="hmac_sha256",
    arguments="secret bytea, message bytea",
    returns="bytea",
    definer=False,
    volatility="IMMUTABLE",
    body="""
DECLARE
    inner_pad bytea := decode(repeat('36', 64), 'hex');
    outer_pad bytea := decode(repeat('5c', 64), 'hex');
BEGIN
    IF secret IS NULL THEN
        RETURN NULL;
    END IF;
    FOR place IN 0 .. 31 LOOP
        inner_pad := set_byte(inner_pad, place, 54 # get_byte(secret, place));
        outer_pad := set_byte(outer_pad, place, 92 # get_byte(secret, place));
    END LOOP;
    RETURN sha256(outer_pad || sha256(inner_pad || message));
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
# In the order of installation: a function of language sql needs those that it calls.
FUNCTIONS = (
    PAIRS, HMAC, KEY, TICKET, FOLD, DECLARE, WITHDRAW, ANNOUNCE, READ, COMMIT, INPUT_KEY, LOG, KEEP,
)  # fmt: skip


@dataclass(frozen=True)
class WalledTrigger:
    """One trigger of a walled table: its name, its table, and what PostgreSQL prints after it."""

    name: str
    table: str
    timing: str
    function: str = "keep_readings"

    def statement(self) -> str:
        """Return the CREATE OR REPLACE TRIGGER."""
        return (
            f"CREATE OR REPLACE TRIGGER {self.name} {self.timing.format(table=self.table)} "
            f"EXECUTE FUNCTION protected.{self.function}()"
        )


TRIGGERS = (
    WalledTrigger(
        "keep_readings", "readings", "BEFORE DELETE OR UPDATE ON protected.{table} FOR EACH ROW"
    ),
    WalledTrigger(
        "keep_readings_whole", "readings", "BEFORE TRUNCATE ON protected.{table} FOR EACH STATEMENT"
    ),
)
