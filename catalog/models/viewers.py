"""Viewers: the profiles of an account."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.maturity import ANY_MATURITY, CHILD_MATURITY, Maturity
from catalog.models.naming import name_key, tidy_name, validate_name

SAME_NAME = _("Another profile of this account has this name.")


class NameKeyField(models.CharField):  # type: ignore[type-arg]
    """The key of the model's `name`, written whenever the model is saved or created in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = name_key(model_instance.name)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, key)
        return key


class Viewer(models.Model):
    class Theme(models.TextChoices):
        DARK = "dark", pgettext_lazy("a look of pages", "Dark")
        LIGHT = "light", pgettext_lazy("a look of pages", "Light")
        DEVICE = "device", pgettext_lazy("a look of pages", "As the device")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="viewers"
    )
    name = models.CharField(max_length=40, validators=[validate_name])
    # Names that cannot be told apart have one key. Longer than the name: a letter may fold to 18.
    name_key = NameKeyField(max_length=720, default="", editable=False)
    # The only id of this viewer that may be used outside the catalogue.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    colour = models.CharField(max_length=7, default="#e0a526")
    is_child = models.BooleanField(
        default=False, help_text="Shows only titles rated up to 7+, without personalised artwork."
    )
    maturity = models.PositiveSmallIntegerField(
        "maturity limit",
        choices=Maturity,
        default=ANY_MATURITY,
        help_text="The highest rating that this profile may see. A child's: at most 7+.",
    )
    asks_pin = models.BooleanField(
        "asks for the PIN",
        default=False,
        help_text="Can be entered only with the account's PIN or password.",
    )
    language = models.CharField(
        max_length=10, blank=True, default="", help_text="Empty: as the browser says."
    )
    theme = models.CharField(
        max_length=6, choices=Theme, default=Theme.DARK, help_text="How pages look."
    )
    # What stands for the profile on its colour: one of the drawn people, or the picture that was
    # uploaded, by the digest of its `Portrait`. Neither: the first letter of the name.
    figure = models.CharField(max_length=20, blank=True, default="")
    picture = models.CharField(max_length=32, blank=True, default="", editable=False)
    personalised = models.BooleanField(
        default=True, help_text="Choose artwork and rows by what this profile watched."
    )
    # The sections of home (catalog.sections) in this viewer's order, and those that they hid.
    home_order = ArrayField(models.CharField(max_length=12), blank=True, default=list)
    home_hidden = ArrayField(models.CharField(max_length=12), blank=True, default=list)
    # How many different titles have a quality play by this viewer. Every page needs it to know
    # its window. The watch actions add to it; a trigger of WatchEvent counts after deletions.
    history_length = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    synthetic = models.BooleanField(default=False, help_text="Invented for the demo.")
    source = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name_key"], name="viewer_name_once_per_account"
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="viewer_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        fields = options.get("update_fields")
        if fields is not None and "name" in fields:
            options["update_fields"] = {*fields, "name_key"}
        super().save(*args, **options)

    def clean(self) -> None:
        """Tidy the name, and refuse one that another profile of the account has."""
        super().clean()
        self.name = tidy_name(self.name)
        others = Viewer.objects.filter(account=self.account_id).exclude(pk=self.pk)
        if self.account_id and others.filter(name_key=name_key(self.name)).exists():
            raise ValidationError({"name": SAME_NAME})

    @property
    def follows_history(self) -> bool:
        """Say whether pictures and rows may follow what this viewer watched."""
        return self.personalised and not self.is_child

    @property
    def maturity_limit(self) -> int:
        """Return the highest maturity rating that this viewer may see."""
        return min(self.maturity, CHILD_MATURITY) if self.is_child else self.maturity

    @property
    def limit_words(self) -> str:
        """Return `maturity_limit` as ratings are written: All ages, 7+, 12+, 16+ or 18+."""
        return str(Maturity(self.maturity_limit).label)
