"""Pictures that are drawn when they are first asked for."""

from django.db import models


class DrawnCard(models.Model):
    """What a picture named after its card shows: enough to draw it, at any time, the same.

    Artwork of this kind has its files' names from the start, and its files from the first request.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    # The fields of catalog.drawing.cards.Card.
    card = models.JSONField()

    def __str__(self) -> str:
        return self.digest
