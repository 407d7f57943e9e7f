"""The viewer's order of home's sections, when an episode was added, and search keys of moods."""

import django.contrib.postgres.fields
import django.utils.timezone
from django.db import migrations, models

# Nobody knows when the episodes so far were added: they came with their series.
WITH_THE_SERIES = """
UPDATE catalog_episode SET added_at = title.added_at
FROM catalog_season AS season JOIN catalog_title AS title ON title.id = season.title_id
WHERE season.id = catalog_episode.season_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_opinions'),
    ]

    operations = [
        migrations.AddField(
            model_name='episode',
            name='added_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunSQL(WITH_THE_SERIES, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='mood',
            name='search_key',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.Func(models.F('name'), function='catalog_search_words', output_field=models.TextField()), function='catalog_search_key', output_field=models.TextField()), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='viewer',
            name='home_hidden',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='viewer',
            name='home_order',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None),
        ),
        migrations.AddIndex(
            model_name='episode',
            index=models.Index(fields=['-added_at'], name='episode_newest'),
        ),
    ]
