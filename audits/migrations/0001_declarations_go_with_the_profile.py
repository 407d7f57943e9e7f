"""Removing a profile withdraws what it declared, whoever removes it and however."""

from django.db import migrations

# The web role may call withdraw(). Where the wall is not built yet there is nothing to withdraw.
WITHDRAW = """
CREATE FUNCTION audits_withdraw_declarations() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regprocedure('protected.withdraw(text, uuid, text)') IS NOT NULL THEN
        PERFORM protected.withdraw('viewer', OLD.public_id, NULL);
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER audits_withdraw_declarations AFTER DELETE ON catalog_viewer
FOR EACH ROW EXECUTE FUNCTION audits_withdraw_declarations();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.RunSQL(WITHDRAW, "DROP FUNCTION audits_withdraw_declarations CASCADE")
    ]
