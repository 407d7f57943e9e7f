"""The journal: decisions that were seen, their impressions, and the days sealed from them.

Decisions and impressions lie in tables partitioned by day, without foreign keys in the
database (docs/decisions/0005-the-journal-in-day-partitions.md).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Policy(models.TextChoices):
    """How the probabilities of a decision came about."""

    CONTEXTUAL = "contextual", _("From this viewer's history")
    CONTEXT_FREE = "context_free", _("The same for everybody")
    UNIFORM = "uniform", _("Even, before any model serves")
    DEFAULT = "default", _("The editor's default")
    VIEWER = "viewer", _("The viewer's own choice")


class Standing(models.TextChoices):
    """Who a viewer is to the choice. `serving.standing` decides it, once for each decision."""

    PERSONAL = "personal", _("Personal")
    CHILD = "child", _("A child's profile")
    OPTED_OUT = "opted_out", _("Opted out")
    TOO_NEW = "too_new", _("Too little history")
    KEEPS = "keeps", _("Keeps a picture")


class Decision(models.Model):
    """One row of learning: a choice for (viewer, title, window) that was really seen.

    A picture that the viewer chose has a row of its own, and nothing is learnt from it.
    """

    viewer = models.ForeignKey(
        "catalog.Viewer", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    title = models.ForeignKey(
        "catalog.Title",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    window = models.ForeignKey(
        "personalization.Window",
        on_delete=models.CASCADE,
        related_name="decisions",
        db_constraint=False,
        db_index=False,
    )
    model = models.ForeignKey(
        "personalization.ModelVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    policy = models.CharField(max_length=12, choices=Policy)
    standing = models.CharField(
        max_length=12, choices=Standing, help_text="The viewer's standing when it was decided."
    )
    artworks = ArrayField(models.BigIntegerField(), help_text="The eligible artworks' ids.")
    probabilities = ArrayField(models.FloatField(), help_text="Parallel to the artworks.")
    chosen = models.BigIntegerField(help_text="The artwork drawn.")
    propensity = models.FloatField(help_text="The probability of the artwork drawn.")
    surface = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(
        help_text="Place on the page when first seen, from 0; a control in the fit."
    )
    first_seen_at = models.DateTimeField()
    day = models.DateField(help_text="The UTC day of the first impression.")
    begun = models.BooleanField(
        default=False,
        help_text="The viewer had already begun the title, so nothing is learnt from it.",
    )

    class Meta:
        constraints = [
            # The constraint holds within a day. Across days, the lock on the window's row ensures
            # it.
            models.UniqueConstraint(
                "window",
                "title",
                "day",
                # The policy's decision is one; each picture that the viewer chose is another.
                models.Case(
                    models.When(standing="keeps", then="chosen"),
                    default=0,
                    output_field=models.BigIntegerField(),
                ),
                name="one_decision_per_window_and_title",
            ),
            models.CheckConstraint(
                condition=models.Q(propensity__gt=0, propensity__lte=1),
                name="propensity_is_a_probability",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Impression(models.Model):
    """A day on which a decision was seen, and the page view on which it was seen first that day."""

    decision = models.ForeignKey(
        Decision,
        on_delete=models.CASCADE,
        related_name="impressions",
        db_constraint=False,
        db_index=False,
    )
    day = models.DateField(help_text="The decision's day.")
    page_view = models.UUIDField(help_text="The page view. Each has one impression of a decision.")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "page_view", "day"], name="one_impression_per_page_view"
            )
        ]

    def __str__(self) -> str:
        return f"impression {self.pk}"


class SealedDay(models.Model):
    """The immutable Parquet file of one day's decisions, and its digest."""

    day = models.DateField(unique=True)
    path = models.CharField(max_length=300, help_text="Below the storage root.")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    rewards = models.PositiveBigIntegerField()
    begun = models.PositiveBigIntegerField(
        default=0, help_text="Decisions on titles already begun. Nothing is learnt from them."
    )
    kept = models.PositiveBigIntegerField(
        default=0, help_text="Pictures that the viewers chose themselves. They are left out."
    )
    refused = models.JSONField(
        default=dict, blank=True, help_text="Rows left out, counted by fault."
    )
    schema_version = models.PositiveSmallIntegerField()
    manifest_digest = models.CharField(
        max_length=64, help_text="Digest of the feature manifest of its vectors."
    )
    sealed_at = models.DateTimeField()
    dropped_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When the day's rows left the journal. Only the file is left since then.",
    )

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class Reduction(models.Model):
    """The statistics of one sealed day under one code version: computed once, then merged."""

    day = models.ForeignKey(SealedDay, on_delete=models.CASCADE, related_name="reductions")
    key = models.CharField(
        max_length=64, unique=True, help_text="Digest of the sealed file, manifest and code."
    )
    path = models.CharField(max_length=300, help_text="Below the storage root.")
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"statistics of {self.day}"


class Part(models.Model):
    """One shard for the workers to reduce, and the place of its sums once a worker has reduced it.

    The row exists before any worker starts. It is deleted when a running sum holds the shard, or
    when the day is written again. A task that comes late or twice then finds nothing to fill in.
    """

    day = models.ForeignKey(SealedDay, on_delete=models.CASCADE, related_name="parts")
    shard = models.PositiveIntegerField(help_text="Which of the day's shards, from 0.")
    of = models.PositiveIntegerField(help_text="How many shards the day has.")
    key = models.CharField(
        max_length=64, unique=True, help_text="Digest of the sealed file, shard, manifest and code."
    )
    sendings = models.PositiveSmallIntegerField(default=0, help_text="How often it was sent.")
    sent_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=300, blank=True, help_text="Below the storage root.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Empty until it is made.")
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["day__day", "shard"]

    def __str__(self) -> str:
        return f"shard {self.shard + 1} of {self.of} of {self.day}"
