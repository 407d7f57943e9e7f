

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_as_of'),
        ('personalization', '0009_plain_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='Keep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('kept', 'Keeps this picture'), ('other', 'Asked for another picture'), ('standard', 'Uses the standard picture')], max_length=10)),
                ('chosen_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-chosen_at', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='one_decision_per_window_and_title',
        ),
        migrations.AddField(
            model_name='sealedday',
            name='kept',
            field=models.PositiveBigIntegerField(default=0, help_text='Pictures that the viewers chose themselves. They are left out.'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='policy',
            field=models.CharField(choices=[('contextual', "From this viewer's history"), ('context_free', 'The same for everybody'), ('uniform', 'Even, before any model serves'), ('default', "The editor's default"), ('viewer', "The viewer's own choice")], max_length=12),
        ),
        migrations.AlterField(
            model_name='decision',
            name='standing',
            field=models.CharField(choices=[('personal', 'Personal'), ('child', "A child's profile"), ('opted_out', 'Opted out'), ('too_new', 'Too little history'), ('keeps', 'Keeps a picture')], help_text="The viewer's standing when it was decided.", max_length=12),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(models.F('window'), models.F('title'), models.F('day'), models.Case(models.When(standing='keeps', then='chosen'), default=0, output_field=models.BigIntegerField()), name='one_decision_per_window_and_title'),
        ),
        migrations.AddField(
            model_name='keep',
            name='artwork',
            field=models.ForeignKey(blank=True, help_text='Empty for the standard picture, and where the picture has left the catalogue.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.artwork'),
        ),
        migrations.AddField(
            model_name='keep',
            name='title',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.title'),
        ),
        migrations.AddField(
            model_name='keep',
            name='viewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keeps', to='catalog.viewer'),
        ),
        migrations.AddConstraint(
            model_name='keep',
            constraint=models.UniqueConstraint(fields=('viewer', 'title'), name='one_keep_per_title'),
        ),
        migrations.AddConstraint(
            model_name='keep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'standard'), _negated=True), ('artwork__isnull', True), _connector='OR'), name='standard_picture_names_none'),
        ),
    ]
