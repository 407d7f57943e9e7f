"""The studio's forms. They read what was typed; the actions hold the rules."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from catalog.artwork.renditions import DEFAULT_FOCAL
from catalog.models import Artwork, Mood, Person, Title
from catalog.queries.artwork import cast_of

MAX_FILES = 40
# A slider that differs by less than half a hundredth from the stored value was not moved.
NOT_MOVED = 0.005


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once. The inspection refuses each by itself, an empty one too."""

    widget = ManyFiles

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": "Choose at least one picture."})
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                f"These are {len(files)} files. Send at most {MAX_FILES} at once."
            )
        return [super(FilesField, self).clean(file, initial) for file in files]


class CastField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        if obj.billing is None:
            return f"{obj.name} (no longer in the cast)"
        return f"{obj.name} as {obj.character}" if obj.character else obj.name


class WordsField(forms.CharField):
    """Text of several lines. Browsers send each line's end as two characters; it counts as one."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Slider(forms.NumberInput):
    """A slider without steps, because a browser would round the value that it shows to a step.

    Without steps, the arrow keys move it by a hundredth.
    """

    input_type = "range"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "any"})


class ShareField(forms.FloatField):
    """A share from 0 to 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, widget=Slider, **options)


class AnnotationForm(forms.Form):
    """What an artwork shows."""

    kind = forms.ChoiceField(
        choices=[("", "Choose …"), *Artwork.Kind.choices],
        help_text="Lead: the first billed person. Ensemble: several leads. Supporting cast: other "
        "people. Moment: something happens. Scene: a place. Lettering: the name alone.",
    )
    depicted = CastField(
        queryset=Person.objects.none(),
        required=False,
        label="Who can be seen",
        help_text="The credited cast, in billing order.",
    )
    moods = forms.ModelMultipleChoiceField(
        queryset=Mood.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    alt = WordsField(
        label="Description",
        max_length=300,
        required=False,
        help_text="What the picture shows, for people who cannot see it. Needed for approval.",
    )
    focal_x = ShareField(label="Across", initial=DEFAULT_FOCAL[0])
    focal_y = ShareField(label="Down", initial=DEFAULT_FOCAL[1])

    def __init__(
        self, *args: Any, title: Title, artwork: Artwork | None = None, **kwargs: Any
    ) -> None:
        if artwork:
            kwargs["initial"] = {
                "kind": artwork.kind,
                "alt": artwork.alt,
                "moods": artwork.moods.all(),
                "depicted": artwork.depicted.all(),
                "focal_x": artwork.focal_x,
                "focal_y": artwork.focal_y,
            }
        super().__init__(*args, **kwargs)
        field = self.fields["depicted"]
        assert isinstance(field, CastField)
        field.queryset = cast_of(title, artwork)

    def annotation(self) -> dict[str, Any]:
        """Return the arguments that the actions take as an annotation."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "alt": data["alt"],
            "moods": data["moods"],
            "depicted": data["depicted"],
            "focal": (self._share("focal_x"), self._share("focal_y")),
        }

    def _share(self, name: str) -> float:
        before: float = self[name].initial
        after: float = self.cleaned_data[name]
        return before if abs(after - before) < NOT_MOVED else after


class UploadForm(AnnotationForm):
    """Files, and what is true of all of them."""

    pictures = FilesField(
        label="Pictures",
        help_text="JPEG, PNG, WebP or AVIF, at least 640 × 360; 1920 × 1080 is ideal.",
        widget=ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    field_order = ["pictures"]


class ReviewReasonForm(forms.Form):
    reason = WordsField(
        max_length=300,
        help_text="Kept with the artwork, for the person who uploaded it.",
        error_messages={"required": "Give a reason."},
    )


class WithdrawalForm(ReviewReasonForm):
    """`may_be_last` is sent by pages that said what is shown without the last approved artwork."""

    may_be_last = forms.BooleanField(required=False, widget=forms.HiddenInput)
