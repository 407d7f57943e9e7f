"""Answers with the instants they count from, an inbox that tells nothing, and keyed commitments.

The web role's two functions append to `arrivals` and touch nothing else, so that their counters,
locks, errors and time are the same whatever was declared before. The audit side folds arrivals into
`declarations` before each reading and at each tick.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

# Functions are installed by audits.protected.wall, from audits.protected.functions. These read
# columns that go here, or return something else now.
DROP_OLD = """
DROP FUNCTION protected.declare(text, uuid[], text[], text[], boolean);
DROP FUNCTION protected.withdraw(text, uuid, text);
DROP FUNCTION protected.announce_reading(text, text, text);
DROP FUNCTION protected.read_declarations(uuid);
DROP FUNCTION protected.access_log(integer);
"""
TABLES = """
CREATE TABLE protected.allowed (
    attribute varchar(30) NOT NULL, answer varchar(60) NOT NULL, PRIMARY KEY (attribute, answer)
);
CREATE TABLE protected.commitment_keys (
    run uuid NOT NULL, kind varchar(10) NOT NULL, attribute varchar(30) NOT NULL,
    key bytea NOT NULL, PRIMARY KEY (run, kind, attribute)
);
-- One row: how many readings were ever logged, and the latest instant that one was as of.
CREATE TABLE protected.marks (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    readings bigint NOT NULL, read_until timestamptz NOT NULL
);
INSERT INTO protected.marks (readings, read_until)
SELECT count(*), coalesce(max(at), '-infinity') FROM protected.readings;
ALTER TABLE protected.readings
    ADD COLUMN as_of timestamptz, ADD COLUMN run uuid,
    ADD COLUMN asked_by varchar(254) NOT NULL DEFAULT '';
"""
MOVE = """
UPDATE protected.declarations
SET answers = ARRAY[value], since = ARRAY[declared_at], synthetic = ARRAY[invented];
"""


def _array(name, field):
    return migrations.AddField(
        "declaration",
        name,
        django.contrib.postgres.fields.ArrayField(base_field=field, default=list),
        preserve_default=False,
    )


class Migration(migrations.Migration):
    dependencies = [("protected", "0002_doors")]

    operations = [
        migrations.RunSQL(DROP_OLD, migrations.RunSQL.noop),
        migrations.RenameField("declaration", "synthetic", "invented"),
        _array("answers", models.CharField(max_length=60)),
        _array("since", models.DateTimeField()),
        _array("synthetic", models.BooleanField()),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RemoveField("declaration", "value"),
        migrations.RemoveField("declaration", "declared_at"),
        migrations.RemoveField("declaration", "invented"),
        migrations.AlterField(
            "declaration",
            "kind",
            models.CharField(
                choices=[
                    ("viewer", "Viewer"),
                    ("person", "Credited person"),
                    ("padding", "Padding"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("declaration", "declaration_kind_is_known"),
        migrations.AddConstraint(
            "declaration",
            models.CheckConstraint(
                condition=models.Q(kind__in=["viewer", "person", "padding"]),
                name="declaration_kind_is_known",
            ),
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("subject", models.UUIDField()),
                ("attribute", models.CharField(blank=True, max_length=30)),
                ("answer", models.CharField(max_length=60, null=True)),
                ("synthetic", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "arrivals", "default_permissions": ()},
        ),
        # Only functions touch the access log; as a model, a flush would empty it.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Reading")]),
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
    ]
