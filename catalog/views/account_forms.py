"""Forms of the account pages that differ from allauth's: in their words, and in one refusal."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as key
from django import forms
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from catalog.models import Account
from catalog.models.addresses import normalised
from catalog.models.naming import validate_name

ADDRESS, PASSWORD = _("E-mail address"), _("Password")
NEW, AGAIN = _("New password"), _("The same password again")
CODE = _("Code")
LONGEST_KEY_NAME = 100
# What reading JSON as a key's answer raises, where it is none.
NO_ANSWER = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


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

    def clean_login(self) -> str:
        return normalised(super().clean_login())


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


class AnswerField(forms.JSONField):
    """What a key answers, in JSON.

    Django lets the page fail for text that is nested too deeply and for very long numbers, and
    reads what was sent once more to show it again. An answer counts once, so nothing is shown.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> str:
        return InvalidJSONInput("")


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuse an answer that is none. allauth expects all its fields to be there."""
    try:
        yield
    except NO_ANSWER as error:
        raise get_factor_adapter().validation_error("incorrect_code") from error


class ByKey(OwnWords):
    """Is sent with the answer of a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = AnswerField()


class AnsweredByKey(ByKey):
    def clean_credential(self) -> Any:
        with _refusing():
            return super().clean_credential()  # type: ignore[misc]


class SignInByKeyForm(AnsweredByKey, key.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class FactorByKeyForm(AnsweredByKey, key.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class FactorByKeyAgainForm(AnsweredByKey, key.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddKeyForm(ByKey, key.AddWebAuthnForm):  # type: ignore[misc]
    words = {
        "name": _("Name of the key"),
        "passwordless": _(
            "A passkey: it signs you in alone, without the password. The device asks for its PIN, "
            "fingerprint or face."
        ),
    }

    def clean_name(self) -> str:
        """Give a key a name where the one that was typed is none: the key exists already."""
        try:
            validate_name(self.cleaned_data["name"])
        except forms.ValidationError:
            self.cleaned_data["name"] = ""
        name: str = super().clean_name()
        return name[:LONGEST_KEY_NAME]

    def clean(self) -> dict[str, Any]:
        with _refusing():
            return super().clean() or {}


class RenameKeyForm(OwnWords, key.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": _("Name of the key")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=self.words["name"], max_length=LONGEST_KEY_NAME, validators=[validate_name]
        )
