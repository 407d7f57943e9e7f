"""Artwork: the pictures that can stand for a title."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


def originals() -> Storage:
    return storages["originals"]


class Artwork(models.Model):
    class Kind(models.TextChoices):
        LEAD = "lead", "Lead"
        ENSEMBLE = "ensemble", "Ensemble"
        SUPPORTING = "supporting", "Supporting cast"
        MOMENT = "moment", "Moment"
        SCENE = "scene", "Scene"
        TYPE = "type", "Lettering"

    class State(models.TextChoices):
        PENDING = "pending", "Waiting for review"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    title = models.ForeignKey("catalog.Title", on_delete=models.CASCADE, related_name="artworks")
    kind = models.CharField(max_length=10, choices=Kind)
    moods = models.ManyToManyField("catalog.Mood", related_name="artworks", blank=True)
    depicted = models.ManyToManyField(
        "catalog.Person",
        related_name="depictions",
        blank=True,
        help_text="The credited people who can be seen, as an editor sees them.",
    )
    alt = models.CharField(
        max_length=300, blank=True, help_text="What the picture shows, for who cannot see it."
    )
    focal_x = models.FloatField(default=0.5, validators=SHARE)
    focal_y = models.FloatField(default=0.4, validators=SHARE)

    state = models.CharField(max_length=10, choices=State, default=State.PENDING, db_index=True)
    state_reason = models.CharField(max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    # Facts of the file, set by the upload path and never by hand.
    original = models.FileField(storage=originals, max_length=200, editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    perceptual_hash = models.CharField(max_length=32, editable=False, blank=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    placeholder = models.TextField(editable=False, blank=True)  # a data: URI of a few pixels
    # [{"width": 640, "height": 360, "format": "webp", "name": "ab/cd….webp"}, …]
    renditions = models.JSONField(default=list, editable=False)
    synthetic = models.BooleanField(default=False, help_text="Drawn for the demo.")

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["title", "sha256"], name="artwork_once_per_title"),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(approved_at__isnull=False),
                name="approved_artwork_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} artwork {self.pk} of {self.title_id}"


class ArtworkRevision(models.Model):
    """One row that counts every change to what may be chosen (approval, withdrawal, annotation).

    Who keeps the eligible artworks in memory compares this number on each
    request, so that a withdrawn artwork leaves at once.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_artwork_revision")
        ]

    def __str__(self) -> str:
        return str(self.number)
