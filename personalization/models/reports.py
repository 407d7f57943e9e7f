"""Reports: viewers say that a picture misrepresents its title."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PictureReport(models.Model):
    """One viewer's report of one picture. Staff do not see whose it is."""

    class Reason(models.TextChoices):
        MINOR = "minor", _("It shows somebody or something that hardly appears")
        MOOD = "mood", _("It promises another mood or genre")
        SPOILER = "spoiler", _("It gives the story away")
        DEMEANING = "demeaning", _("It demeans somebody")
        WRONG = "wrong", _("It is of something else")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Not upheld")

    viewer = models.ForeignKey("catalog.Viewer", on_delete=models.CASCADE, related_name="reports")
    title = models.ForeignKey("catalog.Title", on_delete=models.CASCADE, related_name="+")
    artwork = models.ForeignKey(
        "catalog.Artwork", null=True, on_delete=models.SET_NULL, related_name="reports"
    )
    reason = models.CharField(max_length=10, choices=Reason)
    words = models.TextField(max_length=500, blank=True, help_text="The sender's own words.")
    sent_at = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        choices=State,
        default=State.WAITING,
        help_text="The sender sees it. Upholding does not withdraw the picture: do that in the "
        "Studio.",
    )
    answer = models.CharField(
        max_length=300, blank=True, help_text="What the sender is told. Leave it empty for none."
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by_name = models.CharField(
        max_length=254, blank=True, help_text="Kept when the account is removed."
    )

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "artwork"],
                condition=models.Q(state="waiting"),
                name="one_waiting_report_per_picture",
            )
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="reports_in_line")]

    def __str__(self) -> str:
        return f"report {self.pk}"
