"""Nobody asks for a run of kind `rerun` any more: a replay computes, and writes no run.

Runs of this kind that an earlier version made stay.
"""

from django.db import migrations

REQUEST = """
CREATE OR REPLACE FUNCTION record.request_run(
    which bigint, run_kind text, wanted text[], how text, claimed text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = record, pg_temp
AS $$
DECLARE
    made bigint;
    moment timestamptz := clock_timestamp();
BEGIN
    IF run_kind NOT IN ('planned', 'exploratory', 'gate') THEN
        RAISE EXCEPTION 'A run of kind % cannot be requested.', run_kind;
    END IF;
    IF how NOT IN ('quick', 'full') OR cardinality(wanted) > 20
       OR EXISTS (SELECT FROM unnest(wanted) AS one WHERE one IS NULL OR length(one) > 30) THEN
        RAISE EXCEPTION 'A run cannot be requested like this.';
    END IF;
    INSERT INTO record.runs (
        kind, model_id, attributes, effort, requested_by, requested_role, requested_at, touched_at
    ) VALUES (
        run_kind, which, to_jsonb(wanted), how, left(coalesce(claimed, ''), 254), session_user,
        moment, moment
    )
    ON CONFLICT (model_id) WHERE kind = 'gate' DO NOTHING
    RETURNING id INTO made;
    RETURN coalesce(made, (SELECT id FROM record.runs WHERE kind = 'gate' AND model_id = which));
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0005_selftest")]
    operations = [migrations.RunSQL(REQUEST, migrations.RunSQL.noop)]
