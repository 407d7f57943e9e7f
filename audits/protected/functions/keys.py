"""Keyed commitments to what was read, and their keys."""

from audits.protected.functions.kinds import Function

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
