"""The walled tables. No process that serves pages can read them; use `store` instead."""

import uuid

from django.db import models


class Declaration(models.Model):
    """One answer of one person: an opaque id, an attribute, a value."""

    class Kind(models.TextChoices):
        VIEWER = "viewer", "Viewer"
        PERSON = "person", "Credited person"

    kind = models.CharField(max_length=10, choices=Kind)
    # The subject's public id. A foreign key would lead through the wall.
    subject = models.UUIDField()
    attribute = models.CharField(max_length=30)
    value = models.CharField(max_length=60)
    declared_at = models.DateTimeField()
    synthetic = models.BooleanField(default=False)

    class Meta:
        db_table = "declarations"
        default_permissions = ()  # Django's permissions do not apply here
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "attribute"], name="declared_once_per_attribute"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["viewer", "person"]), name="declaration_kind_is_known"
            ),
        ]
        indexes = [models.Index(fields=["kind", "attribute"], name="declaration_by_attribute")]

    def __str__(self) -> str:
        return f"a declaration of {self.attribute}"  # neither its value nor its person


class Reading(models.Model):
    """One reading, logged before it could happen: who, when, what, and for what purpose."""

    ticket = models.UUIDField(primary_key=True, default=uuid.uuid4)
    at = models.DateTimeField()
    role = models.CharField(max_length=63)
    purpose = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    attribute = models.CharField(max_length=30)
    rows = models.PositiveIntegerField()
    transaction = models.BigIntegerField()

    class Meta:
        db_table = "readings"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.attribute}, read for {self.purpose}"
