"""Runs' documents as the audit worker signed them, and what each replay of a document found.

`audits.record` makes the tables. The audit role adds rows, and nobody changes one.
"""

from django.db import models
from django.db.models.functions import Now


class Installation(models.Model):
    """The one row that tells this copy of Marquee from others."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    public_id = models.UUIDField(editable=False)

    class Meta:
        managed = False
        db_table = 'record"."installation'

    def __str__(self) -> str:
        return str(self.public_id)


class RunDocument(models.Model):
    """A finished run's document: written and signed once, by the process that measured it."""

    run = models.UUIDField(unique=True, help_text="The run's public id.")
    registration_digest = models.CharField(max_length=64)
    text = models.TextField(help_text="Canonical JSON, with the signature.")
    digest = models.CharField(max_length=71, help_text="As the evidence log holds it.")
    written_at = models.DateTimeField(db_default=Now(), help_text="By the database’s clock.")

    class Meta:
        managed = False
        db_table = 'record"."documents'

    def __str__(self) -> str:
        return f"document of run {self.run}"


class Replay(models.Model):
    """One replay of a document, and what it found."""

    class Outcome(models.TextChoices):
        SAME = "same", "The same numbers"
        WITHOUT = "without", "The same inputs, without people who have left or withdrawn"
        DIFFERENT = "different", "Other numbers or inputs"
        ALTERED = "altered", "The document was altered"
        ELSEWHERE = "elsewhere", "Of another installation"
        UNREADABLE = "unreadable", "No document that this version reads"

    run = models.UUIDField(null=True, blank=True, help_text="The run that the document names.")
    digest = models.CharField(max_length=71, blank=True, help_text="Of the document replayed.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    findings = models.JSONField(default=list, help_text="What differs, field by field.")
    by = models.CharField(max_length=254)
    role = models.CharField(max_length=63, help_text="The database role that replayed it.")
    at = models.DateTimeField(db_default=Now(), help_text="By the database’s clock.")

    class Meta:
        managed = False
        db_table = 'record"."replays'
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"replay {self.pk}: {self.get_outcome_display()}"
