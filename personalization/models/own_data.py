"""What a viewer asked about the data kept of them: a copy, or that the history is erased."""

from django.db import models
from django.utils import timezone


class DataCopy(models.Model):
    """A copy of everything that is kept of a viewer, as one archive, for a day."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    viewer = models.ForeignKey("catalog.Viewer", on_delete=models.CASCADE, related_name="copies")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, help_text="When its worker last reported.")
    rows_done = models.PositiveBigIntegerField(default=0)
    rows_expected = models.PositiveBigIntegerField(default=0)
    archive = models.BinaryField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["viewer"],
                condition=models.Q(state__in=["waiting", "making"]),
                name="one_copy_is_made_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"


class HistoryErasure(models.Model):
    """A viewer's order to erase the history: carried out ten seconds later, unless undone.

    The row stays and says what was erased. It goes with the profile.
    """

    viewer = models.ForeignKey("catalog.Viewer", on_delete=models.CASCADE, related_name="erasures")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    plays = models.PositiveBigIntegerField(default=0)
    windows = models.PositiveBigIntegerField(default=0)
    decisions = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["viewer"],
                condition=models.Q(done_at__isnull=True),
                name="one_history_erasure_waits",
            )
        ]

    def __str__(self) -> str:
        return f"erasure of a history {self.pk}"

    @property
    def seconds_left(self) -> int:
        """Return how long it can still be undone."""
        return max(0, int((self.due_at - timezone.now()).total_seconds() + 0.999))
