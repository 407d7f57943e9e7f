"""Watch events: the only personal input to personalisation."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from catalog.models.viewers import Viewer


class WatchEventQuerySet(models.QuerySet["WatchEvent"]):
    def visible_to(self, viewer: "Viewer") -> "WatchEventQuerySet":
        """Keep the plays of titles that this viewer may see now."""
        return self.filter(title__published=True, title__maturity__lte=viewer.maturity_limit)


class WatchEvent(models.Model):
    """One play of a title (of an episode, in a series) by a viewer, as far as it got."""

    class Origin(models.TextChoices):
        HOME = "home", "Home"
        BROWSE = "browse", "Browse"
        TITLE = "title", "Title page"
        SEARCH = "search", "Search"
        CONTINUE = "continue", "Continue watching"
        IMPORT = "import", "Imported"

    viewer = models.ForeignKey(
        "catalog.Viewer", on_delete=models.CASCADE, related_name="watch_events"
    )
    title = models.ForeignKey(
        "catalog.Title", on_delete=models.CASCADE, related_name="watch_events"
    )
    episode = models.ForeignKey(
        "catalog.Episode", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # Chosen by the player when it opens, so that a heartbeat sent twice counts once.
    play_id = models.UUIDField()
    origin = models.CharField(
        max_length=10,
        choices=Origin,
        help_text="Where the play started. Search and continue-watching earn artwork no credit.",
    )
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    position_seconds = models.PositiveIntegerField(default=0)
    watched_seconds = models.PositiveIntegerField(
        default=0, help_text="Seconds of the title that were played, whatever the speed."
    )
    quality_at = models.DateTimeField(
        null=True, blank=True, help_text="When the play passed the quality threshold."
    )
    finished = models.BooleanField(default=False)

    objects = WatchEventQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "play_id"], name="play_once_per_viewer")
        ]
        indexes = [
            models.Index(fields=["viewer", "-started_at"], name="watch_by_viewer"),
            models.Index(fields=["title", "started_at"], name="watch_by_title"),
            models.Index(fields=["viewer", "title", "quality_at"], name="watch_quality"),
            # What is popular now is read off the newest quality plays, from this index alone.
            models.Index(
                fields=["-quality_at"],
                include=["title", "viewer"],
                condition=models.Q(quality_at__isnull=False),
                name="watch_newest_quality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} watched {self.title_id}"
