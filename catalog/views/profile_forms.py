"""The forms of a profile: all of it, and the part that a limited profile may change itself."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.actions.viewers import COLOURS, FIGURES, LONGEST_NAME, Profile
from catalog.models import Maturity, Viewer

OWN_PICTURE = "own"  # the value that keeps the uploaded picture


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As my browser says")), *settings.LANGUAGES]


class OwnProfileForm(forms.Form):
    """What every profile may change of itself."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    colour = forms.ChoiceField(choices=list(COLOURS.items()), widget=forms.RadioSelect)
    face = forms.ChoiceField(
        choices=[("", _("The first letter")), *FIGURES.items(), (OWN_PICTURE, _("My own picture"))],
        required=False,
        widget=forms.RadioSelect,
    )
    upload = forms.FileField(
        required=False,
        allow_empty_file=True,  # the inspection says what is wrong with it
        label=_("Or upload a picture"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    language = forms.ChoiceField(choices=_languages, required=False, label=_("Language"))
    theme = forms.TypedChoiceField(
        choices=Viewer.Theme.choices,
        empty_value=Viewer.Theme.DARK,
        required=False,
        label=_("Look"),
        widget=forms.RadioSelect,
    )
    personalised = forms.BooleanField(required=False)

    @classmethod
    def of(cls, viewer: Viewer) -> dict[str, Any]:
        """Return what the form shows of a profile at first."""
        shown = {name: getattr(viewer, name, None) for name in cls.base_fields}
        return shown | {"face": OWN_PICTURE if viewer.picture else viewer.figure, "upload": None}

    def profile(self, before: Viewer | None = None) -> Profile:
        """Return the profile as it shall be: what the form does not ask stays as it was."""
        data = {name: value for name, value in self.cleaned_data.items() if name in ASKED}
        kept = _profile_of(before) if before else Profile(data["name"], data["colour"])
        face = self.cleaned_data["face"]
        return replace(kept, **data, figure="" if face == OWN_PICTURE else face)

    @property
    def keeps_picture(self) -> bool:
        return bool(self.cleaned_data["face"] == OWN_PICTURE)

    @property
    def uploaded(self) -> Any:
        """Return the uploaded file, or None."""
        return self.cleaned_data["upload"]


class ProfileForm(OwnProfileForm):
    """All of a profile, with its limits."""

    is_child = forms.BooleanField(required=False)
    maturity = forms.TypedChoiceField(
        choices=Maturity.choices,
        coerce=int,
        empty_value=Maturity.EIGHTEEN,  # type: ignore[arg-type]
        required=False,
        widget=forms.RadioSelect,
    )
    asks_pin = forms.BooleanField(required=False)


ASKED = {"name", "colour", "language", "theme", "personalised", "is_child", "maturity", "asks_pin"}


def _profile_of(viewer: Viewer) -> Profile:
    return Profile(
        viewer.name,
        viewer.colour,
        is_child=viewer.is_child,
        personalised=viewer.personalised,
        language=viewer.language,
        theme=viewer.theme,
        maturity=viewer.maturity,
        asks_pin=viewer.asks_pin,
        figure=viewer.figure,
    )
