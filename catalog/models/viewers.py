"""Viewers: the profiles of an account."""

import uuid

from django.conf import settings
from django.db import models

CHILD_MATURITY = 7
ANY_MATURITY = 18


class Viewer(models.Model):
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="viewers"
    )
    name = models.CharField(max_length=40)
    # The only name by which anything outside the catalogue may know this viewer.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    colour = models.CharField(max_length=7, default="#e0a526")
    is_child = models.BooleanField(
        default=False, help_text="Shows titles up to 7+, and artwork that is not personal."
    )
    personalised = models.BooleanField(
        default=True, help_text="Choose artwork from what this profile watched."
    )
    # How many different titles have a quality play by this viewer. Every page needs it to know
    # its window. The watch actions add to it; a trigger of WatchEvent counts after deletions.
    history_length = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    synthetic = models.BooleanField(default=False, help_text="Invented for the demo.")
    source = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"], name="viewer_name_once_per_account"
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="viewer_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def maturity_limit(self) -> int:
        """The highest maturity rating that this viewer is shown."""
        return CHILD_MATURITY if self.is_child else ANY_MATURITY
