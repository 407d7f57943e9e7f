"""Forms of the account pages that differ from allauth's: in their words, and in one refusal."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Account

ADDRESS, PASSWORD = _("E-mail address"), _("Password")
NEW, AGAIN = _("New password"), _("The same password again")
CODE = _("Code")


class OwnWords(forms.Form):
    """Names its fields as `words` says. Labels are always shown, so placeholders go."""

    words: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name, label in self.words.items():
            if name in self.fields:
                self.fields[name].label = label


class SignInForm(OwnWords, account.LoginForm):  # type: ignore[misc]
    words = {
        "login": ADDRESS,
        "password": PASSWORD,
        "remember": _("Stay signed in on this device"),
    }


class SignUpForm(OwnWords, account.SignupForm):  # type: ignore[misc]
    words = {"email": ADDRESS, "password1": PASSWORD, "password2": AGAIN}


class ChangePasswordForm(OwnWords, account.ChangePasswordForm):  # type: ignore[misc]
    words = {"oldpassword": _("Password until now"), "password1": NEW, "password2": AGAIN}


class SetPasswordForm(OwnWords, account.SetPasswordForm):  # type: ignore[misc]
    words = {"password1": NEW, "password2": AGAIN}


class ResetPasswordForm(OwnWords, account.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": ADDRESS}


class ResetPasswordKeyForm(OwnWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words = {"password1": NEW, "password2": AGAIN}


class ReauthenticateForm(OwnWords, account.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": PASSWORD}


class AddAddressForm(OwnWords, account.AddEmailForm):  # type: ignore[misc]
    """Refuses the address of another account.

    allauth adds it unverified, so that nobody learns whose it is. It could then be
    made the account's own, which the database refuses: an account has the address.
    """

    words = {"email": ADDRESS}

    def clean_email(self) -> str:
        address: str = super().clean_email()
        if Account.objects.filter(email=address).exclude(pk=self.user.pk).exists():
            raise get_adapter().validation_error("email_taken")
        return address


class FactorForm(OwnWords, factor.AuthenticateForm):  # type: ignore[misc]
    words = {"code": CODE}


class FactorAgainForm(OwnWords, factor.ReauthenticateForm):  # type: ignore[misc]
    words = {"code": CODE}


class SetUpAppForm(OwnWords, ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": _("Code that the app shows")}


class AddKeyForm(OwnWords, AddWebAuthnForm):  # type: ignore[misc]
    words = {
        "name": _("Name of the key"),
        "passwordless": _(
            "A passkey: it signs you in alone, without the password. The device asks for its PIN, "
            "fingerprint or face."
        ),
    }


class RenameKeyForm(OwnWords, EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": _("Name of the key")}
