"""What a viewer says about a title: my list, rating, hidden, watched, put aside.

These are the viewer's own data. They are erased with the profile, and nothing is learnt from them:
no choice of a picture reads one.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfViewer(models.Model):
    """Something that one viewer says about one title."""

    viewer = models.ForeignKey("catalog.Viewer", on_delete=models.CASCADE, related_name="+")
    title = models.ForeignKey("catalog.Title", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class ListedTitle(OfViewer):
    """A title on a viewer's list."""

    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "title"], name="listed_once_per_viewer")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} listed {self.title_id}"


class Rating(OfViewer):
    """How a viewer liked a title. It may shape rows, and never a picture."""

    class Value(models.TextChoices):
        NO = "no", _("Not for me")
        LIKE = "like", _("I like it")
        LOVE = "love", _("I love it")

    value = models.CharField(max_length=4, choices=Value)
    rated_at = models.DateTimeField()

    class Meta:
        ordering = ["-rated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "title"], name="rated_once_per_viewer")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} rated {self.title_id}: {self.value}"


class HiddenTitle(OfViewer):
    """A title that a viewer does not want to be offered."""

    hidden_at = models.DateTimeField()

    class Meta:
        ordering = ["-hidden_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "title"], name="hidden_once_per_viewer")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} hid {self.title_id}"


class PutAside(OfViewer):
    """A title removed from Continue watching. A play that goes on after `at` brings it back."""

    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["viewer", "title"], name="aside_once_per_viewer")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} put {self.title_id} aside"


class WatchedMark(OfViewer):
    """A film or an episode that a viewer marked as watched, or as not watched.

    It stands until a newer play says otherwise. It is no play: nothing is learnt from it.
    """

    episode = models.ForeignKey(
        "catalog.Episode", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    watched = models.BooleanField()
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["-marked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "title", "episode"],
                nulls_distinct=False,
                name="mark_once_per_viewer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} marked {self.title_id}: {self.watched}"
