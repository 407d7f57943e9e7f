"""The staff's admin: models, nights, their schedule, sealed days, erasures, journal, reports."""

from personalization.admin.erasing import ErasureAdmin, SealedDayRewriteAdmin
from personalization.admin.journal import DecisionAdmin, SealedDayAdmin, WindowAdmin
from personalization.admin.nights import NightAdmin
from personalization.admin.registry import ModelVersionAdmin
from personalization.admin.reports import PictureReportAdmin
from personalization.admin.schedules import ResultAdmin, ScheduledTaskAdmin

__all__ = [
    "DecisionAdmin",
    "ErasureAdmin",
    "ModelVersionAdmin",
    "NightAdmin",
    "PictureReportAdmin",
    "ResultAdmin",
    "ScheduledTaskAdmin",
    "SealedDayAdmin",
    "SealedDayRewriteAdmin",
    "WindowAdmin",
]
