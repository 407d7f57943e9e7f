"""Attacks by rights and roles."""

from tests.audits.protected.attacks.kinds import READER, UNREADER, WallAttack

ATTACKS = {
    # Rights.
    "a table opened to the web role": WallAttack(
        "vault", "GRANT SELECT ON declarations TO marquee", "marquee: SELECT on table declarations"
    ),
    "a column opened": WallAttack(
        "vault", "GRANT SELECT (answers) ON declarations TO marquee", "column declarations.answers"
    ),
    "the audit role may read unlogged": WallAttack(
        "vault",
        "GRANT SELECT ON declarations TO marquee_audit",
        "marquee_audit: SELECT on table declarations",
    ),
    "the inbox opened": WallAttack(
        "vault", "GRANT SELECT ON arrivals TO marquee", "marquee: SELECT on table arrivals"
    ),
    "the keys opened": WallAttack(
        "vault",
        "GRANT SELECT ON commitment_keys TO marquee_audit",
        "marquee_audit: SELECT on table commitment_keys",
    ),
    "the web role may truncate": WallAttack(
        "vault", "GRANT TRUNCATE ON declarations TO marquee", "TRUNCATE on table declarations"
    ),
    "a sequence opened": WallAttack(
        "vault", "GRANT SELECT ON SEQUENCE arrivals_id_seq TO marquee", "sequence arrivals_id_seq"
    ),
    "a reading door for the web role": WallAttack(
        "vault",
        "GRANT EXECUTE ON FUNCTION read_declarations(uuid) TO marquee",
        "marquee: EXECUTE on function read_declarations(uuid)",
    ),
    "a key door for the audit role": WallAttack(
        "vault",
        "GRANT EXECUTE ON FUNCTION commitment_key TO marquee_audit",
        "marquee_audit: EXECUTE on function commitment_key",
    ),
    "everybody may call": WallAttack(
        "vault", "GRANT EXECUTE ON FUNCTION declare TO PUBLIC", "PUBLIC: EXECUTE on function"
    ),
    "a right to be passed on": WallAttack(
        "vault",
        "GRANT EXECUTE ON FUNCTION declare TO marquee WITH GRANT OPTION",
        "to be passed on",
    ),
    "a door shut": WallAttack(
        "vault",
        "REVOKE EXECUTE ON FUNCTION withdraw FROM marquee",
        "missing marquee: EXECUTE on function withdraw",
    ),
    "the schema opened to making": WallAttack(
        "vault", "GRANT CREATE ON SCHEMA protected TO marquee", "marquee: CREATE on schema"
    ),
    "rights on what is made later": WallAttack(
        "vault",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA protected GRANT SELECT ON TABLES TO marquee",
        "marquee: SELECT on each new object",
    ),
    "functions made later open to all": WallAttack(
        "vault",
        "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "new functions are open",
    ),
    "the vault may create schemas": WallAttack(
        "default",
        "GRANT CREATE ON DATABASE {database} TO marquee_vault",
        "marquee_vault: CREATE on the database",
    ),
    # Roles.
    "a fourth role that may read": WallAttack(
        "superuser",
        f"{READER}; GRANT SELECT ON protected.declarations TO wall_test_reader",
        "wall_test_reader: SELECT on table declarations",
        UNREADER,
        harmless=True,
    ),
    "a member of pg_read_all_data": WallAttack(
        "superuser",
        f"{READER} IN ROLE pg_read_all_data",
        "wall_test_reader is a member of pg_read_all_data",
        UNREADER,
    ),
    "a reader of the server's files": WallAttack(
        "superuser",
        f"{READER} IN ROLE pg_read_server_files",
        "member of pg_read_server_files",
        UNREADER,
    ),
    "a watcher of others' statements": WallAttack(
        "superuser", f"{READER} IN ROLE pg_monitor", "member of pg_monitor", UNREADER
    ),
    "another superuser": WallAttack(
        "superuser", f"{READER} SUPERUSER", "wall_test_reader is a superuser", UNREADER
    ),
    "a role that replicates": WallAttack(
        "superuser", f"{READER} REPLICATION", "wall_test_reader may replicate", UNREADER
    ),
    "a role that makes roles": WallAttack(
        "superuser", f"{READER} CREATEROLE", "may create roles", UNREADER
    ),
    "the web role given a power": WallAttack(
        "superuser",
        "ALTER ROLE marquee BYPASSRLS",
        "marquee may bypass row security",
        "ALTER ROLE marquee NOBYPASSRLS",
    ),
    "a role that can act as the vault": WallAttack(
        "superuser",
        f"{READER} IN ROLE marquee_vault",
        "wall_test_reader can act as marquee_vault",
        UNREADER,
    ),
    "a role that can act as the audit role": WallAttack(
        "superuser",
        f"{READER} IN ROLE marquee_audit",
        "wall_test_reader can act as marquee_audit",
        UNREADER,
    ),
    "the web role can act as another": WallAttack(
        "superuser",
        f"{READER} ROLE marquee",
        "marquee can act as wall_test_reader",
        UNREADER,
    ),
    "a table given away": WallAttack(
        "superuser",
        "ALTER TABLE protected.commitment_keys OWNER TO marquee_audit",
        "commitment_keys belongs to marquee_audit",
        "ALTER TABLE protected.commitment_keys OWNER TO marquee_vault",
    ),
    "the right to log statements": WallAttack(
        "superuser",
        "GRANT SET ON PARAMETER log_statement TO marquee",
        "marquee may SET log_statement",
        "REVOKE SET ON PARAMETER log_statement FROM marquee",
    ),
}
