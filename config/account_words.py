"""What the account pages answer to what they cannot accept, in place of allauth's words."""

from django.utils.translation import gettext_lazy as _

TOO_MANY = _("Too many tries. Wait a few minutes, then try again.")
OLD_LINK = _("This link is too old, or was used already.")
ACCOUNT = {
    "account_inactive": _("This account is switched off."),
    "cannot_remove_primary_email": _(
        "This is the main address and cannot be removed. Make another one the main address first."
    ),
    "duplicate_email": _("Your account has this address already."),
    "email_password_mismatch": _("The e-mail address or the password is not right."),
    "email_taken": _("Another account has this address."),
    "enter_current_password": _("That is not the account's password."),
    "incorrect_code": _("That is not the code."),
    "incorrect_password": _("That is not the account's password."),
    "invalid_or_expired_key": OLD_LINK,
    "invalid_login": _("Signing in did not work. Try again."),
    "invalid_password_reset": OLD_LINK,
    "max_email_addresses": _("An account can have up to %d addresses."),
    "too_many_login_attempts": TOO_MANY,
    "unknown_email": _("No account has this address."),
    "unverified_primary_email": _("Confirm the address first. Then it can be the main one."),
    "select_only_one": _("Choose one."),
    "same_as_current": _("This is what it is already."),
    "rate_limited": TOO_MANY,
}
SECOND_FACTOR = {
    "add_email_blocked": _("An account with a second factor cannot be given another address."),
    "cannot_delete_authenticator": _("This second factor cannot be removed."),
    "cannot_generate_recovery_codes": _(
        "Recovery codes are for accounts with an authenticator app or a key."
    ),
    "incorrect_code": _("That is not the code."),
    "unverified_email": _("Confirm your e-mail address before you set up a second factor."),
}
