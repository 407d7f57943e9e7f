from datetime import timedelta

import pytest

from catalog.actions.pins import (
    FREE_GUESSES,
    LONGEST_LOCK,
    PinLocked,
    PinRefused,
    check_pin,
    forget_guesses,
    remove_pin,
    set_pin,
)
from catalog.models import PinGuesses
from tests.factories import NOW, make_viewer


@pytest.fixture
def account(viewer):
    set_pin(viewer.account, "4711")
    return viewer.account


def guess(account, viewer, times, *, at=NOW):
    for _ in range(times):
        assert not check_pin(account, "0000", viewer=viewer, now=at)


def test_the_pin_is_kept_as_a_hash_alone(account):
    account.refresh_from_db()
    assert "4711" not in account.pin
    assert account.pin.startswith("md5$")
    assert check_pin(account, "4711", viewer=None, now=NOW)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", " 1234", "١٢٣٤", "1234\n"])
def test_a_pin_is_4_to_8_digits(account, pin):
    before = account.pin
    with pytest.raises(PinRefused):
        set_pin(account, pin)
    account.refresh_from_db()
    assert account.pin == before


def test_without_a_pin_nothing_is_right(viewer):
    assert not check_pin(viewer.account, "", viewer=viewer, now=NOW)
    assert not PinGuesses.objects.exists()


def test_twenty_guesses_lock_the_pin_for_growing_times(account, viewer):
    guess(account, viewer, FREE_GUESSES)
    now, waits = NOW, []
    for _ in range(15):
        with pytest.raises(PinLocked) as locked:
            check_pin(account, "4711", viewer=viewer, now=now)  # not even the right one
        waits.append(locked.value.until - now)
        now = locked.value.until
        guess(account, viewer, 1, at=now)
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits == sorted(waits)
    assert max(waits) == LONGEST_LOCK


def test_a_lock_holds_for_its_profile_alone_and_ends(account, viewer):
    other = make_viewer(account=account)
    guess(account, viewer, FREE_GUESSES)
    assert check_pin(account, "4711", viewer=other, now=NOW)
    assert check_pin(account, "4711", viewer=None, now=NOW)
    assert check_pin(account, "4711", viewer=viewer, now=NOW + timedelta(minutes=1))
    # The right one forgets the wrong ones.
    guess(account, viewer, FREE_GUESSES - 1)
    assert check_pin(account, "4711", viewer=viewer, now=NOW)


@pytest.mark.parametrize("unlock", [forget_guesses, lambda a: set_pin(a, "4711")])
def test_the_password_and_a_new_pin_unlock(account, viewer, unlock):
    guess(account, viewer, FREE_GUESSES)
    unlock(account)
    assert check_pin(account, "4711", viewer=viewer, now=NOW)


def test_a_removed_pin_opens_nothing(account, viewer):
    remove_pin(account)
    assert not check_pin(account, "4711", viewer=viewer, now=NOW)


def test_a_guess_of_a_million_digits_costs_no_hash(account, viewer, django_assert_max_num_queries):
    assert not check_pin(account, "4" * 1_000_000, viewer=viewer, now=NOW)


def test_a_lock_made_by_a_clock_that_was_ahead_holds_nobody_for_years(account, viewer):
    guess(account, viewer, FREE_GUESSES, at=NOW + timedelta(days=730))
    assert check_pin(account, "4711", viewer=viewer, now=NOW)


def test_the_longest_lock_holds_to_its_end(account, viewer):
    guess(account, viewer, FREE_GUESSES)
    PinGuesses.objects.update(locked_until=NOW + LONGEST_LOCK)
    with pytest.raises(PinLocked):
        check_pin(account, "4711", viewer=viewer, now=NOW)
