"""Keeps: the pictures that viewers chose themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Keep(models.Model):
    """A viewer's own choice of a title's picture. It holds until the viewer takes it back."""

    class Kind(models.TextChoices):
        KEPT = "kept", _("Keeps this picture")
        OTHER = "other", _("Asked for another picture")
        STANDARD = "standard", _("Uses the standard picture")

    viewer = models.ForeignKey("catalog.Viewer", on_delete=models.CASCADE, related_name="keeps")
    title = models.ForeignKey("catalog.Title", on_delete=models.CASCADE, related_name="+")
    artwork = models.ForeignKey(
        "catalog.Artwork",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty for the standard picture, and where the picture has left the catalogue.",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["-chosen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "title"], name="one_keep_per_title"),
            models.CheckConstraint(
                condition=~models.Q(kind="standard") | models.Q(artwork__isnull=True),
                name="standard_picture_names_none",
            ),
        ]

    def __str__(self) -> str:
        return f"keep {self.pk}"
