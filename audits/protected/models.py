"""The walled tables that hold answers. No process that serves pages can read them; use `store`.

The other walled tables (the access log, the allow-list, the keys of commitments, the marks) have no
model: only the functions of `audits.protected.functions` touch them.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Declaration(models.Model):
    """What one subject answered to one attribute: every answer with the instant it counts from.

    The three lists are parallel and in the order of time. An answer counts until the next one's
    instant. A withdrawal deletes the row, and with it every earlier answer.

    Rows of the kind "padding" hold nothing. Each fold of arrivals deletes and adds as many rows
    as it has arrivals, real or padding, so that no counter of PostgreSQL tells whether there was
    anything to change (see `fold_arrivals` in audits.protected.functions).
    """

    class Kind(models.TextChoices):
        VIEWER = "viewer", "Viewer"
        PERSON = "person", "Credited person"
        PADDING = "padding", "Padding"

    kind = models.CharField(max_length=10, choices=Kind)
    # The subject's public id. A foreign key would lead through the wall.
    subject = models.UUIDField()
    attribute = models.CharField(max_length=30)
    answers = ArrayField(models.CharField(max_length=60))
    since = ArrayField(models.DateTimeField())
    synthetic = ArrayField(models.BooleanField())

    class Meta:
        db_table = "declarations"
        default_permissions = ()  # Django's permissions do not apply here
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "attribute"], name="declared_once_per_attribute"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["viewer", "person", "padding"]),
                name="declaration_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["kind", "attribute"], name="declaration_by_attribute")]

    def __str__(self) -> str:
        return f"a declaration of {self.attribute}"  # neither its value nor its person


class Arrival(models.Model):
    """One declaration or withdrawal as the web role handed it in; it waits to be folded in.

    The web role only ever adds a row here, so that nothing it can see depends on what was declared
    before. A withdrawal has no answer; one of every attribute has an empty attribute.
    """

    kind = models.CharField(max_length=10)
    subject = models.UUIDField()
    attribute = models.CharField(max_length=30, blank=True)
    answer = models.CharField(max_length=60, null=True)  # noqa: DJ001 - null is a withdrawal
    synthetic = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "arrivals"
        default_permissions = ()

    def __str__(self) -> str:
        return f"an arrival about {self.attribute or 'every attribute'}"
