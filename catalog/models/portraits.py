"""Pictures that people upload for their profiles."""

from django.db import models


class Portrait(models.Model):
    """A profile's own picture: square, small, encoded anew. It goes when the profile goes.

    In the database and not in a file, so that whatever removes a profile removes its picture.
    """

    viewer = models.OneToOneField("Viewer", on_delete=models.CASCADE, related_name="portrait")
    webp = models.BinaryField()

    def __str__(self) -> str:
        return f"{len(self.webp)} bytes"
