"""Nights: one run of seal, tidy, fit, evaluate, audit, gate, and its present stage."""

from django.db import models


class Night(models.Model):
    class Stage(models.TextChoices):
        SEAL = "seal", "Sealing days"
        TIDY = "tidy", "Erasing and dropping"
        REDUCE = "reduce", "Reducing on the workers"
        FIT = "fit", "Fitting a candidate"
        EVALUATE = "evaluate", "Evaluating"
        AUDIT = "audit", "Waiting for the audit"
        GATE = "gate", "Deciding the release"
        DONE = "done", "Done"

    class Outcome(models.TextChoices):
        PROMOTED = "promoted", "Promoted"
        HELD = "held", "Held"
        NOTHING = "nothing", "Nothing to learn from"

    date = models.DateField(unique=True, help_text="The UTC day on which the night begins.")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.SEAL)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    error = models.TextField(blank=True, help_text="The error of the last attempt, if it failed.")
    attempts = models.PositiveIntegerField(
        default=0, help_text="How often the present stage was started."
    )
    report = models.JSONField(
        default=dict, blank=True, help_text="What was sealed, dropped, missing and left out."
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"night of {self.date:%Y-%m-%d}"
