"""What a check of a cohort counted goes to the audit role alone, and into no row.

The web role reads runs and can move a profile's date. One person who is then missing from a cohort
would have told it whether that person had declared anything.
"""

from django.db import migrations

CHECK_COHORT = """
CREATE OR REPLACE FUNCTION record.check_cohort(
    which bigint, subjects uuid[], moment timestamptz
)
RETURNS TABLE (declared integer, missing integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = record, pg_temp
AS $$
DECLARE
    everybody integer;
    absent integer;
BEGIN
    PERFORM FROM record.runs WHERE id = which AND state = 'running' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Run % is not being carried out.', which;
    END IF;
    PERFORM protected.fold_arrivals();
    SELECT count(*), count(*) FILTER (WHERE listed.subject IS NULL)
    INTO everybody, absent
    FROM (
        SELECT DISTINCT d.subject FROM protected.declarations AS d
        WHERE d.kind = 'viewer' AND d.since[1] <= moment
    ) AS said LEFT JOIN (
        SELECT DISTINCT unnest(subjects) AS subject
    ) AS listed USING (subject);
    UPDATE record.runs SET cohort_checks = cohort_checks || jsonb_build_object(
        'at', moment, 'viewers', cardinality(subjects), 'role', session_user,
        'checked_at', clock_timestamp()
    ) WHERE id = which;
    RETURN QUERY SELECT everybody, absent;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0003_evidence")]
    operations = [migrations.RunSQL(CHECK_COHORT, migrations.RunSQL.noop)]
