"""Conditions that were stored as met or not met become kept, broken or unknown."""

from django.db import migrations, models

AUDIT = "audit"
UNTESTED = "insufficient evidence"


def _kind(name):
    if name == AUDIT or name.startswith(f"{AUDIT}: "):
        return AUDIT
    return "value" if name in {"sample", "viewers", "value", "context_free"} else "data"


def _state(condition):
    if not condition["met"]:
        return "broken"
    is_untested = UNTESTED in condition["words"] or "nothing to audit" in condition["words"]
    return "unknown" if _kind(condition["name"]) == AUDIT and is_untested else "kept"


def in_three_states(gate):
    """Return stored conditions in the new form; those that have it already stay as they are."""
    converted = [
        condition
        if "state" in condition
        else {
            "name": condition["name"],
            "kind": _kind(condition["name"]),
            "state": _state(condition),
            "words": condition["words"],
        }
        for condition in gate
    ]
    bounds = [each for each in converted if each["name"].startswith(f"{AUDIT}: ")]
    for condition in converted:
        # Earlier versions called an audit passed of which a bound was not tested.
        if condition["name"] == AUDIT and condition["state"] == "kept":
            if any(bound["state"] == "unknown" for bound in bounds):
                condition["state"] = "unknown"
                condition["words"] = "Not fully audited: some bounds could not be tested."
    return converted


def convert(apps, schema_editor):
    ModelVersion = apps.get_model("personalization", "ModelVersion")
    for model in ModelVersion.objects.exclude(gate=[]):
        model.gate = in_three_states(model.gate)
        model.save(update_fields=["gate"])


class Migration(migrations.Migration):
    dependencies = [("personalization", "0005_parts")]

    operations = [
        migrations.AlterField(
            model_name="modelversion",
            name="gate",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Each condition: name, kind, state, words. Set when the release was decided.",
            ),
        ),
        migrations.RunPython(convert, migrations.RunPython.noop),
    ]
