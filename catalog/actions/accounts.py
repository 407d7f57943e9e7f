"""Remove an account."""

from django.db import transaction

from catalog.actions.viewers import remove_viewer
from catalog.models import Account


class StaffStays(Exception):
    """Owners cannot remove staff accounts, because records of staff work refer to them."""


@transaction.atomic
def remove_account(account: Account) -> None:
    """Remove an account with its profiles, their histories and what they were shown.

    Locks the account's row first, so that no profile is added meanwhile.

    Raises:
        StaffStays: for a staff account.
    """
    held = Account.objects.select_for_update().get(pk=account.pk)
    if held.is_staff:
        raise StaffStays
    for viewer in held.viewers.all():
        remove_viewer(viewer)
    held.delete()
