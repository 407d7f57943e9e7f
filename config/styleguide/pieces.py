"""Sample data that is about no title: profiles, messages, forms, filters, opinions."""

from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from catalog.actions.viewers import COLOURS, FIGURES
from catalog.models import Viewer
from catalog.queries.browse import Filters
from catalog.queries.opinions import Opinion
from catalog.views.filters import Chip, Menu
from catalog.views.profile_forms import ProfileForm
from personalization.models.journal import Standing
from personalization.serving.picture_state import PictureState


def profiles() -> list[Viewer]:
    """Return a profile in each colour, then with each drawn person."""
    colours = list(COLOURS)
    letters = [Viewer(name=str(name), colour=colour) for colour, name in COLOURS.items()]
    drawn = [
        Viewer(name=figure.title(), colour=colours[number % len(colours)], figure=figure)
        for number, figure in enumerate(FIGURES)
    ]
    return letters + drawn


def notes() -> list[Message]:
    """Return a message of each level that pages use."""
    return [
        Message(constants.SUCCESS, "Saved Ada’s profile."),
        Message(constants.INFO, "The copy is being made."),
        Message(constants.WARNING, "You were signed out, so nothing was saved."),
        Message(constants.ERROR, "That did not work. Try again."),
    ]


class SampleForm(forms.Form):
    """A field of each kind, filled in wrongly."""

    email = forms.EmailField(label="Email")
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput, help_text="At least 12 characters."
    )
    kind = forms.ChoiceField(label="Kind", choices=[("film", "Film"), ("series", "Series")])
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}))
    remember = forms.BooleanField(label="Remember me")


def wrong_form() -> SampleForm:
    form = SampleForm({"email": "ada", "kind": "play"}, auto_id="sample_%s")
    form.add_error(None, "Correct the fields that are marked.")
    return form


def wrong_profile() -> ProfileForm:
    """Return the form of a new profile that was sent without a name or a colour that exists."""
    return ProfileForm({"name": "", "colour": "", "maturity": "18", "personalised": "on"})


def filters() -> dict[str, Any]:
    """Return what the filters of browse read: one menu is set."""
    return {
        "filters": Filters(),
        "menus": [
            Menu("mood", "Mood", "", [("", "Any mood"), ("tense", "Tense")]),
            Menu("kind", "Kind", "film", [("", "Films and series"), ("film", "Films")]),
        ],
        "chips": [Chip("Films", "#filters"), Chip("With Ngozi Achebara", "#filters")],
        "clear": "#filters",
        "total_words": "27 titles",
    }


def opinions() -> list[Opinion]:
    return [Opinion(), Opinion(listed=True, rating="love"), Opinion(rating="no", hidden=True)]


def picture_state() -> PictureState:
    return PictureState(1, None, honoured=False, available=(1, 2, 3), standing=Standing.PERSONAL)
