"""Audit runs. A run is registered before anything is read; finished rows never change."""

import uuid

import pgtrigger
from django.db import models

OF_A_FINISHED_RUN = pgtrigger.Q(old__state="finished")
CHANGE = pgtrigger.Update | pgtrigger.Delete


class AuditRun(models.Model):
    class Kind(models.TextChoices):
        PLANNED = "planned", "Planned"
        GATE = "gate", "Of a candidate, before release"
        EXPLORATORY = "exploratory", "Exploratory"
        RERUN = "rerun", "Replay of a document"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    model = models.ForeignKey(
        "personalization.ModelVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="audits",
        help_text="Empty for the even choice, which needs no model.",
    )
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=80, default="Waiting for the audit worker")
    progress = models.FloatField(default=0.0, help_text="Share of the work done, 0 to 1.")
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker has begun it. Only the latest may write."
    )
    failure = models.TextField(blank=True)
    registration = models.JSONField(
        help_text="Slate, cohort, model, seed, margins and tests, fixed before anything is read."
    )
    registration_digest = models.CharField(max_length=64)
    inputs = models.JSONField(
        default=dict, help_text="Digests of what was read, and the code that read it."
    )
    groups = models.JSONField(default=dict, help_text="Viewers by group; null where suppressed.")
    synthetic = models.BooleanField(default=False)
    requested_by = models.CharField(max_length=254, blank=True)  # a name: it outlives the account
    registered_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="When the worker last reported progress.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=models.Q(kind="gate"), name="one_gate_run_per_model"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="keep_finished_runs", operation=CHANGE, condition=OF_A_FINISHED_RUN
            )
        ]
        permissions = [("view_readings", "Can see who read protected attributes")]

    def __str__(self) -> str:
        return f"audit run {self.pk}"

    @property
    def headline(self) -> bool:
        """Whether its results may be headlines; those of exploratory runs may not."""
        return self.kind in {self.Kind.PLANNED, self.Kind.GATE}


class Statistic(models.Model):
    """One test that was attempted, with its numbers or the reason why there are none."""

    class Verdict(models.TextChoices):
        WITHIN = "within margin", "Within margin"
        OUTSIDE = "outside margin", "Outside margin"
        INSUFFICIENT = "insufficient evidence", "Insufficient evidence"
        SUPPRESSED = "suppressed", "Suppressed"
        DESCRIPTIVE = "descriptive", "Descriptive"

    run = models.ForeignKey(AuditRun, on_delete=models.PROTECT, related_name="statistics")
    number = models.PositiveIntegerField(help_text="Its position in the run.")
    name = models.CharField(max_length=40)
    attribute = models.CharField(max_length=30)
    group = models.CharField(max_length=60)
    headline = models.BooleanField(default=False, help_text="Whether Holm's correction covers it.")
    estimate = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    null = models.JSONField(null=True, help_text="Mean, low and high of the permutation null.")
    p = models.FloatField(null=True)
    p_adjusted = models.FloatField(null=True)
    margin = models.FloatField(null=True)
    detectable = models.FloatField(
        null=True, help_text="The smallest effect that the test would detect."
    )
    viewers = models.PositiveIntegerField(
        null=True, help_text="Viewers of the group with data; empty where suppressed."
    )
    verdict = models.CharField(max_length=24, choices=Verdict)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="statistic_once_per_place")
        ]
        triggers = [pgtrigger.Protect(name="keep_statistics", operation=CHANGE)]

    def __str__(self) -> str:
        return f"{self.name} of {self.attribute} {self.group}"


class Finding(models.Model):
    """An auditor's judgement of one statistic. To change it, record another."""

    class Judgement(models.TextChoices):
        HARM = "harm", "Harm: needs action"
        WATCH = "watch", "Watch"
        ACCEPTABLE = "acceptable", "Acceptable, for the reason given"
        UNCLEAR = "unclear", "Unclear: needs more data"

    statistic = models.ForeignKey(Statistic, on_delete=models.PROTECT, related_name="findings")
    judgement = models.CharField(max_length=12, choices=Judgement)
    note = models.TextField(max_length=4000)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="keep_findings", operation=CHANGE)]

    def __str__(self) -> str:
        return f"finding {self.pk}: {self.get_judgement_display()}"
