"""The state in which the wall stands, as data. `audits.protected.checks` compare the database.

Functions and triggers, with their bodies and callers, are in `audits.protected.functions`.
"""

# Schemas whose functions may run with the vault's rights. `record` holds audit runs; its
# functions and rights are listed and compared by its own package.
SCHEMAS = ("protected", "record")

# Each walled table with its columns, in their order.
TABLES: dict[str, tuple[str, ...]] = {
    "allowed": ("attribute varchar(30)", "answer varchar(60)"),
    "arrivals": (
        "id bigint", "kind varchar(10)", "subject uuid", "attribute varchar(30)",
        "answer varchar(60)", "synthetic boolean", "at timestamptz",
    ),
    "commitment_keys": ("run uuid", "kind varchar(10)", "attribute varchar(30)", "key bytea"),
    "declarations": (
        "id bigint", "kind varchar(10)", "subject uuid", "attribute varchar(30)",
        "answers varchar(60)[]", "since timestamptz[]", "synthetic boolean[]",
    ),
    "django_migrations": (
        "id bigint", "app varchar(255)", "name varchar(255)", "applied timestamptz",
    ),
    "marks": ("single boolean", "readings bigint", "read_until timestamptz"),
    "readings": (
        "ticket uuid", "at timestamptz", "role varchar(63)", "purpose varchar(300)",
        "kind varchar(10)", "attribute varchar(30)", "rows integer", "transaction bigint",
        "as_of timestamptz", "run uuid", "asked_by varchar(254)",
    ),
}  # fmt: skip
SEQUENCES = ("arrivals_id_seq", "declarations_id_seq", "django_migrations_id_seq")

CONSTRAINTS = (
    "allowed_pkey", "arrivals_pkey", "commitment_keys_pkey", "declaration_kind_is_known",
    "declarations_pkey", "declared_once_per_attribute", "django_migrations_pkey", "marks_pkey",
    "marks_single_check", "readings_pkey", "readings_rows_check",
)  # fmt: skip
INDEXES = (
    "allowed_pkey", "arrivals_pkey", "commitment_keys_pkey", "declaration_by_attribute",
    "declarations_pkey", "declared_once_per_attribute", "django_migrations_pkey", "marks_pkey",
    "readings_pkey",
)  # fmt: skip
DEFAULTS = ("marks.single", "readings.asked_by")

# The only rights on the schema itself: alias → privileges.
SCHEMA_RIGHTS: dict[str, tuple[str, ...]] = {"default": ("USAGE",), "protected": ("USAGE",)}
# Everybody may connect, and make temporary tables, as in every PostgreSQL database.
PUBLIC_ON_DATABASE = ("CONNECT", "TEMPORARY")

# pg_trgm is for search. Others can read files, other databases, or statements.
EXTENSIONS = ("pg_trgm", "plpgsql")
LANGUAGES = ("c", "internal", "plpgsql", "sql")

# Settings with which the server's log, or a module, could keep declared values.
LOGGING: dict[str, tuple[str, ...]] = {
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "log_statement_stats": ("off",),
    "debug_print_parse": ("off",),
    "debug_print_rewritten": ("off",),
    "debug_print_plan": ("off",),
    "session_replication_role": ("origin",),  # `replica` would run no trigger
}

# The trigger in `public` that withdraws a profile's declarations when the profile goes.
LEAVING_BODY = """
BEGIN
    IF to_regprocedure('protected.withdraw(text, uuid, text)') IS NOT NULL THEN
        PERFORM protected.withdraw('viewer', OLD.public_id, NULL);
    END IF;
    RETURN OLD;
END
"""
LEAVING = f"""
CREATE OR REPLACE FUNCTION public.audits_withdraw_declarations() RETURNS trigger
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp
AS $walled${LEAVING_BODY}$walled$;
CREATE OR REPLACE TRIGGER audits_withdraw_declarations AFTER DELETE ON public.catalog_viewer
FOR EACH ROW EXECUTE FUNCTION public.audits_withdraw_declarations();
ALTER TABLE public.catalog_viewer ENABLE TRIGGER audits_withdraw_declarations;
"""
