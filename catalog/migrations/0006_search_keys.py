"""Search keys that the database makes, and the indexes that search uses."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models import F, Func, TextField

FUNCTIONS = (Path(__file__).parent / "search_1.sql").read_text(encoding="utf-8")
NO_FUNCTIONS = """
DROP FUNCTION catalog_search_slips(text);
DROP FUNCTION catalog_search_key(text);
DROP FUNCTION catalog_search_words(text);
"""


def add_key(model):
    words = Func(F("name"), function="catalog_search_words", output_field=TextField())
    key = Func(words, function="catalog_search_key", output_field=TextField())
    return migrations.AddField(
        model_name=model,
        name="search_key",
        field=models.GeneratedField(db_persist=True, expression=key, output_field=TextField()),
    )


def add_indexes(model):
    slips = Func(
        F("search_key"),
        function="catalog_search_slips",
        output_field=ArrayField(models.IntegerField()),
    )
    indexes = [
        GinIndex(OpClass(F("search_key"), name="gin_trgm_ops"), name=f"{model}_pieces"),
        GinIndex(slips, name=f"{model}_slips"),
    ]
    return [migrations.AddIndex(model_name=model, index=index) for index in indexes]


class Migration(migrations.Migration):

    dependencies = [("catalog", "0005_drawn_cards")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RemoveIndex(model_name="person", name="person_words"),
        migrations.RemoveIndex(model_name="title", name="title_words"),
        add_key("genre"),
        add_key("person"),
        add_key("title"),
        *add_indexes("person"),
        *add_indexes("title"),
    ]
