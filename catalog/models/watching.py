"""Watch events: the only personal input to personalisation."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.viewers import Viewer


class WatchEventQuerySet(models.QuerySet["WatchEvent"]):
    def visible_to(self, viewer: Viewer) -> "WatchEventQuerySet":
        """Keep the plays of titles that this viewer may see now."""
        return self.filter(title__published=True, title__maturity__lte=viewer.maturity_limit)

    def begun(self) -> "WatchEventQuerySet":
        """Keep the plays that played something. A player that was only opened played nothing."""
        return self.filter(watched_seconds__gt=0)


# Rows are deleted by viewers, by editors who delete a title, and by bulk and cascading deletions.
# The database counts after all of them. The viewers' rows are locked in the order of their ids, so
# that two such deletions cannot deadlock.
COUNT_HISTORIES_AGAIN = """
    PERFORM FROM catalog_viewer
    WHERE id IN (SELECT viewer_id FROM removed WHERE quality_at IS NOT NULL)
    ORDER BY id FOR NO KEY UPDATE;
    UPDATE catalog_viewer AS viewer SET history_length = (
        SELECT count(DISTINCT title_id) FROM catalog_watchevent
        WHERE viewer_id = viewer.id AND quality_at IS NOT NULL
    )
    WHERE id IN (SELECT viewer_id FROM removed WHERE quality_at IS NOT NULL);
    RETURN NULL;
"""

# A play that goes on past an instant keeps how far it had come by then.
KEEP_HOW_FAR = """
    INSERT INTO catalog_playbefore (play_id, watched_seconds, last_at, until)
    SELECT OLD.id, OLD.watched_seconds, OLD.last_at, NEW.last_at
    WHERE EXISTS (
        SELECT FROM catalog_instant WHERE at >= OLD.last_at AND at < NEW.last_at
    );
    RETURN NULL;
"""


class WatchEvent(models.Model):
    """One play of a film or an episode by a viewer, and how far it got."""

    class Origin(models.TextChoices):
        HOME = "home", _("Home")
        BROWSE = "browse", _("Browse")
        TITLE = "title", _("Title page")
        SEARCH = "search", _("Search")
        CONTINUE = "continue", _("Continue watching")
        IMPORT = "import", _("Imported")

    # Indexes of several columns begin with these two, so they need none of their own.
    viewer = models.ForeignKey(
        "catalog.Viewer", on_delete=models.CASCADE, related_name="watch_events", db_index=False
    )
    title = models.ForeignKey(
        "catalog.Title", on_delete=models.CASCADE, related_name="watch_events", db_index=False
    )
    # Editors delete a season to enter it again: what people watched of the series stays.
    episode = models.ForeignKey(
        "catalog.Episode", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The player chooses it when it opens, so that a heartbeat sent twice counts once.
    play_id = models.UUIDField()
    origin = models.CharField(
        max_length=10,
        choices=Origin,
        help_text="Where the play started. Plays from search and continue-watching earn artwork "
        "no credit.",
    )
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    position_seconds = models.PositiveIntegerField(default=0)
    watched_seconds = models.PositiveIntegerField(
        default=0, help_text="Seconds of the title that were played, at any speed."
    )
    quality_at = models.DateTimeField(
        null=True, blank=True, help_text="When the play passed the quality threshold."
    )
    finished = models.BooleanField(default=False)

    objects = WatchEventQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        triggers = [
            pgtrigger.Trigger(
                name="count_histories_again",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(old="removed"),  # type: ignore[no-untyped-call]
                func=COUNT_HISTORIES_AGAIN,
            ),
            pgtrigger.Trigger(
                name="keep_how_far",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("watched_seconds"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(
                    old__quality_at__isnull=False,
                    old__watched_seconds__df=pgtrigger.F("new__watched_seconds"),
                ),
                func=KEEP_HOW_FAR,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "play_id"], name="play_once_per_viewer")
        ]
        indexes = [
            models.Index(fields=["viewer", "-started_at"], name="watch_by_viewer"),
            models.Index(fields=["title", "started_at"], name="watch_by_title"),
            models.Index(fields=["viewer", "title", "quality_at"], name="watch_quality"),
            # "Popular" is counted from the newest quality plays, by this index alone.
            models.Index(
                fields=["-quality_at"],
                include=["title", "viewer"],
                condition=models.Q(quality_at__isnull=False),
                name="watch_newest_quality",
            ),
            # "People who liked" reads who played a title lately, and what these people played
            # lately: a hundred times, so by an index alone.
            models.Index(
                fields=["title", "-started_at"],
                include=["viewer"],
                condition=models.Q(quality_at__isnull=False),
                name="watch_quality_of_title",
            ),
            models.Index(
                fields=["viewer", "-started_at"],
                include=["title"],
                condition=models.Q(quality_at__isnull=False),
                name="watch_quality_of_viewer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} watched {self.title_id}"


class Instant(models.Model):
    """A moment as of which histories must be readable later: an audit fixed it."""

    at = models.DateTimeField(unique=True)

    def __str__(self) -> str:
        return self.at.isoformat()


class PlayBefore(models.Model):
    """How far a play had come at an instant, kept when it went on. It goes with the play."""

    play = models.ForeignKey(WatchEvent, on_delete=models.CASCADE, related_name="before")
    watched_seconds = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    until = models.DateTimeField(help_text="When the play was next reported.")

    def __str__(self) -> str:
        return f"play {self.play_id} until {self.until.isoformat()}"
