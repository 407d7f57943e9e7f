"""The studio's forms. They only read what was typed; the rules are the actions'."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from catalog.models import Artwork, Mood, Person, Title
from catalog.queries.artwork import cast_of

MAX_FILES = 40


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; each is inspected, and refused, by itself."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(f"At most {MAX_FILES} files at once.")
        return [super(FilesField, self).clean(file, initial) for file in files]


class CastField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} as {obj.character}" if obj.character else obj.name


class Slider(forms.NumberInput):
    """A share from 0 to 1 that the keyboard moves by hundredths."""

    input_type = "range"

    def __init__(self) -> None:
        super().__init__(attrs={"min": "0", "max": "1", "step": "0.01"})


class AnnotationForm(forms.Form):
    """What an artwork shows."""

    kind = forms.ChoiceField(
        choices=[("", "Choose …"), *Artwork.Kind.choices],
        help_text="Lead: the first billed. Ensemble: several leads. Supporting cast: others "
        "billed. Moment: something happens. Scene: a place. Lettering: the name alone.",
    )
    depicted = CastField(
        queryset=Person.objects.none(),
        required=False,
        label="Who can be seen",
        help_text="Only the credited cast, in billing order.",
    )
    moods = forms.ModelMultipleChoiceField(
        queryset=Mood.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    alt = forms.CharField(
        label="In words",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the picture shows, for who cannot see it. Needed for approval.",
    )
    focal_x = forms.FloatField(label="Across", min_value=0, max_value=1, initial=0.5, widget=Slider)
    focal_y = forms.FloatField(label="Down", min_value=0, max_value=1, initial=0.4, widget=Slider)

    def __init__(self, *args: Any, title: Title, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["depicted"]
        assert isinstance(field, CastField)
        field.queryset = cast_of(title)

    def annotation(self) -> dict[str, Any]:
        """Return what the actions call an annotation."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "alt": data["alt"],
            "moods": data["moods"],
            "depicted": data["depicted"],
            "focal": (data["focal_x"], data["focal_y"]),
        }


class UploadForm(AnnotationForm):
    """Files, and what is true of all of them."""

    pictures = FilesField(
        label="Pictures",
        help_text="JPEG, PNG, WebP or AVIF, at least 640 × 360; 1920 × 1080 is ideal.",
        widget=ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    field_order = ["pictures"]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the artwork, for whoever sent it.",
    )
