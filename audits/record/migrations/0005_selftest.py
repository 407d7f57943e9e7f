"""What the audit said about each world of its self-test, and the curves of many worlds."""

from django.db import migrations

TABLES = """
CREATE TABLE record.selftest_worlds (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series varchar(40) NOT NULL,
    code varchar(64) NOT NULL,
    number integer NOT NULL CHECK (number >= 0),
    spec json NOT NULL,
    measures json NOT NULL,
    seconds double precision NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (series, code, number)
);
CREATE TABLE record.selftest_curves (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series varchar(40) NOT NULL,
    code varchar(64) NOT NULL,
    worlds integer NOT NULL CHECK (worlds > 0),
    curve json NOT NULL,
    role varchar(63) NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""
KEEP = "".join(
    f"""
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON record.{table}
FOR EACH ROW EXECUTE FUNCTION record.refuse();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON record.{table}
FOR EACH STATEMENT EXECUTE FUNCTION record.refuse();
"""
    for table in ("selftest_worlds", "selftest_curves")
)


class Migration(migrations.Migration):
    dependencies = [("record", "0004_counts_stay_inside")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (TABLES, KEEP)
    ]
