"""Add, change and remove the viewer profiles of an account."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.actions.portraits import drop_portrait
from catalog.models import Account, Maturity, Viewer
from catalog.models.maturity import ANY_MATURITY
from catalog.models.naming import tidy_name, validate_name
from catalog.models.viewers import SAME_NAME

MAX_VIEWERS = 8
LONGEST_NAME = 40
COLOURS = {
    "#e0a526": gettext_lazy("Amber"),
    "#e2725b": gettext_lazy("Coral"),
    "#c75d8a": gettext_lazy("Rose"),
    "#9a7fd1": gettext_lazy("Violet"),
    "#5f9bd6": gettext_lazy("Blue"),
    "#4fb3a5": gettext_lazy("Teal"),
    "#8fb04f": gettext_lazy("Moss"),
    "#c9b79c": gettext_lazy("Sand"),
}
# The drawn people in static/people that can stand for a profile; see catalog/drawing/avatars.py.
FIGURES = {
    "mara": gettext_lazy("Red hair and glasses"),
    "otis": gettext_lazy("Short curls, mustard jacket"),
    "ines": gettext_lazy("Long curls, plum jacket"),
    "bo": gettext_lazy("Green mohawk"),
    "noor": gettext_lazy("Blue headscarf"),
    "finn": gettext_lazy("Blond beard"),
    "zuri": gettext_lazy("Round afro, coral jacket"),
    "greta": gettext_lazy("Grey bun and glasses"),
    "kenji": gettext_lazy("Black quiff, grey suit"),
    "raj": gettext_lazy("Blue turban and beard"),
    "pia": gettext_lazy("Purple buns"),
    "emil": gettext_lazy("Bald, with a goatee"),
}


class ViewerRefused(ValueError):
    """The profile cannot be added or changed so. The message is for the person."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person enters about a profile."""

    name: str
    colour: str
    is_child: bool = False
    personalised: bool = True
    language: str = ""  # one of settings.LANGUAGES, or empty: as the browser says
    maturity: int = ANY_MATURITY
    asks_pin: bool = False
    figure: str = ""  # one of FIGURES, or empty: the name's first letter
    theme: str = Viewer.Theme.DARK

    def __post_init__(self) -> None:
        if len(tidy_name(self.name)) > LONGEST_NAME:
            raise ViewerRefused(
                _("Enter a name of up to %(most)s characters.") % {"most": LONGEST_NAME}
            )
        try:
            validate_name(self.name)
        except ValidationError as error:
            raise ViewerRefused(error.message) from error
        if self.colour not in COLOURS:
            raise ViewerRefused(_("Choose one of the colours shown."))
        if self.language and self.language not in dict(settings.LANGUAGES):
            raise ViewerRefused(_("Choose one of the languages shown."))
        if self.maturity not in Maturity.values:
            raise ViewerRefused(_("Choose one of the limits shown."))
        if self.theme not in Viewer.Theme.values:
            raise ViewerRefused(_("Choose one of the looks shown."))
        if self.figure and self.figure not in FIGURES:
            raise ViewerRefused(_("Choose one of the pictures shown."))
        if self.is_child and self.asks_pin:
            raise ViewerRefused(_("A child's profile cannot ask for the PIN to be entered."))


def add_viewer(account: Account, profile: Profile) -> Viewer:
    """Add a profile.

    Locks the account's row, so that concurrent requests cannot exceed MAX_VIEWERS.
    """
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if account.viewers.count() >= MAX_VIEWERS:
            raise ViewerRefused(
                _("An account can have up to %(most)s profiles.") % {"most": MAX_VIEWERS}
            )
        return _save(Viewer(account=account, synthetic=account.synthetic), profile)


def change_viewer(viewer: Viewer, profile: Profile, *, keep_picture: bool = False) -> Viewer:
    """Change the name and settings of a profile. Its history stays.

    The caller has checked that the session may lift limits, where `profile` lifts one. An uploaded
    picture is deleted, unless `keep_picture`. Locks the profile's row, so that one that another
    device removes meanwhile does not come back.

    Raises:
        ViewerRefused: says why not, for example because the profile was removed.
    """
    with transaction.atomic():
        if not Viewer.objects.select_for_update(no_key=True).filter(pk=viewer.pk).exists():
            raise ViewerRefused(_("This profile was removed."))
        if viewer.picture and not keep_picture:
            drop_portrait(viewer)
        return _save(viewer, profile)


def remove_viewer(viewer: Viewer) -> None:
    """Remove a profile with everything that it watched and was shown.

    Locks its row first, so that writes for this viewer either finish before the
    removal gathers its rows, or find no viewer.
    """
    with transaction.atomic():
        Viewer.objects.select_for_update().filter(pk=viewer.pk).first()
        viewer.delete()


def _save(viewer: Viewer, profile: Profile) -> Viewer:
    viewer.name = tidy_name(profile.name)
    viewer.colour = profile.colour
    viewer.is_child = profile.is_child
    viewer.personalised = profile.personalised
    viewer.language = profile.language
    viewer.maturity = profile.maturity
    viewer.asks_pin = profile.asks_pin
    viewer.figure = profile.figure
    viewer.theme = profile.theme
    try:
        with transaction.atomic():
            viewer.save()
    except IntegrityError as error:
        raise ViewerRefused(SAME_NAME) from error
    return viewer
