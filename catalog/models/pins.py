"""How often a PIN was guessed wrongly, so that guessing takes longer and longer."""

from django.conf import settings
from django.db import models


class PinGuesses(models.Model):
    """The wrong PINs of one account in a row, entered from one profile.

    Without a viewer: entered where no profile was chosen, or where the profile was removed.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pin_guesses"
    )
    viewer = models.ForeignKey("Viewer", on_delete=models.CASCADE, null=True, related_name="+")
    wrong = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "PIN guesses"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "viewer"],
                nulls_distinct=False,
                name="pin_guesses_once_per_profile",
            )
        ]

    def __str__(self) -> str:
        return f"{self.wrong} wrong"
