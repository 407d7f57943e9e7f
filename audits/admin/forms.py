"""What an auditor fills in: a new run, a judgement."""

from django import forms

from audits.models import AuditRun, Finding
from audits.protected.attributes import ATTRIBUTES
from personalization.models import ModelVersion


class StartForm(forms.Form):
    """Everything that a run fixes before it reads; what is not asked here is fixed in code."""

    model = forms.ModelChoiceField(
        ModelVersion.objects.all(),
        required=False,
        empty_label="The even choice (before any model serves)",
        help_text="Whose whole policy is replayed for every viewer, without any traffic.",
    )
    attributes = forms.MultipleChoiceField(
        choices=[(each.name, each.label) for each in ATTRIBUTES.values()],
        initial=list(ATTRIBUTES),
        widget=forms.CheckboxSelectMultiple,
        help_text="Each is a family of tests, and the correction for many tests runs over all of "
        "them: ask only for what you want to know. Reading each is logged.",
    )
    kind = forms.ChoiceField(
        choices=[
            (AuditRun.Kind.PLANNED, "Planned: may be a headline"),
            (AuditRun.Kind.EXPLORATORY, "Exploratory: a look, never a headline"),
        ],
        help_text="Looking often is itself a test. A planned run states its question beforehand.",
    )
    effort = forms.ChoiceField(
        choices=[("quick", "Quick: some minutes"), ("full", "Full: more folds and shuffles")],
        help_text="How hard the attackers try to tell the groups apart.",
    )
    seed = forms.IntegerField(
        initial=2018,
        min_value=0,
        max_value=2**31 - 1,
        help_text="Starts every shuffle and draw: the same seed gives the same numbers.",
    )


class JudgeForm(forms.Form):
    judgement = forms.ChoiceField(choices=Finding.Judgement)
    note = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Why. It stays beside the number, with your name; a change of mind is a new "
        "finding.",
    )
