"""Runs, statistics and findings leave this role's tables: the vault's migrations of `record`
make them in a schema of their own and copy the rows. `prepare_wall` then drops the tables here.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_attempts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("Finding"),
                migrations.DeleteModel("Statistic"),
                migrations.DeleteModel("AuditRun"),
                migrations.CreateModel(
                    name='AuditRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(editable=False, unique=True)),
                        ('model_id', models.BigIntegerField(blank=True, help_text='Empty for the even choice, which needs no model.', null=True, verbose_name='model')),
                        ('model_sha256', models.CharField(blank=True, max_length=64)),
                        ('kind', models.CharField(choices=[('planned', 'Planned'), ('gate', 'Of a candidate, before release'), ('exploratory', 'Exploratory'), ('rerun', 'Replay of a document')], max_length=12)),
                        ('attributes', models.JSONField(default=list, help_text='The attributes that were asked for.')),
                        ('effort', models.CharField(max_length=10)),
                        ('requested_by', models.CharField(blank=True, max_length=254)),
                        ('requested_role', models.CharField(max_length=63)),
                        ('requested_at', models.DateTimeField(help_text='By the database’s clock. The run’s instant.')),
                        ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed')], default='queued', max_length=10)),
                        ('stage', models.CharField(default='Waiting for the audit worker', max_length=80)),
                        ('progress', models.FloatField(default=0.0, help_text='Share of the work done, 0 to 1.')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, help_text='How often a worker has begun it. Only the latest may write.')),
                        ('failure', models.TextField(blank=True)),
                        ('cohort_checks', models.JSONField(default=list, help_text='When the audit worker compared the cohort with those who declared. No count.')),
                        ('registration', models.JSONField(default=dict, help_text='Slate, cohort, model, seed, margins and tests, fixed before anything is read.')),
                        ('registration_digest', models.CharField(blank=True, max_length=64)),
                        ('inputs', models.JSONField(default=dict, help_text='Digests of what was read, and the code that read it.')),
                        ('groups', models.JSONField(default=dict, help_text='Viewers by group; null where suppressed.')),
                        ('synthetic', models.BooleanField(default=False)),
                        ('registered_at', models.DateTimeField(blank=True, null=True)),
                        ('touched_at', models.DateTimeField(help_text='When the worker last reported progress.')),
                        ('finished_at', models.DateTimeField(blank=True, null=True)),
                        ('is_earlier', models.BooleanField(default=False, help_text='It was made when the web role could still change runs.')),
                    ],
                    options={
                        'db_table': 'record"."runs',
                        'ordering': ['-id'],
                        'permissions': [('view_readings', 'Can see who read protected attributes')],
                        'managed': False,
                    },
                ),
                migrations.CreateModel(
                    name='Finding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('judgement', models.CharField(choices=[('harm', 'Harm: needs action'), ('watch', 'Watch'), ('acceptable', 'Acceptable, for the reason given'), ('unclear', 'Unclear: needs more data')], max_length=12)),
                        ('note', models.TextField(max_length=4000)),
                        ('by', models.CharField(help_text='Whom the page said it was.', max_length=254)),
                        ('role', models.CharField(help_text='The database role that recorded it.', max_length=63)),
                        ('at', models.DateTimeField(help_text='By the database’s clock.')),
                    ],
                    options={
                        'db_table': 'record"."findings',
                        'ordering': ['-id'],
                        'managed': False,
                    },
                ),
                migrations.CreateModel(
                    name='Statistic',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField(help_text='Its position in the run.')),
                        ('name', models.CharField(max_length=40)),
                        ('attribute', models.CharField(max_length=30)),
                        ('group', models.CharField(max_length=60)),
                        ('headline', models.BooleanField(default=False, help_text="Whether Holm's correction covers it.")),
                        ('estimate', models.FloatField(null=True)),
                        ('low', models.FloatField(null=True)),
                        ('high', models.FloatField(null=True)),
                        ('null', models.JSONField(help_text='Mean, low and high of the permutation null.', null=True)),
                        ('p', models.FloatField(null=True)),
                        ('p_adjusted', models.FloatField(null=True)),
                        ('margin', models.FloatField(null=True)),
                        ('detectable', models.FloatField(help_text='The smallest effect that the test would detect.', null=True)),
                        ('viewers', models.PositiveIntegerField(help_text='Viewers of the group with data; empty where suppressed.', null=True)),
                        ('verdict', models.CharField(choices=[('within margin', 'Within margin'), ('outside margin', 'Outside margin'), ('insufficient evidence', 'Insufficient evidence'), ('suppressed', 'Suppressed'), ('descriptive', 'Descriptive')], max_length=24)),
                        ('detail', models.JSONField(default=dict)),
                    ],
                    options={
                        'db_table': 'record"."statistics',
                        'ordering': ['run', 'number'],
                        'managed': False,
                    },
                ),
            ]
        )
    ]
