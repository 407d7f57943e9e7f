"""What a password may be, in the site's words: hints beside the field, and refusals."""

from typing import Any

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext, ngettext


class LongEnough(django.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return ngettext(
            "This password is too short. It needs at least %(number)d character.",
            "This password is too short. It needs at least %(number)d characters.",
            self.min_length,
        ) % {"number": self.min_length}

    def get_help_text(self) -> str:
        return ngettext(
            "At least %(number)d character.", "At least %(number)d characters.", self.min_length
        ) % {"number": self.min_length}


class NotDigitsAlone(django.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return gettext("A password of digits alone is soon guessed. Add letters to it.")

    def get_help_text(self) -> str:
        return gettext("Not digits alone.")


class NotTheAddress(django.UserAttributeSimilarityValidator):
    """Compares with the address alone: an account has no name."""

    def __init__(self, user_attributes: Any = ("email",), max_similarity: float = 0.7) -> None:
        super().__init__(user_attributes, max_similarity)

    def get_error_message(self) -> str:
        return gettext("This password is too much like your e-mail address.")

    def get_help_text(self) -> str:
        return gettext("Nothing that is like your e-mail address.")


class NotInEverybodysUse(django.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return gettext("Many people use this password, so it is guessed first. Choose another.")

    def get_help_text(self) -> str:
        return gettext("No password that many people use.")
