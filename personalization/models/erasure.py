"""What is owed to viewers who were erased, and what was done about it."""

from django.db import models


class Erasure(models.Model):
    """A viewer who is gone, and may still be in sealed days. Deleted when they are not.

    Written by a trigger, in the transaction that deletes the viewer, whatever deletes them.
    """

    viewer_id = models.BigIntegerField()
    public_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"erasure asked for on {self.asked_at:%Y-%m-%d}"


class SealedDayRewrite(models.Model):
    """A sealed day was written again without rows. Outlives the day; names no viewer."""

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
