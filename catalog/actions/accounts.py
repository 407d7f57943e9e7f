"""What a person does with their account as a whole."""

from django.db import transaction

from catalog.actions.viewers import remove_viewer
from catalog.models import Account


class StaffStays(Exception):
    """A staff account is not removed by its owner: what staff did is on record under its name."""


@transaction.atomic
def remove_account(account: Account) -> None:
    """Remove an account with its profiles and all that they watched and were shown.

    Locks the account's row first, so that nobody adds a profile meanwhile.

    Raises:
        StaffStays: for an account of the staff.
    """
    held = Account.objects.select_for_update().get(pk=account.pk)
    if held.is_staff:
        raise StaffStays
    for viewer in held.viewers.all():
        remove_viewer(viewer)
    held.delete()
