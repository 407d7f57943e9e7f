"""Audit runs, as the schema `record` holds them. `audits.record` makes the tables and their rules.

The web role can only read these rows. Nobody changes a row that is over.
"""

from django.db import models

from personalization.models import ModelVersion


class AuditRun(models.Model):
    class Kind(models.TextChoices):
        PLANNED = "planned", "Planned"
        GATE = "gate", "Of a candidate, before release"
        EXPLORATORY = "exploratory", "Exploratory"
        # Of earlier versions: a replay is no run any more.
        RERUN = "rerun", "Replay of a document"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(unique=True, editable=False)
    # A number and no foreign key: the record outlives the rows that the web role can change.
    model_id = models.BigIntegerField(
        "model", null=True, blank=True, help_text="Empty for the even choice, which needs no model."
    )
    model_sha256 = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    attributes = models.JSONField(default=list, help_text="The attributes that were asked for.")
    effort = models.CharField(max_length=10)
    # A name as the page gives it, which outlives the account; and the database role that asked.
    requested_by = models.CharField(max_length=254, blank=True)
    requested_role = models.CharField(max_length=63)
    requested_at = models.DateTimeField(help_text="By the database’s clock. The run’s instant.")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=80, default="Waiting for the audit worker")
    progress = models.FloatField(default=0.0, help_text="Share of the work done, 0 to 1.")
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker has begun it. Only the latest may write."
    )
    failure = models.TextField(blank=True)
    cohort_checks = models.JSONField(
        default=list,
        help_text="When the audit worker compared the cohort with those who declared. No count.",
    )
    registration = models.JSONField(
        default=dict,
        help_text="Slate, cohort, model, seed, margins and tests, fixed before anything is read.",
    )
    registration_digest = models.CharField(max_length=64, blank=True)
    inputs = models.JSONField(
        default=dict, help_text="Digests of what was read, and the code that read it."
    )
    groups = models.JSONField(default=dict, help_text="Viewers by group; null where suppressed.")
    synthetic = models.BooleanField(default=False)
    registered_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(help_text="When the worker last reported progress.")
    finished_at = models.DateTimeField(null=True, blank=True)
    seal = models.UUIDField(editable=False, help_text="The key of commitments in its leaves.")
    is_earlier = models.BooleanField(
        default=False, help_text="It was made when the web role could still change runs."
    )

    class Meta:
        managed = False
        db_table = 'record"."runs'
        ordering = ["-id"]
        permissions = [("view_readings", "Can see who read protected attributes")]

    def __str__(self) -> str:
        return f"audit run {self.pk}"

    @property
    def model(self) -> ModelVersion | None:
        """Return the model version that was asked for, if the catalogue of models still has it."""
        return ModelVersion.objects.filter(pk=self.model_id).first() if self.model_id else None

    @property
    def headline(self) -> bool:
        """Whether its results may be headlines: those of exploratory and of quick runs may not."""
        return self.kind in {self.Kind.PLANNED, self.Kind.GATE} and self.effort == "full"

    @property
    def standing(self) -> str:
        """What kind of run it is, in words, and why it is no headline if it is none."""
        words = [self.get_kind_display()]
        if self.effort != "full":
            words.append("quick")
        if not self.headline:
            words.append("not a headline")
        return " · ".join(words)


class Statistic(models.Model):
    """One test that was attempted, with its numbers or the reason why there are none."""

    class Verdict(models.TextChoices):
        WITHIN = "within margin", "Within margin"
        OUTSIDE = "outside margin", "Outside margin"
        INSUFFICIENT = "insufficient evidence", "Insufficient evidence"
        NOT_MEASURABLE = "not measurable here", "Not measurable here"
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
        managed = False
        db_table = 'record"."statistics'
        ordering = ["run", "number"]

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
    by = models.CharField(max_length=254, help_text="Whom the page said it was.")
    role = models.CharField(max_length=63, help_text="The database role that recorded it.")
    at = models.DateTimeField(help_text="By the database’s clock.")
    seal = models.UUIDField(editable=False, help_text="The key of the commitment in its leaf.")

    class Meta:
        managed = False
        db_table = 'record"."findings'
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"finding {self.pk}: {self.get_judgement_display()}"
