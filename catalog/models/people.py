"""People and what they are credited for."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.naming import validate_name
from catalog.models.searching import search_indexes, search_key


class Person(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120, validators=[validate_name])
    search_key = search_key()
    # The only id of this person that may be used outside the catalogue.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    synthetic = models.BooleanField(default=False, help_text="Invented for the demo.")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        indexes = search_indexes("person")

    def __str__(self) -> str:
        return self.name


class Credit(models.Model):
    class Role(models.TextChoices):
        CAST = "cast", _("Cast")
        DIRECTOR = "director", _("Director")
        WRITER = "writer", _("Writer")

    title = models.ForeignKey("catalog.Title", on_delete=models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credits")
    role = models.CharField(max_length=10, choices=Role, default=Role.CAST)
    character = models.CharField(max_length=120, blank=True, validators=[validate_name])
    billing = models.PositiveSmallIntegerField(
        default=1, help_text="1 is billed first. Only the billing of the cast counts as prominence."
    )
    screen_time = models.FloatField(
        null=True, blank=True, help_text="Share of the runtime on screen, from 0 to 1, if known."
    )

    class Meta:
        ordering = ["role", "billing"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "person", "role"], name="credit_once_per_role"
            ),
            models.CheckConstraint(
                condition=models.Q(screen_time__isnull=True)
                | models.Q(screen_time__gte=0, screen_time__lte=1),
                name="screen_time_is_a_share",
            ),
            models.CheckConstraint(condition=models.Q(billing__gte=1), name="billing_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.title}"
