"""Declaring, withdrawing, and folding in what arrived.

The web role's functions only append to `arrivals`. They read the allow-list and their arguments
and nothing else, so that their counters, locks, errors and time are the same whatever was declared.
"""

from audits.protected.functions.kinds import Function

MOST_ROWS = 10_000  # in one call of declare(), whose body repeats the number
# A look-up in an index is counted by the rows that it found, a whole scan by those that there are.
SCANNED = ("enable_indexscan=off", "enable_indexonlyscan=off", "enable_bitmapscan=off")
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
