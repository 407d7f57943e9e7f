"""Model versions: the fitted files, what they learnt from, their evaluations and their states."""

from django.conf import settings
from django.db import models


class ModelVersions(models.QuerySet["ModelVersion"]):
    def serving(self) -> "ModelVersion | None":
        """Return the model that serves, or None before the first one does."""
        return self.filter(state="serving").first()


class ModelVersion(models.Model):
    class State(models.TextChoices):
        CANDIDATE = "candidate", "Candidate"
        SERVING = "serving", "Serving"
        HELD = "held", "Held"
        RETIRED = "retired", "Retired"

    night = models.OneToOneField(
        "personalization.Night",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="candidate",
    )
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    reason = models.TextField(blank=True, help_text="Why it serves, is held, or was retired.")
    path = models.CharField(max_length=300, help_text="Below the storage root.")
    sha256 = models.CharField(max_length=64, unique=True)
    manifest_name = models.CharField(max_length=60)
    manifest_digest = models.CharField(max_length=64)
    days = models.ManyToManyField(
        "personalization.SealedDay", related_name="models", help_text="The training days."
    )
    evaluation_days = models.ManyToManyField(
        "personalization.SealedDay",
        related_name="evaluated_models",
        help_text="The unseen days that it was judged on.",
    )
    decisions = models.PositiveBigIntegerField(
        default=0, help_text="How many decisions it learnt from."
    )
    evaluation = models.JSONField(default=dict, blank=True)
    gate = models.JSONField(
        default=list,
        blank=True,
        help_text="Each condition: name, kind, state, words. Set when the release was decided.",
    )
    created_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ModelVersions.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="serving"),
                name="one_model_serves",
            )
        ]
        permissions = [("promote_model", "Can promote a model or roll it back")]

    def __str__(self) -> str:
        return f"model {self.pk}"


class StateChange(models.Model):
    """A change of a model version's state: when, why, and by whom."""

    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(max_length=10, choices=ModelVersion.State)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty where the night decided.",
    )
    by_name = models.CharField(
        max_length=254, blank=True, help_text="Kept when the account is removed."
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.model} {self.get_state_display().lower()}"


class GateLook(models.Model):
    """One look of the gate at a candidate: what chance of error it had, and what it saw.

    The looks of a year share `GATE_ERROR`. They are the record from which the next look's share
    follows, so none is ever changed.
    """

    model = models.OneToOneField(ModelVersion, on_delete=models.PROTECT, related_name="look")
    at = models.DateTimeField()
    day = models.DateField(help_text="The newest unseen day. Years are counted by it.")
    shares = models.PositiveSmallIntegerField(
        help_text="Shares of a year's chance of error: its own, and those that were passed on."
    )
    chance = models.FloatField(help_text="Of an error at this look.")
    margin = models.FloatField(help_text="What could be lost at worst, in value per decision.")
    references = models.PositiveSmallIntegerField(help_text="The models that it was compared with.")
    hardest = models.ForeignKey(
        ModelVersion,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The one of them with the lowest bound.",
    )
    low = models.FloatField(null=True, help_text="That bound, in value per decision.")
    released = models.BooleanField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"look at {self.model}"
