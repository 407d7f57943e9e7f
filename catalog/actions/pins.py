"""The account's PIN, and guesses at it.

Guessing is limited by account and by the profile it is guessed from: after FREE_GUESSES wrong PINs
in a row each further one locks the PIN for twice as long. Only the PIN is locked, never the
password, so that a child who plays with the keys locks nobody out.
"""

import re
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Account, PinGuesses, Viewer

PIN = re.compile(r"[0-9]{4,8}")
FREE_GUESSES = 5
LONGEST_LOCK = timedelta(days=1)


class PinRefused(ValueError):
    """The PIN cannot be set so. The message is for the person."""


class PinLocked(Exception):
    """There were too many wrong PINs; the next one may be entered at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"locked until {until}")
        self.until = until


def set_pin(account: Account, pin: str) -> None:
    """Set or change the PIN, and forget earlier guesses. The caller has proved to be a grown-up."""
    if not PIN.fullmatch(pin):
        raise PinRefused(_("Enter 4 to 8 digits."))
    _write(account, make_password(pin))


def remove_pin(account: Account) -> None:
    """Remove the PIN, so that only the password leads out of a limited profile."""
    _write(account, "")


@transaction.atomic
def check_pin(account: Account, pin: str, *, viewer: Viewer | None, now: datetime) -> bool:
    """Say whether this is the PIN. `viewer` is the profile from which it is entered.

    Locks the guesses of this account and profile, so that guesses at the same time are counted
    one after another. A right PIN forgets the wrong ones before it.

    Raises:
        PinLocked: while the PIN is locked here. Not even the right one is compared then.
    """
    if not account.pin:
        return False
    PinGuesses.objects.get_or_create(account=account, viewer=viewer)
    guesses = PinGuesses.objects.select_for_update().get(account=account, viewer=viewer)
    until = guesses.locked_until
    # A lock that ends later than any lock was made by a clock that was ahead.
    if until is not None and now < until <= now + LONGEST_LOCK:
        raise PinLocked(until)
    if len(pin) <= 8 and check_password(pin, account.pin):
        guesses.delete()
        return True
    guesses.wrong += 1
    guesses.locked_until = _locked_until(guesses.wrong, now)
    guesses.save()
    return False


def forget_guesses(account: Account) -> None:
    """Unlock the PIN everywhere. The caller has checked the account's password."""
    account.pin_guesses.all().delete()


def _locked_until(wrong: int, now: datetime) -> datetime | None:
    if wrong < FREE_GUESSES:
        return None
    doubled = min(wrong - FREE_GUESSES, 12)  # more would exceed the longest lock anyway
    return now + min(timedelta(minutes=2**doubled), LONGEST_LOCK)


@transaction.atomic
def _write(account: Account, value: str) -> None:
    account.pin = value
    account.save(update_fields=["pin"])
    forget_guesses(account)
