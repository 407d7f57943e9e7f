"""Accounts sign in. A household shares one account, with a viewer for each person."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from catalog.models.addresses import AddressField, clean_address


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """Make an account.

        Raises:
            ValidationError: for an address that is none, or too long.
        """
        account = self.model(email=clean_address(email), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=username)


class Account(AbstractUser):
    """Signs in by e-mail address. There is no user name."""

    username = None  # type: ignore[assignment]
    email = AddressField("e-mail address", unique=True)
    synthetic = models.BooleanField(default=False, help_text="Made for the demo or a simulation.")
    # The hash of the PIN that leads out of a limited profile. Empty: only the password does.
    pin = models.CharField(max_length=128, blank=True, default="", editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()  # type: ignore[assignment]

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message="Another account has this e-mail address.",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="email_in_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return str(self.email)
