"""Each decision records who the viewer was to the choice.

Decisions of earlier versions get what follows from their policy, and else from the viewer and
the window as they are now. Days that were sealed in schema 2 stay as they are: they are not
learnt from, and the night's page names them.
"""

from django.db import migrations, models

STANDINGS = """
UPDATE personalization_decision AS d SET standing = CASE
    WHEN d.policy = 'contextual' THEN 'personal'
    WHEN v.is_child THEN 'child'
    WHEN NOT v.personalised THEN 'opted_out'
    WHEN w.history_length < 3 THEN 'too_new'
    ELSE 'personal' END
FROM catalog_viewer AS v, personalization_window AS w
WHERE v.id = d.viewer_id AND w.id = d.window_id
"""


class Migration(migrations.Migration):
    dependencies = [("personalization", "0006_conditions_in_three_states")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="standing",
            field=models.CharField(
                choices=[
                    ("personal", "Personal"),
                    ("child", "A child's profile"),
                    ("opted_out", "Opted out"),
                    ("too_new", "Too little history"),
                ],
                default="too_new",
                help_text="Who the viewer was to the choice.",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(STANDINGS, migrations.RunSQL.noop),
    ]
