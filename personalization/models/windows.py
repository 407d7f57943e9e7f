"""Windows: what a viewer's choices depend on, pinned for a period."""

from django.db import models


class Window(models.Model):
    """One viewer's window. Every choice in it reads this row and nothing else of the viewer."""

    viewer = models.ForeignKey("catalog.Viewer", on_delete=models.CASCADE, related_name="windows")
    key = models.CharField(
        max_length=40, help_text="Calendar window and step of history length, as “2951.3”."
    )
    model = models.ForeignKey(
        "personalization.ModelVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="windows",
        help_text="Empty where no model served yet.",
    )
    manifest_digest = models.CharField(max_length=64)
    vector = models.BinaryField(help_text="float64, little-endian, in the manifest's order.")
    # The viewer's affinity to people: parallel arrays, strongest first.
    affinity_people = models.BinaryField(help_text="int64 person ids.")
    affinity_weights = models.BinaryField(help_text="float64, parallel to the ids.")
    vector_digest = models.CharField(max_length=64, help_text="SHA-256 of vector and affinities.")
    history_length = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    released_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Set when it was ended early.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "key"],
                condition=models.Q(released_at__isnull=True),
                name="one_open_window_per_viewer_and_key",
            )
        ]
        indexes = [models.Index(fields=["viewer", "-opened_at"], name="window_by_viewer")]

    def __str__(self) -> str:
        return f"window {self.pk}"
