"""From what age a title is for: what a title is rated, and what a profile is limited to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Maturity(models.IntegerChoices):
    ALL = 0, _("All ages")
    SEVEN = 7, _("7+")
    TWELVE = 12, _("12+")
    SIXTEEN = 16, _("16+")
    EIGHTEEN = 18, _("18+")


CHILD_MATURITY = Maturity.SEVEN
ANY_MATURITY = Maturity.EIGHTEEN
