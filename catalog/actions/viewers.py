"""What an account does with its viewer profiles."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from catalog.models import Account, Viewer

MAX_VIEWERS = 8
COLOURS = {
    "#e0a526": "Amber",
    "#e2725b": "Coral",
    "#c75d8a": "Rose",
    "#9a7fd1": "Violet",
    "#5f9bd6": "Blue",
    "#4fb3a5": "Teal",
    "#8fb04f": "Moss",
    "#c9b79c": "Sand",
}


class ViewerRefused(ValueError):
    """The profile cannot be as it was asked for; the words are meant for the person."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says about a profile."""

    name: str
    colour: str
    is_child: bool = False
    personalised: bool = True

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > 40:
            raise ViewerRefused("A profile needs a name of up to 40 letters.")
        if self.colour not in COLOURS:
            raise ViewerRefused("Choose one of the colours shown.")


def add_viewer(account: Account, profile: Profile) -> Viewer:
    """Add a profile. Locks the account's row, so that no race exceeds MAX_VIEWERS."""
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if account.viewers.count() >= MAX_VIEWERS:
            raise ViewerRefused(f"An account can have up to {MAX_VIEWERS} profiles.")
        return _save(Viewer(account=account, synthetic=account.synthetic), profile)


def change_viewer(viewer: Viewer, profile: Profile) -> Viewer:
    """Change what a profile says of itself; its history stays."""
    with transaction.atomic():
        return _save(viewer, profile)


def remove_viewer(viewer: Viewer) -> None:
    """Remove a profile with all that it watched and was shown.

    Locks its row first: whoever is writing for this viewer finishes before what
    is to be removed is gathered, and whoever comes later finds nobody.
    """
    with transaction.atomic():
        Viewer.objects.select_for_update().filter(pk=viewer.pk).first()
        viewer.delete()


def _save(viewer: Viewer, profile: Profile) -> Viewer:
    viewer.name = profile.name.strip()
    viewer.colour = profile.colour
    viewer.is_child = profile.is_child
    viewer.personalised = profile.personalised
    try:
        with transaction.atomic():
            viewer.save()
    except IntegrityError as error:
        raise ViewerRefused("Another profile of this account has this name.") from error
    return viewer
