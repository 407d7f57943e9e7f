"""What viewers see of a title: the share of each picture, in coarse steps, made every night."""

from django.db import models


class ShownShare(models.Model):
    """How large a share of a title's viewers saw a picture last."""

    title = models.ForeignKey("catalog.Title", on_delete=models.CASCADE, related_name="+")
    artwork = models.OneToOneField(
        "catalog.Artwork", on_delete=models.CASCADE, related_name="shown_share"
    )
    percent = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="In steps of ten. Empty where fewer than ten viewers would show.",
    )
    until = models.DateField(help_text="The last day that was counted.")

    class Meta:
        ordering = ["title", "artwork"]

    def __str__(self) -> str:
        return f"share of artwork {self.artwork_id}"
