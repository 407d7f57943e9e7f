"""Erasures that are still to be carried out, and the sealed days that were written again."""

from django.db import models


class Erasure(models.Model):
    """A removed viewer whom sealed days may still hold. The row is deleted when none does.

    A trigger writes it in the transaction that deletes the viewer.
    """

    viewer_id = models.BigIntegerField()
    public_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"erasure asked for on {self.asked_at:%Y-%m-%d}"


class SealedDayRewrite(models.Model):
    """A record that a sealed day was written again without some rows. It names no viewer."""

    class Why(models.TextChoices):
        ERASURE = "erasure", "A viewer was erased"

    day = models.DateField()
    old_sha256 = models.CharField(max_length=64)
    new_sha256 = models.CharField(max_length=64)
    rows_removed = models.PositiveBigIntegerField()
    why = models.CharField(max_length=10, choices=Why)
    rewritten_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["day"], name="rewrite_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} written again"
