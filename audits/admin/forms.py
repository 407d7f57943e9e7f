"""The auditors' forms: a new run, and a judgement."""

from django import forms

from audits.models import AuditRun, Finding
from audits.protected.attributes import ATTRIBUTES
from catalog.models.naming import validate_words
from personalization.models import ModelVersion


class StartForm(forms.Form):
    """What a run is requested for. The audit worker fixes everything else."""

    model = forms.ModelChoiceField(
        ModelVersion.objects.all(),
        required=False,
        empty_label="Even choice (no model)",
        help_text="The run computes this model’s choices for every viewer again.",
    )
    attributes = forms.MultipleChoiceField(
        choices=[(attribute.name, attribute.label) for attribute in ATTRIBUTES.values()],
        initial=list(ATTRIBUTES),
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose only what you want to know: the more tests a run makes, the stricter "
        "their correction. Of exactly two, crossed groups are measured too. Each reading of an "
        "attribute is logged.",
    )
    kind = forms.ChoiceField(
        choices=[
            (AuditRun.Kind.PLANNED, "Planned: its results may be headlines"),
            (AuditRun.Kind.EXPLORATORY, "Exploratory: its results are never headlines"),
        ],
        help_text="Whoever looks often enough finds something by chance. A planned run fixes its "
        "question beforehand.",
    )
    effort = forms.ChoiceField(
        choices=[
            ("full", "Full: more folds and shuffles"),
            ("quick", "Quick: a few minutes, never a headline"),
        ],
        help_text="How much computing goes into telling the groups apart. A quick figure depends "
        "more on its seed, so that only a full run gives headlines.",
    )


class JudgeForm(forms.Form):
    judgement = forms.ChoiceField(choices=Finding.Judgement)
    note = forms.CharField(
        max_length=4000,
        validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Give your reasons. They are shown beside the number with your name. You "
        "cannot change them later, but you can record another finding.",
    )
